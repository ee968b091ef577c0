import {
  copyFileSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { messageOf } from '../../../protocol/errors.ts'
import { checkOurs, databasePath, inWords, isNewest, upgradeInPlace } from '../database.ts'
import { lockFolder, makeFile, makeFolder } from '../folder.ts'
import type { Verdict } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { BACKUP_TABLE, KEPT_FILES, syncFile, syncFolder } from './backup.ts'
import { verifyDatabase } from './verify.ts'

/**
 * Makes a data folder of a backup, after the backup was checked. Nothing is left where that fails.
 * @param folder must be empty or not exist
 * @throws StoreError one line that says what is wrong and what would be right
 */
export function restoreBackup(file: string, folder: string): Verdict {
  checkFile(file)
  needEmpty(folder)
  const checked = checkBackup(file)
  const made: string[] = []
  try {
    made.push(...makeFolder(folder))
    return filled(folder, () => unpack(file, folder, checked))
  } catch (error) {
    removeEmpty(made)
    throw inWords(folder, error)
  }
}

function checkFile(file: string): void {
  let found: ReturnType<typeof statSync>
  try {
    found = statSync(file, { throwIfNoEntry: false })
  } catch (error) {
    throw new StoreError(`the backup ${file} cannot be read: ${messageOf(error)}`)
  }
  if (found === undefined) throw new StoreError(`there is no backup ${file}`)
  if (found.isFile()) return
  const what = found.isDirectory() ? 'a folder' : 'no file'
  throw new StoreError(`${file} is ${what}: name the file that 'tchat admin backup' has written`)
}

function needEmpty(folder: string): void {
  if (entriesIn(folder).length === 0) return
  throw new StoreError(
    `the data folder ${folder} is not empty: name an empty one with --data, or move it away`,
  )
}

function entriesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw inWords(folder, error)
  }
}

/** Undefined: an older one, of which more can be said when it is upgraded. */
function checkBackup(file: string): Verdict | undefined {
  const wrong = (error: unknown) =>
    error instanceof StoreError
      ? error
      : new StoreError(`${file} is no backup of tchat: ${messageOf(error)}`)
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file, { readOnly: true })
    checkOurs(db, file)
    if (db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(BACKUP_TABLE) === undefined) {
      throw new StoreError(
        `${file} was not written by 'tchat admin backup': a database alone lacks the server's key, ` +
          'and what is still in its log; make a backup of the folder that it is from',
      )
    }
    const verdict = refuseFaults(file, verifyDatabase(db))
    return isNewest(db) ? verdict : undefined
  } catch (error) {
    throw wrong(error)
  } finally {
    db?.close()
  }
}

function refuseFaults(file: string, verdict: Verdict): Verdict {
  const [fault] = verdict.faults
  if (fault === undefined) return verdict
  throw new StoreError(`the backup ${file} is damaged and was not restored: ${fault}`)
}

/** The folder is empty again when that fails. */
function filled(folder: string, fill: () => Verdict): Verdict {
  const lock = lockFolder(folder)
  try {
    const verdict = fill()
    lock.close()
    return verdict
  } catch (error) {
    lock.close()
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { force: true })
    throw error
  }
}

/** The database comes last: without it the folder is no server's. Answers what is in it now. */
function unpack(file: string, folder: string, checked: Verdict | undefined): Verdict {
  const unfinished = `${databasePath(folder)}.unfinished`
  copyFileSync(file, unfinished)
  // The copy has the mode of what it was copied from.
  const db = new DatabaseSync(makeFile(unfinished))
  let verdict = checked
  try {
    for (const { name, content } of keptFiles(db)) writeSecret(join(folder, name), content)
    // The key is not left in pages that are free now.
    db.exec(`PRAGMA secure_delete = ON; DROP TABLE ${BACKUP_TABLE}`)
    if (verdict === undefined) {
      upgradeInPlace(db, file)
      verdict = refuseFaults(file, verifyDatabase(db))
    }
  } finally {
    db.close()
  }
  syncFile(unfinished)
  renameSync(unfinished, databasePath(folder))
  syncFolder(folder)
  return verdict
}

function keptFiles(db: DatabaseSync): readonly { name: string; content: Uint8Array }[] {
  const rows = db.prepare(`SELECT name, content FROM ${BACKUP_TABLE}`).all()
  const files = rows as unknown as readonly { name: string; content: Uint8Array }[]
  return files.filter(({ name }) => KEPT_FILES.includes(name))
}

function writeSecret(path: string, content: Uint8Array): void {
  writeFileSync(makeFile(path), content)
  syncFile(path)
}

/** Those that were made for nothing, the innermost first. */
function removeEmpty(made: readonly string[]): void {
  for (const folder of made.toReversed()) {
    try {
      rmdirSync(folder)
    } catch {
      // What went wrong first is what is said.
    }
  }
}
