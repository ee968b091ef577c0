import { parentPort, workerData } from 'node:worker_threads'
import { ChatError } from '../../../protocol/errors.ts'
import { Refusal } from '../calls.ts'
import { openToRead } from '../database.ts'
import { writeBackup } from './backup.ts'
import type { Reading } from './reader.ts'
import { verifyDatabase } from './verify.ts'

/** The thread of one reading, see reader.ts. */

if (parentPort === null) throw new Error('this file runs as a worker thread')
parentPort.postMessage(answerTo(workerData as Reading))

function answerTo(reading: Reading): unknown {
  const db = openToRead(reading.folder)
  try {
    return reading.kind === 'verify'
      ? verifyDatabase(db)
      : writeBackup(db, reading.folder, reading.file)
  } catch (error) {
    if (error instanceof ChatError) return new Refusal(error)
    throw error
  } finally {
    db.close()
  }
}
