import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { messageOf } from '../../../protocol/errors.ts'
import type { IndexOrder, IndexReport } from '../search/index-calls.ts'
import { PostgresDatabase } from './database.ts'
import { Link } from './link.ts'
import { PostgresTextIndex } from './text-index.ts'
import { isAway } from './transactions.ts'

/** The thread of the search index that is in PostgreSQL. */

if (parentPort === null) throw new Error('this file runs as a worker thread')
serve(parentPort, workerData as { url: string })

function serve(port: MessagePort, { url }: { url: string }): void {
  const link = new Link(url)
  const index = new PostgresTextIndex(new PostgresDatabase(link))
  const report = (message: IndexReport) => port.postMessage(message)
  port.on('message', (order: IndexOrder) => {
    if (order.kind === 'close') {
      link.close()
      return port.close()
    }
    try {
      const answer = (index[order.method] as (...input: readonly unknown[]) => unknown)(
        ...order.input,
      )
      report({ kind: 'answer', answer })
    } catch (error) {
      if (isAway(error)) report({ kind: 'away' })
      else report({ kind: 'failed', reason: messageOf(error) })
    }
  })
  report({ kind: 'opened', made: undefined })
}
