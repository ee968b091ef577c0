/** How many 16-bit groups of an IPv6 address name its owner's network: the first 64 bits. */
const NETWORK_GROUPS = 4

/**
 * What connections of one address are counted by: an IPv4 address, also when it comes mapped into
 * IPv6, or an IPv6 network of 64 bits, since whoever has one address of it has them all.
 */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!address.includes(':')) return address
  const [plain = ''] = address.split('%')
  return groupsOf(plain).slice(0, NETWORK_GROUPS).join(':')
}

function groupsOf(address: string): string[] {
  const [left = '', right] = address.split('::')
  const before = left === '' ? [] : left.split(':')
  if (right === undefined) return before
  const after = right === '' ? [] : right.split(':')
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}
