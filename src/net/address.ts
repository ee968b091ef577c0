import { isIP, isIPv6 } from 'node:net'

/** Where a server is. `host`: a name or an IP address, without brackets. */
export type Address = Readonly<{ host: string; port: number }>

export const DEFAULT_PORT = 8000

const PORT_MAX = 65_535
/** RFC 1035 §2.3.4, in characters. */
const HOST_CHARS_MAX = 253
/** RFC 1035 labels, with underscores, and any letter: a name may be written in its own script. */
const LABEL = /^[\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}_-]{0,61}[\p{L}\p{N}\p{M}_])?$/u

/**
 * `host`, `host:port`, `[v6]`, `[v6]:port`, or a bare IPv6 address.
 * @throws TypeError that says what is wrong and what would be right
 */
export function parseAddress(text: string, defaultPort = DEFAULT_PORT): Address {
  const trimmed = text.trim()
  if (trimmed === '') throw wrong(text, 'it is empty')
  if (trimmed.startsWith('[')) return parseBracketed(text, trimmed, defaultPort)
  if (isIPv6(trimmed)) return { host: lowerV6(trimmed), port: defaultPort }
  const [host = '', port, ...more] = trimmed.split(':')
  if (more.length > 0) throw wrong(text, 'an IPv6 address with a port needs brackets')
  return {
    host: parseHost(text, host),
    port: port === undefined ? defaultPort : parsePort(text, port),
  }
}

/** The one form in which an address is shown and kept: the port is always there. */
export function formatAddress(address: Address): string {
  const { host, port } = address
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}

function parseBracketed(text: string, trimmed: string, defaultPort: number): Address {
  const [, host, port] = /^\[([^\]]*)\](?::(.*))?$/.exec(trimmed) ?? []
  if (host === undefined) throw wrong(text, "what begins with '[' must be [IPv6] or [IPv6]:port")
  if (!isIPv6(host)) throw wrong(text, `'${host}' is not an IPv6 address`)
  return {
    host: lowerV6(host),
    port: port === undefined ? defaultPort : parsePort(text, port),
  }
}

/** A zone (`%eth0`) names an interface, as it is written. */
function lowerV6(host: string): string {
  const [address = '', zone] = host.split('%')
  return zone === undefined ? address.toLowerCase() : `${address.toLowerCase()}%${zone}`
}

function parseHost(text: string, host: string): string {
  if (host === '') throw wrong(text, 'the host is missing')
  if (/^[\d.]+$/.test(host)) {
    if (isIP(host) === 0) throw wrong(text, `'${host}' is not an IPv4 address`)
    return host
  }
  const labels = host.replace(/\.$/, '').split('.')
  if (host.length > HOST_CHARS_MAX || !labels.every((label) => LABEL.test(label))) {
    throw wrong(text, `'${host}' is not a host name`)
  }
  return host.toLowerCase()
}

function parsePort(text: string, port: string): number {
  const number = Number(port)
  if (!/^\d{1,5}$/.test(port) || number < 1 || number > PORT_MAX) {
    throw wrong(text, `the port '${port}' is not a number from 1 to ${PORT_MAX}`)
  }
  return number
}

function wrong(text: string, why: string): TypeError {
  return new TypeError(
    `'${text}' is not an address: ${why}. Write HOST, HOST:PORT or [IPv6]:PORT, for example chat.example.org:${DEFAULT_PORT}`,
  )
}
