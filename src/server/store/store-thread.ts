import type { Worker } from 'node:worker_threads'
import { ChatError } from '../../protocol/errors.ts'
import {
  type Answer,
  type Call,
  type Method,
  type Order,
  type Report,
  refusalIn,
  withBuffer,
} from './calls.ts'
import type { OnAppended, Store } from './store.ts'

type Events = Readonly<{
  onAppended: OnAppended
  onFailure?: (error: Error) => void
  onFault?: (reason: string) => void
}>

type Pending = Readonly<{ resolve: (answer: never) => void; reject: (error: Error) => void }>

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
    worker.on('message', (report: Report) => this.#receive(report))
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

  call<M extends Method>(method: M, parameters: Parameters<Store[M]>): ReturnType<Store[M]> {
    return new Promise((resolve, reject) => {
      if (this.#state !== 'open') return reject(new ChatError('unavailable'))
      if (this.#calls.length === 0) setImmediate(() => this.#send())
      this.#calls.push([method, ...parameters] as unknown as Call)
      this.#pending.push({ resolve, reject })
    }) as ReturnType<Store[M]>
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

  #send(): void {
    if (this.#calls.length === 0 || this.#state === 'ended') return
    this.#post({ kind: 'calls', calls: this.#calls })
    this.#calls = []
  }

  #post(order: Order): void {
    this.#worker.postMessage(order)
  }

  #receive(report: Report): void {
    if (report.kind !== 'answers') return
    const { answers, appended, faults } = report
    for (const fault of faults) this.#events.onFault?.(fault)
    if (appended.length > 0) {
      this.#events.onAppended(appended.map((one) => ({ ...one, entry: withBuffer(one.entry) })))
    }
    const answered = this.#pending.splice(0, answers.length)
    for (const [at, pending] of answered.entries()) settle(pending, answers[at])
  }

  #end(failure: Error): void {
    const failed = this.#state !== 'closing'
    this.#state = 'ended'
    this.#calls = []
    const abandoned = this.#pending
    this.#pending = []
    for (const pending of abandoned) pending.reject(new ChatError('unavailable'))
    if (failed) this.#events.onFailure?.(failure)
  }
}

function settle({ resolve, reject }: Pending, answer: Answer): void {
  const refusal = refusalIn(answer)
  if (refusal === undefined) resolve(answer as never)
  else reject(refusal)
}
