import { BlockList, isIP } from 'node:net'

/** What both sides of a TLS connection agree on. */

/** Node's default, said aloud so that no flag or environment variable lowers it. */
export const TLS_OPTIONS = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' } as const

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/**
 * Whether an IP address is this machine's own (rule 15): 127.0.0.0/8, ::1, ::ffff:127.*. A name is
 * not an address: look it up first.
 */
export function isLoopback(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return isLoopback(mapped)
  const family = isIP(address)
  return family !== 0 && loopback.check(address, family === 4 ? 'ipv4' : 'ipv6')
}
