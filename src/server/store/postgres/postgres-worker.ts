import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { Order, WorkerMessage } from '../calls.ts'
import { carryOut } from '../carry-out.ts'
import { batchesOn } from '../operations.ts'
import { Tidying } from '../upkeep/tidying.ts'
import { PostgresDatabase } from './database.ts'
import { Link } from './link.ts'
import { migrate, needNewest } from './migrations.ts'
import { openFault } from './open-fault.ts'
import { sharedTransactions } from './transactions.ts'

/** The thread of a store on PostgreSQL. */

/** `upgrade`: tables that are missing or older are made. */
export type WorkerData = Readonly<{ url: string; upgrade: boolean }>

if (parentPort === null) throw new Error('this file runs as a worker thread')
serve(parentPort, workerData as WorkerData)

function serve(port: MessagePort, { url, upgrade }: WorkerData): void {
  const link = new Link(url)
  try {
    if (upgrade) migrate(link)
    else needNewest(link)
    const db = new PostgresDatabase(link)
    const tell = onChange((reason) => report(port, { kind: 'away', reason }))
    const batches = batchesOn(db, undefined, undefined, undefined, (_, memory) =>
      sharedTransactions(db, memory, tell),
    )
    const tidying = new Tidying(batches)
    port.on('message', (order: Order) => {
      if (carryOut(port, batches, order) === 'go on') return tidying.begin()
      tidying.end()
      link.close()
      port.close()
    })
    report(port, {
      kind: 'opened',
      found: { mode: undefined, upgrade: undefined, room: undefined },
    })
  } catch (error) {
    report(port, { kind: 'refused', reason: openFault(error, url) })
    link.close()
    port.close()
  }
}

/** Calls it when what is told is not what was told before. */
function onChange(tell: (reason: string | undefined) => void): (reason?: string) => void {
  let away = false
  return (reason) => {
    if (away === (reason !== undefined)) return
    away = !away
    tell(reason)
  }
}

function report(port: MessagePort, message: WorkerMessage): void {
  port.postMessage(message)
}
