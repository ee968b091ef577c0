import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ChatError, messageOf } from '../../../protocol/errors.ts'
import { makeFile } from '../folder.ts'
import type { Backup } from '../store.ts'

/**
 * A backup is one file: the database as it was at one moment, and in a table of its own the files
 * of the data folder without which a server would be another one to its clients.
 */

/** Of the data folder. The operator's secret is not among them: each server makes its own. */
export const KEPT_FILES: readonly string[] = ['tls.pem']
/** In every backup and nowhere else, also when there is nothing in it. */
export const BACKUP_TABLE = 'backup_files'

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
    db.exec(`CREATE TABLE ${BACKUP_TABLE} (name TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT`)
    const insert = db.prepare(`INSERT INTO ${BACKUP_TABLE} (name, content) VALUES (?, ?)`)
    for (const name of KEPT_FILES) {
      const path = join(folder, name)
      if (existsSync(path)) insert.run(name, readFileSync(path))
    }
  } finally {
    db.close()
  }
}

/** What was written to the file survives a power cut from here on. */
export function syncFile(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Windows cannot open a folder. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
