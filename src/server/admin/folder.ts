import { statSync } from 'node:fs'
import { messageOf } from '../../protocol/errors.ts'
import { LocalBus } from '../bus/local.ts'
import { type Log, silentLog } from '../log.ts'
import { type OpenServices, openServices, type ServicesOptions } from '../services.ts'
import type { CopyOptions } from '../store/copy/copy.ts'
import { CopySource } from '../store/copy/source.ts'
import { checkNewest, databasePath, explaining, inWords, openToRead } from '../store/database.ts'
import { lockFolder, traceOfServer } from '../store/folder.ts'
import { openSqliteStore } from '../store/sqlite.ts'
import type { Verdict } from '../store/store.ts'
import { StoreError } from '../store/store-error.ts'
import { verifyDatabase } from '../store/upkeep/verify.ts'

/** A data folder without a server: who reaches it owns it. */

/**
 * A node without sockets. The caller closes it.
 * @throws StoreError; FolderServedError when a server has the folder
 */
export async function openFolder(folder: string, log: Log = silentLog): Promise<OpenServices> {
  needData(folder)
  needNewest(folder)
  return openWithout({
    openStore: (onAppended) => openSqliteStore({ folder, onAppended }),
    connectBus: (onHint) => new LocalBus().connect(onHint),
    log,
  })
}

/**
 * A node without sockets on a database that others share; what it changes they learn when they next
 * look. The caller closes it. @throws StoreError
 */
export async function openShared(url: string, log: Log = silentLog): Promise<OpenServices> {
  const { openPostgresStore } = await import('../store/postgres/postgres.ts')
  return openWithout({
    openStore: (onAppended) => openPostgresStore({ url, onAppended, upgrade: false }),
    // Of other nodes nothing is heard.
    connectBus: (onHint) => ({ ...new LocalBus().connect(onHint), isUp: false }),
    shared: true,
    log,
  })
}

type Parts = Pick<ServicesOptions, 'openStore' | 'connectBus' | 'shared' | 'log'>

function openWithout(parts: Parts): Promise<OpenServices> {
  return openServices({
    ...parts,
    node: 'offline',
    now: Date.now,
    monotonic: () => performance.now(),
  })
}

/**
 * Looks at the data without opening the store, which a damaged one may not survive. Writes nothing.
 * @throws StoreError; FolderServedError when a server has the folder
 */
export function verifyOffline(folder: string): Verdict {
  needData(folder)
  return explaining(folder, () => {
    const lock = lockFolder(folder)
    const db = openToRead(folder)
    try {
      checkNewest(db, databasePath(folder))
      return verifyDatabase(db)
    } finally {
      db.close()
      lock.close()
    }
  })
}

/**
 * Copies the data into a PostgreSQL database, see `copyDatabase`. Of the folder nothing is changed.
 * @throws StoreError; FolderServedError when a server has the folder
 */
export async function copyFolder(folder: string, options: CopyOptions): Promise<Verdict> {
  needData(folder)
  const { copyDatabase } = await import('../store/copy/copy.ts')
  const lock = explaining(folder, () => lockFolder(folder))
  try {
    const db = explaining(folder, () => openToRead(folder))
    try {
      explaining(folder, () => checkNewest(db, databasePath(folder)))
      return await copyDatabase(new CopySource(db, folder), options)
    } catch (error) {
      throw isOfSqlite(error) ? inWords(folder, error) : error
    } finally {
      db.close()
    }
  } finally {
    lock.close()
  }
}

function isOfSqlite(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ERR_SQLITE_ERROR'
}

/** A server upgrades what it is started on, not who only looks. @throws StoreError */
function needNewest(folder: string): void {
  explaining(folder, () => {
    const lock = lockFolder(folder)
    try {
      const db = openToRead(folder)
      try {
        checkNewest(db, databasePath(folder))
      } finally {
        db.close()
      }
    } finally {
      lock.close()
    }
  })
}

/** Nothing is made where a person mistyped a folder. */
function needData(folder: string): void {
  try {
    if (statSync(databasePath(folder), { throwIfNoEntry: false }) !== undefined) return
  } catch (error) {
    throw new StoreError(`the data folder ${folder} cannot be read: ${messageOf(error)}`)
  }
  if (traceOfServer(folder) === undefined) {
    throw new StoreError(`there is no server's data in ${folder}: name its folder with --data`)
  }
  // Whoever serves it can be asked.
  lockFolder(folder).close()
  throw new StoreError(`the data of ${folder} are not in it: name their database with --store`)
}
