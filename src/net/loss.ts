import { ChatError, type ErrorCode, ProtocolError } from '../protocol/errors.ts'
import { ChangedKeyError, UntrustedKeyError } from './dial.ts'
import { DisconnectedError } from './requests.ts'
import { GoodbyeError } from './session.ts'

/**
 * Why a connection ended or did not come about, and what follows: `passing`: trying again helps,
 * after `retryMs` at the earliest; `final`: it does not, a person must do something; `sessionOver`:
 * the token is worthless.
 */
export type Loss = Readonly<{
  kind: 'passing' | 'final' | 'sessionOver'
  error: Error
  retryMs: number
}>

const SESSION_OVER: ReadonlySet<ErrorCode | undefined> = new Set([
  'badToken',
  'revoked',
  'banned',
] as const)
const FINAL: ReadonlySet<ErrorCode | undefined> = new Set([
  'badMagic',
  'badVersion',
  'badSerializer',
  'plaintextRefused',
] as const)

/** Why a connection was lost, and what follows from that. */
export function lossOf(thrown: unknown): Loss {
  const error = reasonOf(thrown)
  return { kind: kindOf(error), error, retryMs: error instanceof ChatError ? error.retryMs : 0 }
}

/** What is behind a lost connection, when the server or the protocol said so. */
function reasonOf(thrown: unknown): Error {
  if (!(thrown instanceof Error)) return new Error(String(thrown))
  const { cause } = thrown
  const told = cause instanceof GoodbyeError || cause instanceof ProtocolError
  return thrown instanceof DisconnectedError && told ? cause : thrown
}

function kindOf(error: Error): Loss['kind'] {
  if (error instanceof ChangedKeyError || error instanceof UntrustedKeyError) return 'final'
  const code = codeOf(error)
  if (SESSION_OVER.has(code)) return 'sessionOver'
  return FINAL.has(code) ? 'final' : 'passing'
}

function codeOf(error: Error): ErrorCode | undefined {
  const hasCode =
    error instanceof ChatError || error instanceof GoodbyeError || error instanceof ProtocolError
  return hasCode ? error.code : undefined
}
