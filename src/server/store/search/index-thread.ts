import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { unavailable } from '../calls.ts'
import type { IndexCalls, IndexMethod, IndexOrder, IndexReport } from './index-calls.ts'

type Pending = Readonly<{ resolve: (answer: never) => void; reject: (error: Error) => void }>

/** Of the index that is a file in the data folder. */
export function openFolderIndex(folder: string): Promise<IndexThread> {
  // As the sources run, or as built.
  const file = new URL(`index-worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url)
  return IndexThread.open(file, { folder })
}

/** The store's side of the thread of the index. */
export class IndexThread {
  /** Why it began empty, in words; undefined when it did not. */
  readonly made: string | undefined
  #worker: Worker
  #pending: Pending[] = []
  #failure: Error | undefined
  #ended: Promise<void>

  /** @param file what the thread runs */
  static async open(file: URL, workerData: unknown): Promise<IndexThread> {
    const worker = new Worker(file, { name: 'search', workerData })
    const first = await new Promise<IndexReport>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    return new IndexThread(worker, first.kind === 'opened' ? first.made : undefined)
  }

  private constructor(worker: Worker, made: string | undefined) {
    this.made = made
    this.#worker = worker
    worker.on('message', (report: IndexReport) => this.#receive(report))
    worker.on('error', (error: Error) => {
      this.#failure = error
    })
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#end()
        resolve()
      })
    })
  }

  /** Nothing can be asked any more. */
  get ended(): boolean {
    return this.#failure !== undefined
  }

  call<M extends IndexMethod>(
    method: M,
    ...input: Parameters<IndexCalls[M]>
  ): Promise<ReturnType<IndexCalls[M]>> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure)
      this.#pending.push({ resolve, reject })
      this.#post({ kind: 'call', method, input })
    })
  }

  /** What was called before is carried out first. */
  async close(): Promise<void> {
    this.#post({ kind: 'close' })
    await this.#ended
  }

  #post(order: IndexOrder): void {
    this.#worker.postMessage(order)
  }

  #receive(report: IndexReport): void {
    const pending = this.#pending.shift()
    if (report.kind === 'answer') pending?.resolve(report.answer as never)
    else if (report.kind === 'failed') pending?.reject(new Error(report.reason))
    else if (report.kind === 'away') pending?.reject(unavailable())
  }

  #end(): void {
    this.#failure ??= new Error('the thread of the search index has ended')
    for (const { reject } of this.#pending.splice(0)) reject(this.#failure)
  }
}
