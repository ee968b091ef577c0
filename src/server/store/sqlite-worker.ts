import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { Batches } from './batches.ts'
import type { Order, WorkerMessage } from './calls.ts'
import { carryOut } from './carry-out.ts'
import { databasePath, explaining, openDatabase, type Upgrade } from './database.ts'
import { closeToOthers, lockFolder, traceOfServer } from './folder.ts'
import { batchesOn } from './operations.ts'
import { FolderServedError, StoreError } from './store-error.ts'
import { type Room, roomIn } from './upkeep/room.ts'
import { Tidying } from './upkeep/tidying.ts'

/** The thread of the store: the only one that touches the database. */

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
    const look = () => lookFor(port, room)
    port.on('message', (order: Order) => {
      if (carryOut(port, batches, order, look) === 'go on') return tidying.begin()
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

function lookFor(port: MessagePort, room: Room): void {
  const change = room.look()
  if (change !== undefined) report(port, { kind: 'room', change })
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

function report(port: MessagePort, message: WorkerMessage): void {
  port.postMessage(message)
}
