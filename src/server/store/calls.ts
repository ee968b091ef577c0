import { ChatError, type ErrorCode } from '../../protocol/errors.ts'
import type { Entry } from '../../protocol/messages.ts'
import type { Appended, Store } from './store.ts'

/** What crosses between the store's two threads: arrays of calls, and arrays of their answers. */

export type Method = Exclude<keyof Store, 'close'>

/** A method and its parameters. */
export type Call = { [M in Method]: readonly [M, ...Parameters<Store[M]>] }[Method]

/** What carries out the calls of one kind, at once and within a transaction. */
export type Operations = {
  readonly [M in Method]: (...parameters: Parameters<Store[M]>) => Awaited<ReturnType<Store[M]>>
}

export type Order =
  | Readonly<{ kind: 'calls'; calls: readonly Call[] }>
  | Readonly<{ kind: 'close' }>

export type Report =
  | Readonly<{ kind: 'opened' }>
  /** It cannot be opened, said for people. */
  | Readonly<{ kind: 'refused'; reason: string; served: boolean }>
  /** Answers in the order of the calls. */
  | Readonly<{
      kind: 'answers'
      answers: readonly Answer[]
      appended: readonly Appended[]
      /** What went wrong that nobody asked for: for the server's log. */
      faults: readonly string[]
    }>

export type Answer = unknown

/** An answer that is a refusal, in a form that can be sent to another thread. */
export class Refusal {
  readonly refused: ErrorCode
  readonly text: string

  constructor({ code, message }: ChatError) {
    this.refused = code
    this.text = message
  }
}

/** The error in an answer, when it is a refusal. */
export function refusalIn(answer: Answer): ChatError | undefined {
  if (typeof answer !== 'object' || answer === null || !('refused' in answer)) return undefined
  const { refused, text } = answer as Refusal
  return new ChatError(refused, text)
}

/** Between threads a Buffer becomes a Uint8Array: this is one again. */
export function withBuffer(entry: Entry): Entry {
  const { buffer, byteOffset, byteLength } = entry.nonce
  return { ...entry, nonce: Buffer.from(buffer, byteOffset, byteLength) }
}
