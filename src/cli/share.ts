import { networkInterfaces } from 'node:os'
import { formatAddress } from '../net/address.ts'
import { isLoopback } from '../net/tls.ts'

/** An address of one of this machine's network interfaces, as the system names it. */
export type InterfaceAddress = Readonly<{
  address: string
  family: string
  internal: boolean
}>

export type ShareLines = Readonly<{ colleagues: readonly string[]; here: string | undefined }>

/**
 * The lines that colleagues can paste, and the one for this machine. Link-local addresses are left
 * out: they need the name of an interface, which differs from machine to machine.
 *
 * @param bound the address that the server listens on; `::` and `0.0.0.0` stand for all
 */
export function shareLines(
  bound: string,
  port: number,
  interfaces: readonly InterfaceAddress[] = interfaceAddresses(),
): ShareLines {
  const line = (host: string) => `npx tchat connect ${formatAddress({ host, port })}`
  if (bound !== '::' && bound !== '0.0.0.0') {
    const local = isLoopback(bound)
    return { colleagues: local ? [] : [line(bound)], here: local ? line(bound) : undefined }
  }
  const reachable = interfaces.filter(
    ({ address, family, internal }) =>
      !internal && !isLinkLocal(address) && (bound === '::' || family === 'IPv4'),
  )
  const ordered = reachable.toSorted((a, b) => Number(isV6(a)) - Number(isV6(b)))
  return { colleagues: ordered.map(({ address }) => line(address)), here: line('127.0.0.1') }
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
