import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ChatError, messageOf } from '../../../protocol/errors.ts'
import { checkOurs, databasePath } from '../database.ts'
import { lockFolder, makeFile, makeFolder } from '../folder.ts'
import type { Backup, Verdict } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { verifyDatabase } from './verify.ts'

/**
 * A backup is one file: the database as it was at one moment, and in a table of its own the files
 * of the data folder without which a server would be another one to its clients.
 */

/** Of the data folder. The operator's secret is not among them: each server makes its own. */
const KEPT_FILES = ['tls.pem']
const TABLE = 'backup_files'

/**
 * @param file must not exist; it is whole or not there, and only its owner can read it
 * @throws ChatError badRequest
 */
export function writeBackup(db: DatabaseSync, folder: string, file: string): Backup {
  if (existsSync(file)) throw refused(`${file} exists already: name a new file`)
  const unfinished = `${file}.unfinished`
  try {
    rmSync(unfinished, { force: true })
    db.prepare('VACUUM INTO ?').run(makeFile(unfinished))
    addFiles(unfinished, folder)
    syncFile(unfinished)
    renameSync(unfinished, file)
    syncFolder(dirname(file))
    return { file, bytes: statSync(file).size }
  } catch (error) {
    discard(unfinished)
    throw refused(`the backup ${file} cannot be written: ${messageOf(error)}`)
  }
}

/** Where nothing can be written there may be nothing to remove either. */
function discard(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // What went wrong first is what is said.
  }
}

function refused(text: string): ChatError {
  return new ChatError('badRequest', text)
}

function addFiles(backup: string, folder: string): void {
  const db = new DatabaseSync(backup)
  try {
    db.exec(`CREATE TABLE ${TABLE} (name TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT`)
    const insert = db.prepare(`INSERT INTO ${TABLE} (name, content) VALUES (?, ?)`)
    for (const name of KEPT_FILES) {
      const path = join(folder, name)
      if (existsSync(path)) insert.run(name, readFileSync(path))
    }
  } finally {
    db.close()
  }
}

/**
 * Makes a data folder of a backup, after the backup was checked.
 * @param folder must be empty or not exist
 * @throws StoreError one line that says what is wrong and what would be right
 */
export function restoreBackup(file: string, folder: string): Verdict {
  if (!existsSync(file)) throw new StoreError(`there is no backup ${file}`)
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new StoreError(
      `the data folder ${folder} is not empty: name an empty one with --data, or move it away`,
    )
  }
  const verdict = check(file)
  makeFolder(folder)
  const lock = lockFolder(folder)
  try {
    unpack(file, folder)
    return verdict
  } finally {
    lock.close()
  }
}

function check(file: string): Verdict {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    checkOurs(db, file)
    const verdict = verifyDatabase(db)
    const [fault] = verdict.faults
    if (fault === undefined) return verdict
    throw new StoreError(`the backup ${file} is damaged and was not restored: ${fault}`)
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw new StoreError(`${file} is no backup of tchat: ${messageOf(error)}`)
  } finally {
    db.close()
  }
}

/** The database comes last: without it the folder is no server's. */
function unpack(file: string, folder: string): void {
  const unfinished = `${databasePath(folder)}.unfinished`
  copyFileSync(file, makeFile(unfinished))
  const db = new DatabaseSync(unfinished)
  try {
    for (const { name, content } of keptFiles(db)) writeSecret(join(folder, name), content)
    // The key is not left in pages that are free now.
    db.exec(`PRAGMA secure_delete = ON; DROP TABLE IF EXISTS ${TABLE}`)
  } finally {
    db.close()
  }
  syncFile(unfinished)
  renameSync(unfinished, databasePath(folder))
  syncFolder(folder)
}

function keptFiles(db: DatabaseSync): readonly { name: string; content: Uint8Array }[] {
  const known = db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(TABLE) !== undefined
  if (!known) return []
  const rows = db.prepare(`SELECT name, content FROM ${TABLE}`).all()
  const files = rows as unknown as readonly { name: string; content: Uint8Array }[]
  return files.filter(({ name }) => KEPT_FILES.includes(name))
}

function writeSecret(path: string, content: Uint8Array): void {
  writeFileSync(makeFile(path), content)
  syncFile(path)
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Windows cannot open a folder. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
