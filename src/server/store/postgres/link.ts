import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { Value } from '../statements.ts'

/** What crosses between the store's thread and the one that speaks with PostgreSQL. */

export type Query = Readonly<{
  text: string
  values: readonly Value[]
  /** Its text hardly comes again. */
  once?: boolean
}>

/** Carried out one after the other; with the first that fails it ends. */
export type LinkOrder = Readonly<{
  queries: readonly Query[]
  /** Nothing came before it that a new connection would not know of. */
  fresh: boolean
}>

export type LinkReply = Readonly<
  | { kind: 'rows'; rows: readonly unknown[]; changes: number }
  /** `code`: SQLSTATE, or that of the system; `lost`: the connection is gone. */
  | { kind: 'error'; code: string; message: string; lost: boolean }
>

export type LinkData = Readonly<{
  url: string
  /** Milliseconds that one statement may take: the server itself ends it. */
  statementMsMax: number
  port: MessagePort
  signal: SharedArrayBuffer
}>

/** A statement that PostgreSQL refused, or could not be asked. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError'
  /** SQLSTATE, or that of the system. */
  readonly code: string
  /** The connection is gone; what was under way may have happened or not. */
  readonly lost: boolean

  constructor({ code, message, lost }: Extract<LinkReply, { kind: 'error' }>) {
    super(message)
    this.code = code
    this.lost = lost
  }
}

/** A thread that has not answered until then is given up; it gives up a server itself much earlier. */
const REPLY_MS_MAX = 60_000
const STATEMENT_MS_MAX = 30_000

/**
 * PostgreSQL as something that one waits for: the store's rules are synchronous, in a thread of
 * their own, so that they are the same for every database. The waiting thread sleeps.
 */
export class Link {
  #url: string
  #replyMsMax: number
  #statementMsMax: number
  #line: Line

  constructor(url: string, replyMsMax = REPLY_MS_MAX, statementMsMax = STATEMENT_MS_MAX) {
    this.#url = url
    this.#replyMsMax = replyMsMax
    this.#statementMsMax = statementMsMax
    this.#line = lineTo(url, statementMsMax)
  }

  /** The rows of the last query. `fresh`: a new connection would do. @throws PostgresError */
  run(queries: readonly Query[], fresh: boolean): Extract<LinkReply, { kind: 'rows' }> {
    const { port, signal } = this.#line
    Atomics.store(signal, 0, 0)
    port.postMessage({ queries, fresh } satisfies LinkOrder)
    const woken = Atomics.wait(signal, 0, 0, this.#replyMsMax)
    const reply = receiveMessageOnPort(port)?.message as LinkReply | undefined
    if (woken === 'timed-out' || reply === undefined) {
      this.#cut()
      throw new PostgresError({ kind: 'error', code: '', message: 'no answer came', lost: true })
    }
    if (reply.kind === 'error') throw new PostgresError(reply)
    return reply
  }

  close(): void {
    this.#line.port.close()
    void this.#line.worker.terminate()
  }

  /** What was asked may still be answered: nobody listens there any more. */
  #cut(): void {
    this.close()
    this.#line = lineTo(this.#url, this.#statementMsMax)
  }
}

/** A thread with a connection, and the way to it. One question at a time is on it. */
type Line = Readonly<{
  port: MessagePort
  signal: Int32Array<SharedArrayBuffer>
  worker: Worker
}>

function lineTo(url: string, statementMsMax: number): Line {
  const signal = new SharedArrayBuffer(4)
  const { port1, port2 } = new MessageChannel()
  const own = import.meta.url
  // As the sources run, or as built.
  const file = new URL(`link-worker${extname(fileURLToPath(own))}`, own)
  const workerData: LinkData = { url, statementMsMax, port: port2, signal }
  const worker = new Worker(file, { name: 'postgres', workerData, transferList: [port2] })
  return { port: port1, signal: new Int32Array(signal), worker }
}
