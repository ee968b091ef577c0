import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { refusalIn } from '../calls.ts'
import type { Backup, Verdict } from '../store.ts'

/** What is done to a data folder beside the store's own thread. */
export type Reading = Readonly<{ folder: string }> &
  (Readonly<{ kind: 'backup'; file: string }> | Readonly<{ kind: 'verify' }>)

/** @throws ChatError badRequest when the file exists or cannot be written */
export function backUp(folder: string, file: string): Promise<Backup> {
  return read<Backup>({ kind: 'backup', folder, file })
}

/** What `verify` finds in the data folder's database; it may be in use meanwhile. */
export function verifyFolder(folder: string): Promise<Verdict> {
  return read<Verdict>({ kind: 'verify', folder })
}

/**
 * In a thread of its own, on a connection of its own that only reads: the database keeps what it
 * sees as it was at the beginning, and those who write do not wait for it.
 */
function read<T>(reading: Reading): Promise<T> {
  const file = new URL(`reader-worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url)
  const worker = new Worker(file, { name: 'reader', workerData: reading })
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: T) => {
      const refusal = refusalIn(answer)
      if (refusal === undefined) resolve(answer)
      else reject(refusal)
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the thread that reads ended without an answer')))
  })
}
