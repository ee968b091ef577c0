import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { Batches } from './batches.ts'
import type { Answers, Call, Order, WorkerMessage } from './calls.ts'
import { databasePath, explaining, openDatabase, type Upgrade } from './database.ts'
import { closeToOthers, lockFolder, traceOfServer } from './folder.ts'
import { batchesOn } from './operations.ts'
import { FolderServedError, StoreError } from './store-error.ts'
import { type Room, roomIn } from './upkeep/room.ts'
import { Tidying } from './upkeep/tidying.ts'

/** The thread of the store: the only one that touches the database. */

/** Calls in one transaction: bounds how long the first of them waits for the last. */
const BATCH_CALLS_MAX = 512

/** `maxBytes`: of the folder, at most. */
export type WorkerData = Readonly<{ folder: string; maxBytes: number | undefined }>

if (parentPort === null) throw new Error('this file runs as a worker thread')
serve(parentPort, workerData as WorkerData)

function serve(port: MessagePort, { folder, maxBytes }: WorkerData): void {
  try {
    const { lock, db, mode, upgrade } = explaining(folder, () => open(folder))
    const room = roomIn(folder, db, maxBytes)
    const batches = batchesOn(db, room)
    const tidying = new Tidying(batches)
    port.on('message', (order: Order) => {
      if (carryOut(port, room, batches, order) === 'go on') return tidying.begin()
      tidying.end()
      tidy(db, batches)
      db.close()
      lock.close()
      port.close()
    })
    report(port, { kind: 'opened', found: { mode, upgrade, room: room.look() } })
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const { address, key } = error as Partial<FolderServedError>
    const served = error instanceof FolderServedError ? { served: { address, key } } : {}
    report(port, { kind: 'refused', reason: error.message, ...served })
    port.close()
  }
}

function open(folder: string) {
  const lock = lockFolder(folder)
  try {
    needDatabase(folder)
    const mode = closeToOthers(folder)
    let upgrade: Upgrade | undefined
    const db = openDatabase(folder, undefined, (done) => {
      upgrade = done
    })
    return { lock, db, mode, upgrade }
  } catch (error) {
    lock.close()
    throw error
  }
}

/** A server whose data are lost does not begin anew as if nothing had been. @throws StoreError */
function needDatabase(folder: string): void {
  const path = databasePath(folder)
  const trace = traceOfServer(folder)
  if (trace === undefined || (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0) return
  throw new StoreError(
    `${path} is gone or empty, but ${trace} shows that a server had its data there: restore the last ` +
      'backup into a new folder, or choose a new one with --data to begin with nothing',
  )
}

/** That order and all that arrived meanwhile: what comes while a commit runs goes into the next. */
function carryOut(
  port: MessagePort,
  room: Room,
  batches: Batches,
  first: Order,
): 'go on' | 'close' {
  const waiting: Call[] = []
  let next: 'go on' | 'close' = 'go on'
  let order: Order | undefined = first
  while (order !== undefined || waiting.length > 0) {
    for (; order !== undefined; order = nextOrder(port)) {
      if (order.kind === 'close') next = 'close'
      else for (const call of order.calls) waiting.push(call)
    }
    if (waiting.length > 0) lookFor(port, room)
    if (waiting.length > 0) report(port, timed(batches, waiting.splice(0, BATCH_CALLS_MAX)))
    order = nextOrder(port)
  }
  return next
}

function lookFor(port: MessagePort, room: Room): void {
  const change = room.look()
  if (change !== undefined) report(port, { kind: 'room', change })
}

function timed(batches: Batches, calls: readonly Call[]): Answers {
  const begun = performance.now()
  const answers = batches.run(calls)
  return { ...answers, tookMs: performance.now() - begun }
}

/** So that the next start has little to do. On a full disk it has more; nothing is lost. */
function tidy(db: DatabaseSync, batches: Batches): void {
  try {
    batches.settle()
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SQLITE_ERROR') throw error
  }
}

function nextOrder(port: MessagePort): Order | undefined {
  return receiveMessageOnPort(port)?.message as Order | undefined
}

function report(port: MessagePort, message: WorkerMessage): void {
  port.postMessage(message)
}
