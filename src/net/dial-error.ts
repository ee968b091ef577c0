import { type Address, formatAddress } from './address.ts'

/** What can go wrong on the way to a server; stable, unlike the words. */
export type DialErrorKind =
  | 'refused'
  | 'notFound'
  | 'unreachable'
  | 'timedOut'
  | 'notTls'
  | 'closed'
  | 'aborted'
  | 'failed'

/** No connection came about. `message` is one line for people. */
export class DialError extends Error {
  override readonly name = 'DialError'
  readonly kind: DialErrorKind
  readonly address: Address

  constructor(kind: DialErrorKind, address: Address, cause?: Error) {
    super(words[kind](address, cause), { cause })
    this.kind = kind
    this.address = address
  }
}

/** What the system said of a connection that failed, as an error with the reason for people. */
export function dialErrorOf(
  error: Error,
  address: Address,
  security: 'tls' | 'plaintext',
): DialError {
  return new DialError(kindOf(codeOf(error), security), address, error)
}

const words: Record<DialErrorKind, (address: Address, cause: Error | undefined) => string> = {
  refused: (to) =>
    `nothing listens at ${formatAddress(to)}: is the server running, and the port right?`,
  notFound: ({ host }) => `there is no host '${host}': is the name right, and the network up?`,
  unreachable: (to) => `no way to ${formatAddress(to)}: is the network up?`,
  timedOut: (to) =>
    `${formatAddress(to)} did not answer in time: is the address right, or a firewall in between?`,
  notTls: (to) => `${formatAddress(to)} does not speak TLS: is it a tchat server?`,
  closed: (to) =>
    `${formatAddress(to)} closed the connection at once: is it a tchat server, and not too busy?`,
  aborted: (to) => `connecting to ${formatAddress(to)} was given up`,
  failed: (to, cause) =>
    `cannot connect to ${formatAddress(to)}: ${cause?.message ?? 'no reason given'}`,
}

const kindByCode: Readonly<Record<string, DialErrorKind>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'notFound',
  EAI_AGAIN: 'notFound',
  EAI_NODATA: 'notFound',
  EAI_NONAME: 'notFound',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'timedOut',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
}

function kindOf(code: string, security: 'tls' | 'plaintext'): DialErrorKind {
  const known = kindByCode[code]
  if (known !== undefined) return known
  return security === 'tls' && /^(?:EPROTO|ERR_SSL_|ERR_TLS_)/.test(code) ? 'notTls' : 'failed'
}

/** All addresses of a host failed: the first tells. */
function codeOf(error: Error & { code?: unknown }): string {
  if (typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) {
    const [first] = error.errors
    return first instanceof Error ? codeOf(first) : ''
  }
  return ''
}
