import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { ChatError } from '../../../protocol/errors.ts'
import { type Log, silentLog } from '../../log.ts'
import { toldOnce } from '../../told-once.ts'
import { unavailable } from '../calls.ts'
import { IndexThread } from '../search/index-thread.ts'
import { Search } from '../search/search.ts'
import { shownUrl } from '../shown-url.ts'
import { firstMessage, type SqliteOptions, sourceOn, storeOn } from '../sqlite.ts'
import type { Appended, Store, Verdict } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { StoreThread } from '../store-thread.ts'
import { tsqueryOf } from './lexemes.ts'
import { PostgresError } from './link.ts'
import type { WorkerData } from './postgres-worker.ts'
import { isAway } from './transactions.ts'

export type PostgresOptions = Readonly<{
  /** `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. */
  url: string
  /** Tables that are missing or older are made; true unless said otherwise. */
  upgrade?: boolean
  /** It cannot be reached any more, or can be again. */
  onAway?: (away: boolean) => void
}> &
  Pick<SqliteOptions, 'onAppended' | 'onFailure' | 'onFault' | 'timings' | 'log'>

/**
 * The store in a PostgreSQL database that several nodes share. @throws StoreError when it cannot be
 * reached, or is of a newer tchat
 */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  const { url, upgrade = true, log = silentLog } = options
  const workerData: WorkerData = { url, upgrade }
  const worker = new Worker(threadFile('postgres-worker'), { name: 'store', workerData })
  const first = await firstMessage(worker)
  if (first.kind === 'refused') throw new StoreError(first.reason)
  // Search reads through the thread, and is told what the thread appends.
  const following: { search: Search | undefined } = { search: undefined }
  const onAppended = (appended: readonly Appended[]) => {
    following.search?.note(appended)
    options.onAppended(appended)
  }
  const events = { ...options, ...faultsOf(options, log), onAppended }
  const thread = new StoreThread(worker, events)
  const openIndex = () => IndexThread.open(threadFile('index-worker'), { url })
  following.search = new Search(openIndex, sourceOn(thread), toldOnce(log), {
    expressionOf: tsqueryOf,
  })
  const beside = { backup: refuseBackup, verify: () => verifyShared(url).catch(refuseAway) }
  return storeOn(thread, beside, following.search)
}

/** While it is away that is said once, not for each call. */
function faultsOf({ url, onFault, onAway }: PostgresOptions, log: Log) {
  const store = shownUrl(url)
  let awaySince: number | undefined
  return {
    onAway: (reason: string | undefined) => {
      onAway?.(reason !== undefined)
      if (reason === undefined) {
        const seconds = Math.round((performance.now() - (awaySince ?? 0)) / 1_000)
        awaySince = undefined
        return log.info('the store is there again', { store, seconds })
      }
      awaySince = performance.now()
      log.error('the store is away: nothing can be read or written, it is tried until it is back', {
        store,
        reason,
      })
    },
    onFault: (reason: string) => {
      if (awaySince === undefined) onFault?.(reason)
    },
  }
}

/** As the sources run, or as built. */
function threadFile(name: string): URL {
  const own = import.meta.url
  return new URL(`${name}${extname(fileURLToPath(own))}`, own)
}

async function refuseBackup(): Promise<never> {
  throw new ChatError(
    'badRequest',
    'the data are in PostgreSQL: back them up with pg_dump, or as that server is backed up anyway',
  )
}

/** What `verify` finds in a database, whoever works on it. @throws PostgresError */
export function verifyShared(url: string): Promise<Verdict> {
  const worker = new Worker(threadFile('reader-worker'), { name: 'reader', workerData: { url } })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', (error) => reject(ofItsClass(error)))
    worker.once('exit', () => reject(new Error('the thread that reads ended without an answer')))
  })
}

/** Between threads an error keeps its name and what it says, but not its class. */
function ofItsClass(error: unknown): unknown {
  const { name, code, message, lost } = error as PostgresError
  if (name !== 'PostgresError') return error
  return new PostgresError({ kind: 'error', code, message, lost })
}

function refuseAway(error: unknown): never {
  throw isAway(error) ? unavailable() : error
}
