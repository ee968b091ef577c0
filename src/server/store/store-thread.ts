import type { Worker } from 'node:worker_threads'
import {
  type Answers,
  type AppendedText,
  type Call,
  type Input,
  type Method,
  type Order,
  type Output,
  refusalIn,
  unavailable,
  type WorkerMessage,
  withBuffer,
} from './calls.ts'
import { NOTHING_MORE } from './log/entry-row.ts'
import type { Appended, EntryPlace, NewText, OnAppended } from './store.ts'
import type { RoomChange } from './upkeep/room.ts'
import type { StoreTimings } from './upkeep/timings.ts'

type Events = Readonly<{
  onAppended: OnAppended
  onFailure?: (error: Error) => void
  onFault?: (reason: string) => void
  timings?: StoreTimings | undefined
  /** There is no room for more, or there is again. */
  onRoom?: (change: RoomChange) => void
  /** The database cannot be reached, and why; undefined: it can be again. */
  onAway?: (reason: string | undefined) => void
}>

type Pending = Readonly<{
  /** What an `append` was to append: its entry is put together here. */
  text: NewText | undefined
  resolve: (answer: never) => void
  reject: (error: Error) => void
}>

/** The server's side of the store's thread: calls go over together, answers come back in order. */
export class StoreThread {
  #worker: Worker
  #events: Events
  /** Calls of this turn of the event loop, sent at its end. */
  #calls: Call[] = []
  #pending: Pending[] = []
  #state: 'open' | 'closing' | 'ended' = 'open'
  #ended: Promise<void>

  constructor(worker: Worker, events: Events) {
    this.#worker = worker
    this.#events = events
    let failure = new Error('the thread of the store ended')
    worker.on('message', (report: WorkerMessage) => {
      if (report.kind === 'answers') this.#receive(report)
      else if (report.kind === 'room') this.#events.onRoom?.(report.change)
      else if (report.kind === 'away') this.#events.onAway?.(report.reason)
    })
    worker.on('error', (error: Error) => {
      failure = error
    })
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#end(failure)
        resolve()
      })
    })
  }

  call<M extends Method>(method: M, ...input: Input<M>): Promise<Output<M>> {
    return this.#call([method, ...input] as unknown as Call, undefined)
  }

  append(text: NewText): Promise<EntryPlace> {
    const { sender, kind, target, nonce, time, reply } = text
    const latin1 = Buffer.from(nonce.buffer, nonce.byteOffset, nonce.byteLength).toString('latin1')
    const sent = { sender, kind, target, nonce: latin1, text: text.text, time }
    return this.#call(['append', reply === undefined ? sent : { ...sent, reply }], text)
  }

  /** What was called before is carried out first. */
  async close(): Promise<void> {
    if (this.#state === 'open') {
      this.#send()
      this.#state = 'closing'
      this.#post({ kind: 'close' })
    }
    await this.#ended
  }

  #call<T>(call: Call, text: NewText | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#state !== 'open') return reject(unavailable())
      if (this.#calls.length === 0) setImmediate(() => this.#send())
      this.#calls.push(call)
      this.#pending.push({ text, resolve, reject })
    })
  }

  #send(): void {
    if (this.#calls.length === 0 || this.#state === 'ended') return
    this.#post({ kind: 'calls', calls: this.#calls })
    this.#events.timings?.sent(this.#calls.length)
    this.#calls = []
  }

  #post(order: Order): void {
    this.#worker.postMessage(order)
  }

  #receive({ answers, appended, faults, tookMs }: Answers): void {
    this.#events.timings?.answered(answers.length, tookMs ?? 0)
    for (const fault of faults) this.#events.onFault?.(fault)
    const answered = this.#pending.splice(0, answers.length)
    try {
      const whole = appended.map((one) =>
        'at' in one ? wholeText(one, answered, answers) : revived(one),
      )
      if (whole.length > 0) this.#events.onAppended(whole)
    } finally {
      for (const [at, pending] of answered.entries()) settle(pending, answers[at])
    }
  }

  #end(failure: Error): void {
    const failed = this.#state !== 'closing'
    this.#state = 'ended'
    this.#calls = []
    const abandoned = this.#pending
    this.#pending = []
    for (const pending of abandoned) pending.reject(unavailable())
    if (failed) this.#events.onFailure?.(failure)
  }
}

function wholeText(
  { at, name, n, between, more }: AppendedText,
  answered: readonly Pending[],
  answers: readonly unknown[],
): Appended {
  const text = answered[at]?.text
  if (text === undefined) throw new Error(`call ${at} appended, but was no append`)
  const { conversation, seq, time } = answers[at] as EntryPlace
  const { buffer, byteOffset, byteLength } = text.nonce
  const entry = {
    seq,
    time,
    from: text.sender,
    name,
    kind: 'text' as const,
    text: text.text,
    nonce: Buffer.from(buffer, byteOffset, byteLength),
    n,
    subject: undefined,
    ...NOTHING_MORE,
  }
  return { conversation, between, entry: more === undefined ? entry : { ...entry, ...more } }
}

function revived(appended: Appended): Appended {
  return { ...appended, entry: withBuffer(appended.entry) }
}

function settle({ resolve, reject }: Pending, answer: unknown): void {
  const refusal = refusalIn(answer)
  if (refusal === undefined) resolve(answer as never)
  else reject(refusal)
}
