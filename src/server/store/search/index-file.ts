import { existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeFile } from '../folder.ts'

/** The file of the index: `search.db` in the data folder. It holds nothing that the log has not. */

/** 'tchs' in the header of the file: that it is ours. */
const APPLICATION_ID = 0x74636873
/** Rises with every change of the tables, or of what is a word: then the file is made anew. */
const VERSION = 2
const CACHE_KIB = 16_384
/** SQLite's result codes for a file that cannot be right: CORRUPT, NOTADB. */
const DAMAGED: ReadonlySet<unknown> = new Set([11, 26])
/** And, where only tables are looked for, for one that is not there: ERROR. */
const TABLE_MISSING = 1

export type IndexFile = Readonly<{
  db: DatabaseSync
  /** Why it was made anew, in words; undefined when it was not. */
  made: string | undefined
}>

/** Opens the index; one that is missing, damaged or of another version is made anew, empty. */
export function openIndexFile(folder: string): IndexFile {
  const path = indexPath(folder)
  if (!existsSync(path)) return make(path, 'there was none')
  // It may be somebody's: what is in it is not removed.
  if (statSync(path).isDirectory()) throw new Error(`${path} is a folder: move it away`)
  try {
    const db = open(path)
    if (isOurs(db)) return { db, made: undefined }
    db.close()
    return make(path, 'it was of another version')
  } catch (error) {
    if (!isDamage(error) && errorCode(error) !== TABLE_MISSING) throw error
    return make(path, 'it was damaged')
  }
}

/** Whether that error says that the file is not what was written. */
export function isDamage(error: unknown): boolean {
  return DAMAGED.has(errorCode(error))
}

function errorCode(error: unknown): number | undefined {
  const { errcode } = error as { errcode?: number }
  // The low byte; the rest says more exactly what failed.
  return errcode === undefined ? undefined : errcode & 0xff
}

/** What is found to be damaged later is made anew at the next opening. */
export function removeIndexFile(folder: string): void {
  remove(indexPath(folder))
}

function indexPath(folder: string): string {
  return join(folder, 'search.db')
}

function remove(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
}

function make(path: string, why: string): IndexFile {
  remove(path)
  const db = open(path)
  db.exec(`
    BEGIN;
    CREATE TABLE made (unicode TEXT NOT NULL) STRICT;
    CREATE TABLE texts (
      id INTEGER PRIMARY KEY,
      conversation INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX texts_by_place ON texts (conversation, seq);
    CREATE TABLE progress (
      conversation INTEGER PRIMARY KEY,
      reached INTEGER NOT NULL,
      first INTEGER NOT NULL
    ) STRICT;
    -- What begins with one or two characters is in most texts: it is not gathered when asked for.
    CREATE VIRTUAL TABLE lookup USING fts5(
      scope, words, content='', columnsize=0, tokenize='ascii', prefix='1 2'
    );
    INSERT INTO lookup (lookup, rank) VALUES ('secure-delete', 1);
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${VERSION};
    COMMIT`)
  db.prepare('INSERT INTO made (unicode) VALUES (?)').run(unicode())
  return { db, made: why }
}

function open(path: string): DatabaseSync {
  const db = new DatabaseSync(makeFile(path))
  try {
    db.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL')
    // After a power cut it may lack what came last, which is taken in again.
    db.exec(`PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${CACHE_KIB}`)
    db.exec('PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function isOurs(db: DatabaseSync): boolean {
  if (db.prepare('PRAGMA application_id').get()?.['application_id'] !== APPLICATION_ID) return false
  if (db.prepare('PRAGMA user_version').get()?.['user_version'] !== VERSION) return false
  db.prepare('SELECT 1 FROM texts, progress, lookup')
  return db.prepare('SELECT unicode FROM made').get()?.['unicode'] === unicode()
}

/** Other tables of Unicode may fold a text to other words: those that are stored would not be found. */
function unicode(): string {
  return process.versions['unicode'] ?? ''
}
