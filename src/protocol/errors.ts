/**
 * The one table of error codes. A code's number and name never change; its words may.
 * `ends` says what an error does: 'request' is answered with `error` and the connection stays,
 * 'connection' is said with `goodbye` and the connection closes.
 */
export const errorCodes = {
  unknown: { number: 0, ends: 'request', meaning: 'a code this program does not know' },

  badMagic: { number: 1, ends: 'connection', meaning: 'a frame did not begin with 12345678' },
  badVersion: { number: 2, ends: 'connection', meaning: 'a frame of a version not spoken here' },
  badSerializer: { number: 3, ends: 'connection', meaning: "the serializer is not the version's" },
  frameTooLong: { number: 4, ends: 'connection', meaning: 'a length above 65,525 bytes' },
  badPayload: { number: 5, ends: 'connection', meaning: 'the payload breaks its message’s form' },
  timedOut: { number: 6, ends: 'connection', meaning: 'nothing was heard for too long' },
  stopping: { number: 7, ends: 'connection', meaning: 'the server stops; come back later' },
  revoked: { number: 8, ends: 'connection', meaning: 'the session was ended elsewhere' },
  tooManyConnections: {
    number: 9,
    ends: 'connection',
    meaning: 'too many of an address or an account',
  },
  plaintextRefused: { number: 10, ends: 'connection', meaning: 'this server wants TLS' },
  failed: { number: 11, ends: 'connection', meaning: 'a fault of the server; its log has more' },

  unknownCommand: { number: 32, ends: 'request', meaning: 'a command this server does not know' },
  notLoggedIn: { number: 33, ends: 'request', meaning: 'log in first' },
  alreadyLoggedIn: { number: 34, ends: 'request', meaning: 'this connection is logged in' },
  wrongLogin: { number: 35, ends: 'request', meaning: 'name or password is wrong' },
  badToken: { number: 36, ends: 'request', meaning: 'the session has ended; log in again' },
  nameTaken: { number: 37, ends: 'request', meaning: 'the name belongs to someone else' },
  badName: { number: 38, ends: 'request', meaning: 'not a name: see the rule for names' },
  weakPassword: { number: 39, ends: 'request', meaning: 'the password is too short' },
  unknownUser: { number: 40, ends: 'request', meaning: 'there is no such user' },
  unknownGroup: { number: 41, ends: 'request', meaning: 'there is no such group' },
  unknownConversation: { number: 42, ends: 'request', meaning: 'there is no such conversation' },
  notMember: { number: 43, ends: 'request', meaning: 'only members may do that' },
  emptyText: { number: 44, ends: 'request', meaning: 'a message needs a text' },
  nonceReused: { number: 45, ends: 'request', meaning: 'the nonce was used for something else' },
  badRequest: { number: 46, ends: 'request', meaning: 'a field has a value that cannot be' },
  rateLimited: { number: 47, ends: 'request', meaning: 'too much at once; try again later' },
  tooMany: { number: 48, ends: 'request', meaning: 'a list is at its limit' },
  unavailable: { number: 49, ends: 'request', meaning: 'the store cannot take that now' },
  registrationClosed: { number: 50, ends: 'request', meaning: 'no accounts are made here' },
  badInvite: { number: 51, ends: 'request', meaning: 'the invite is unknown, used up or expired' },
  blocked: { number: 52, ends: 'request', meaning: 'that user does not take messages from you' },
  notAllowed: { number: 53, ends: 'request', meaning: 'your role does not allow that' },
  banned: { number: 54, ends: 'request', meaning: 'you were banned from there' },
  unknownEntry: { number: 55, ends: 'request', meaning: 'there is no such message' },
  storageFull: { number: 56, ends: 'request', meaning: 'the server has no room for more' },
  inviteNeeded: { number: 57, ends: 'request', meaning: 'one enters there by invitation only' },
} as const satisfies Record<string, ErrorRow>

type ErrorRow = { number: number; ends: 'request' | 'connection'; meaning: string }

export type ErrorCode = keyof typeof errorCodes

/** What went wrong, in words for people. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** A request that cannot be done: becomes an `error` answer with the request's id. */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  readonly code: ErrorCode
  /** Milliseconds until it makes sense to try again; 0 when waiting does not help. */
  readonly retryMs: number

  constructor(code: ErrorCode, text: string = errorCodes[code].meaning, retryMs = 0) {
    super(text)
    this.code = code
    this.retryMs = retryMs
  }
}

/** Bytes that break the protocol: the peer is told with `goodbye`, then the connection closes. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, text: string = errorCodes[code].meaning) {
    super(text)
    this.code = code
  }
}
