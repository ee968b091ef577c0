import { parentPort, workerData } from 'node:worker_threads'
import { verifyTables } from '../upkeep/verify.ts'
import { PostgresDatabase } from './database.ts'
import { Link } from './link.ts'

/** The thread that checks a database beside the store: all of it as of one moment. */

/** It asks about all rows at once, and no store waits for it. */
const STATEMENT_MS_MAX = 3_600_000

if (parentPort === null) throw new Error('this file runs as a worker thread')
const { url } = workerData as { url: string }
const link = new Link(url, STATEMENT_MS_MAX, STATEMENT_MS_MAX)
try {
  const db = new PostgresDatabase(link)
  db.exec('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  parentPort.postMessage(verifyTables(db))
} finally {
  link.close()
}
