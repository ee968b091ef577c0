import { EventEmitter } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { ChatError } from '../../src/protocol/errors.ts'
import type { Order } from '../../src/server/store/calls.ts'
import { openDatabase } from '../../src/server/store/database.ts'
import { lockFolder, makeFolder } from '../../src/server/store/folder.ts'
import { batchesOn } from '../../src/server/store/operations.ts'
import { storeOn } from '../../src/server/store/sqlite.ts'
import type { OnAppended, Store } from '../../src/server/store/store.ts'
import { StoreThread } from '../../src/server/store/store-thread.ts'
import { verifyFolder } from '../../src/server/store/upkeep/reader.ts'

/**
 * The real store without its thread and without syncs of the disk: for tests that open hundreds,
 * and that want to lose one in the middle of its work.
 */
export class NearStore {
  readonly store: Store
  #worker: NearWorker

  constructor(folder: string, onAppended: OnAppended) {
    this.#worker = new NearWorker(folder)
    const thread = new StoreThread(this.#worker as unknown as Worker, { onAppended })
    this.store = storeOn(
      thread,
      { backup: () => none(), verify: () => verifyFolder(folder) },
      noSearch,
    )
  }

  /** As if its process was killed: what was committed stays, nothing is tidied, nobody is answered. */
  kill(): void {
    this.#worker.die()
  }
}

function none(): Promise<never> {
  return Promise.reject(new ChatError('unavailable', 'there is none here'))
}

const noSearch = { search: none, shortened: () => {}, close: () => Promise.resolve() }

/** The part of a worker thread that `StoreThread` uses. */
class NearWorker extends EventEmitter {
  #lock
  #db
  #batches
  #alive = true

  constructor(folder: string) {
    super()
    makeFolder(folder)
    this.#lock = lockFolder(folder)
    this.#db = openDatabase(folder)
    this.#db.exec('PRAGMA synchronous = OFF')
    this.#batches = batchesOn(this.#db)
  }

  postMessage(order: Order): void {
    setImmediate(() => {
      if (this.#alive) this.#carryOut(order)
    })
  }

  die(): void {
    if (!this.#alive) return
    this.#alive = false
    this.#db.close()
    this.#lock.close()
    this.emit('exit')
  }

  #carryOut(order: Order): void {
    if (order.kind === 'calls') {
      this.emit('message', structuredClone(this.#batches.run(order.calls)))
      return
    }
    this.#batches.settle()
    this.die()
  }
}
