import type { ErrorCode } from '../protocol/errors.ts'
import type {
  ClientMessage,
  ClientMessageType,
  DraftMessage,
  MessageOf,
  messages,
  User,
} from '../protocol/messages.ts'
import type { Services } from './services.ts'
import type { Subscriber } from './subscriber.ts'

/** What a handler is and what it is handed; dispatch.ts has the table of them. */

/** The connection that asks, as far as a handler may know it. */
export interface Caller {
  /** Unique among the connections of all nodes. */
  readonly id: string
  /** The address that log-in attempts are counted by. */
  readonly address: string
  /** Who is logged in. */
  readonly user: User | undefined
  /** Of the session that the connection belongs to. */
  readonly tokenHash: Buffer
  /**
   * The connection becomes this user's; nothing is pushed before the answer.
   * @throws ChatError tooManyConnections, badToken
   */
  enter(user: User, tokenHash: Buffer): Promise<void>
  /** The connection is a guest's again: nothing more is pushed to it. */
  leave(): void
  /** The same at once; and when the answer is sent, why is said and the connection closes. */
  leaveAfterAnswer(code: ErrorCode): void
}

/** A logged-in connection. */
export type LoggedIn = Readonly<{ user: User; subscriber: Subscriber }>

export type GuestContext = Services & Readonly<{ caller: Caller }>
export type MemberContext = GuestContext & LoggedIn

/** A frame whose command is no request of this version. */
export type UnknownRequest = Readonly<{ type: 'unknown'; request: number; command: number }>

/** What a client asked, whether it can be done or not. */
export type Incoming = ClientMessage | UnknownRequest

type AnswerType<T extends ClientMessageType> = (typeof messages)[T]['answer']

/** The answer without its request id, which is added here. */
export type Answer<T extends ClientMessageType> = DraftMessage<AnswerType<T>>

type Row<T extends ClientMessageType> = Readonly<{
  /**
   * In messages, for the rate of rule 14: in proportion to what it takes, a part for what is
   * cheaper; where it depends on what is asked, as the request says it.
   */
  cost: number | ((message: MessageOf<T>) => number)
  /** Runs when everything earlier is answered, and nothing later begins before it is. */
  alone?: true
  /** Takes the store long: few of an account run at a time. */
  long?: true
}>

/**
 * One request. `run` must call the store before it awaits anything, so that requests of one
 * connection reach the store in the order in which they came.
 */
export type GuestRow<T extends ClientMessageType> = Row<T> &
  Readonly<{
    needs: 'guest' | 'any'
    run: (context: GuestContext, message: MessageOf<T>) => Promise<Answer<T>> | Answer<T>
  }>

export type MemberRow<T extends ClientMessageType> = Row<T> &
  Readonly<{
    needs: 'member'
    run: (context: MemberContext, message: MessageOf<T>) => Promise<Answer<T>> | Answer<T>
  }>
