import { formatAddress } from '../../net/address.ts'
import { ChangedKeyError, OtherKeyError, UntrustedKeyError } from '../../net/dial.ts'
import { DialError } from '../../net/dial-error.ts'
import { PrivateFileError } from '../../net/files/private-file.ts'
import { WithdrawnError } from '../../net/library/deliveries.ts'
import { SessionOverError } from '../../net/library/standing.ts'
import { DisconnectedError } from '../../net/requests.ts'
import { GoodbyeError } from '../../net/session.ts'
import { ChatError, type ErrorCode, ProtocolError } from '../../protocol/errors.ts'
import { Failure } from '../errors.ts'

/** What would be right, where the server's words do not say it. */
const hints: { readonly [Code in ErrorCode]?: string } = {
  wrongLogin: 'check --user and the password',
  nameTaken: 'leave --register out if it is yours, or choose another',
  unknownUser: 'is the name right?',
  unknownGroup: "'tchat groups find' lists the public ones",
  notMember: "'tchat groups join' enters a group",
  inviteNeeded: "'tchat groups join GROUP INVITE' enters it",
  storageFull: 'its operator must make room',
}

/**
 * What went wrong at a server, in one line for people; faults of this program stay what they are.
 * @param where the server, and what was to be done there
 */
export function failureOf(error: unknown, where: string): unknown {
  if (error instanceof ChatError) return new Failure(`${where}: ${hinted(error)}`)
  if (error instanceof WithdrawnError) return new Failure(`${where}: ${withdrawn(error)}`)
  if (error instanceof GoodbyeError || error instanceof ProtocolError) {
    return new Failure(`${where} closed the connection: ${error.message}`)
  }
  if (error instanceof SessionOverError) {
    return new Failure(
      `${where}: the session is over (${error.message}); log in again: 'tchat login'`,
    )
  }
  if (error instanceof DisconnectedError) {
    return new Failure(`${where}: ${error.message}: is it a tchat server, and does it run?`)
  }
  return keyFailureOf(error)
}

function keyFailureOf(error: unknown): unknown {
  if (error instanceof UntrustedKeyError) {
    return new Failure(
      `${error.message}: if that is what the server printed, say --trust ${error.fingerprint}`,
    )
  }
  if (error instanceof ChangedKeyError) {
    const where = formatAddress(error.address)
    return new Failure(
      `${error.message}: nothing was sent; if you know why ${where} has another key, say --trust ${error.fingerprint}`,
    )
  }
  const isForPeople =
    error instanceof DialError ||
    error instanceof OtherKeyError ||
    error instanceof PrivateFileError
  return isForPeople ? new Failure(error.message) : error
}

/** A refusal is about what it names; why a session ended says what to do. */
function withdrawn({ message, cause, tried }: WithdrawnError): string {
  if (!(cause instanceof SessionOverError)) return message
  const what = tried ? 'the message was taken back, but may have arrived' : 'nothing was sent'
  return `the session is over (${cause.message}); ${what}; log in again: 'tchat login'`
}

function hinted({ code, message }: ChatError): string {
  const hint = hints[code]
  return hint === undefined ? message : `${message}: ${hint}`
}
