import { networkInterfaces } from 'node:os'
import type { Address } from '../net/address.ts'
import { isLoopback } from '../net/tls.ts'

/** An address of one of this machine's network interfaces, as the system names it. */
export type InterfaceAddress = Readonly<{
  address: string
  family: string
  internal: boolean
}>

/** Where a server is found: by others, and on this machine. */
export type Places = Readonly<{ colleagues: readonly Address[]; here: Address | undefined }>

/**
 * The addresses at which a server is found. Link-local ones are left out: they need the name of an
 * interface, which differs from machine to machine.
 *
 * @param bound the address that the server listens on; `::` and `0.0.0.0` stand for all
 */
export function placesOf(
  bound: string,
  port: number,
  interfaces: readonly InterfaceAddress[] = interfaceAddresses(),
): Places {
  if (bound !== '::' && bound !== '0.0.0.0') {
    const place = { host: bound, port }
    return isLoopback(bound)
      ? { colleagues: [], here: place }
      : { colleagues: [place], here: undefined }
  }
  const reachable = interfaces.filter(
    ({ address, family, internal }) =>
      !internal && !isLinkLocal(address) && (bound === '::' || family === 'IPv4'),
  )
  const ordered = reachable.toSorted((a, b) => Number(isV6(a)) - Number(isV6(b)))
  const colleagues = ordered.map(({ address }) => ({ host: address, port }))
  return { colleagues, here: { host: '127.0.0.1', port } }
}

/** What can be pasted into a shell, for an address or a share line. */
export function connectCommandTo(where: string): string {
  return `npx tchat connect ${where}`
}

function interfaceAddresses(): InterfaceAddress[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
}

/** RFC 3927 and RFC 4291 §2.5.6. */
function isLinkLocal(address: string): boolean {
  return /^169\.254\.|^fe[89ab][0-9a-f]:/i.test(address)
}

function isV6({ family }: InterfaceAddress): boolean {
  return family === 'IPv6'
}
