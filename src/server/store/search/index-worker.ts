import { platform, setPriority } from 'node:os'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { messageOf } from '../../../protocol/errors.ts'
import type { IndexOrder, IndexReport } from './index-calls.ts'
import { isDamage, openIndexFile, removeIndexFile } from './index-file.ts'
import { TextIndex } from './text-index.ts'

/** The thread of the index: the only one that touches `search.db`. */

/** What the processor has left over is for search; but enough to answer at any time. */
const NICENESS = 10

if (parentPort === null) throw new Error('this file runs as a worker thread')
serve(parentPort, workerData as { folder: string })

function serve(port: MessagePort, { folder }: { folder: string }): void {
  standBack()
  const { db, made } = openIndexFile(folder)
  const index = new TextIndex(db)
  const end = () => {
    db.close()
    port.close()
  }
  port.on('message', (order: IndexOrder) => {
    if (order.kind === 'close') return end()
    try {
      const answer = (index[order.method] as (...input: readonly unknown[]) => unknown)(
        ...order.input,
      )
      report(port, { kind: 'answer', answer })
    } catch (error) {
      report(port, { kind: 'failed', reason: messageOf(error) })
      if (!isDamage(error)) return
      end()
      removeIndexFile(folder)
    }
  })
  report(port, { kind: 'opened', made })
}

/** Only Linux has a priority for each thread; elsewhere it would be the whole server's. */
function standBack(): void {
  if (platform() !== 'linux') return
  try {
    setPriority(NICENESS)
  } catch {
    // Some containers forbid it: then it takes its turn as the others do.
  }
}

function report(port: MessagePort, message: IndexReport): void {
  port.postMessage(message)
}
