import { ChatError, type ErrorCode } from '../../protocol/errors.ts'
import type { Entry } from '../../protocol/messages.ts'
import type { Upgrade } from './database.ts'
import type { SearchSource } from './search/source.ts'
import type { Appended, NewText, Store } from './store.ts'
import type { RoomChange } from './upkeep/room.ts'

/** What crosses between the store's two threads: arrays of calls, and arrays of their answers. */

/** What the store's thread carries out: the port's calls, and what search asks of it. */
type Carried = Omit<Store, 'close' | 'backup' | 'verify' | 'search'> & SearchSource

export type Method = keyof Carried

/** What a method is called with, in a form that is cheap to send. */
export type Input<M extends Method> = M extends 'append' ? [text: SentText] : Parameters<Carried[M]>

/** The nonce in Latin-1, a character for each byte: a Buffer costs ten times as much to send. */
export type SentText = Omit<NewText, 'nonce'> & Readonly<{ nonce: string }>

export type Output<M extends Method> = Awaited<ReturnType<Carried[M]>>

export type Call = { [M in Method]: readonly [method: M, ...input: Input<M>] }[Method]

/** What carries out the calls of one kind, at once and within a transaction. */
export type Operations = { readonly [M in Method]: (...input: Input<M>) => Output<M> }

export type Order =
  | Readonly<{ kind: 'calls'; calls: readonly Call[] }>
  | Readonly<{ kind: 'close' }>

/** Where the server is that has the folder, as far as that is known. */
export type Served = Readonly<{ address: string | undefined; key: string | undefined }>

/** What an operator should know of the folder as it was opened. */
export type Found = Readonly<{
  upgrade: Upgrade | undefined
  /** Of the folder, in octal digits, when others than its owner may look into it. */
  mode: string | undefined
  /** There is no room for more from the beginning. */
  room: RoomChange | undefined
}>

/** What the worker says. */
export type WorkerMessage =
  | Readonly<{ kind: 'opened'; found: Found }>
  /** It cannot be opened, said for people. */
  | Readonly<{ kind: 'refused'; reason: string; served?: Served }>
  | Readonly<{ kind: 'room'; change: RoomChange }>
  /** Why the database cannot be reached now; undefined: it can be again. */
  | Readonly<{ kind: 'away'; reason: string | undefined }>
  | Answers

export type Answers = Readonly<{
  kind: 'answers'
  /** In the order of the calls. */
  answers: readonly unknown[]
  appended: readonly (Appended | AppendedText)[]
  /** What went wrong that no caller is to blame for: for the server's log. */
  faults: readonly string[]
  /** How long it took, milliseconds. */
  tookMs?: number
}>

/** What an `append` appended, without what the caller's side knows already. */
export type AppendedText = Readonly<{
  /** Which of the calls it was. */
  at: number
  name: string
  n: number
  between: Appended['between']
  /** Undefined for most. */
  more?: TextMore
}>

/** What few texts have. */
export type TextMore = Pick<Entry, 'target' | 'mentions'>

/** An answer that is a refusal, in a form that can be sent to another thread. */
export class Refusal {
  readonly refused: ErrorCode
  readonly text: string
  readonly retryMs: number

  constructor({ code, message, retryMs }: ChatError) {
    this.refused = code
    this.text = message
    this.retryMs = retryMs
  }
}

/** After so long it makes sense to ask again: a person may have made room, or started it again. */
const RETRY_MS = 1_000

/** The refusal of a call that may well be carried out a little later. */
export function unavailable(): ChatError {
  return new ChatError('unavailable', undefined, RETRY_MS)
}

/** The error in an answer, when it is a refusal. */
export function refusalIn(answer: unknown): ChatError | undefined {
  if (typeof answer !== 'object' || answer === null || !('refused' in answer)) return undefined
  const { refused, text, retryMs } = answer as Refusal
  return new ChatError(refused, text, retryMs)
}

/** Between threads a Buffer becomes a Uint8Array: this is one again. */
export function withBuffer(entry: Entry): Entry {
  const { buffer, byteOffset, byteLength } = entry.nonce
  return { ...entry, nonce: Buffer.from(buffer, byteOffset, byteLength) }
}
