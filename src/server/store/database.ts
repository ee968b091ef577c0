import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeFile, makeFolder } from './folder.ts'
import { migrations } from './schema.ts'
import { StoreError } from './store-error.ts'

/** 'tcht' in the header of the file: that it is ours. */
const APPLICATION_ID = 0x74636874
const CACHE_KIB = 65_536
/** 4 KiB pages of log after which SQLite copies them into the database. */
const CHECKPOINT_PAGES = 16_000
const BUSY = 5
const IO_FAILED = 10
const CORRUPT = 11
const FULL = 13
const NOT_A_DATABASE = 26

/** Where the database lies in a data folder. */
export function databasePath(folder: string): string {
  return join(folder, 'tchat.db')
}

/** A database of an older version is a newer one now. */
export type Upgrade = Readonly<{
  from: number
  to: number
  /** The file with what it was before. */
  copy: string
}>

/**
 * The database of a data folder, made or migrated to the newest version.
 * @param steps the migrations, for tests of what is to come
 * @throws StoreError
 */
export function openDatabase(
  folder: string,
  steps = migrations,
  onUpgrade: (upgrade: Upgrade) => void = () => {},
): DatabaseSync {
  const path = databasePath(folder)
  const db = new DatabaseSync(makeFile(path))
  try {
    check(db, path, steps.length)
    configure(db)
    const from = versionOf(db)
    const copy = from > 0 && from < steps.length ? copyBeside(db, `${path}.v${from}`) : undefined
    migrate(db, steps)
    if (copy !== undefined) onUpgrade({ from, to: steps.length, copy })
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * What is to become the database of a folder, of the newest version: nobody else has it, and there is
 * no log beside it. @throws StoreError
 */
export function upgradeInPlace(db: DatabaseSync, path: string): void {
  check(db, path, migrations.length)
  migrate(db, migrations)
}

/** Only to read, beside a store that writes. */
export function openToRead(folder: string): DatabaseSync {
  return new DatabaseSync(databasePath(folder), { readOnly: true })
}

/** @throws StoreError when it is another program's, or of a newer tchat */
export function checkOurs(db: DatabaseSync, path: string): void {
  check(db, path, migrations.length)
}

/** @throws StoreError when it is to be upgraded first, or is none of ours */
export function checkNewest(db: DatabaseSync, path: string): void {
  checkOurs(db, path)
  if (isNewest(db)) return
  const how = 'start a server on it once, which upgrades it and keeps a copy'
  throw new StoreError(`${path} was written by an older tchat: ${how}`)
}

/** It has no migration before it. */
export function isNewest(db: DatabaseSync): boolean {
  return versionOf(db) === migrations.length
}

function versionOf(db: DatabaseSync): number {
  return pragma(db, 'user_version')
}

/** Runs `work` on the folder; what the file system or SQLite refuse is said for people. */
export function explaining<T>(folder: string, work: () => T): T {
  try {
    makeFolder(folder)
    return work()
  } catch (error) {
    throw inWords(folder, error)
  }
}

/** What the file system or SQLite refuse about the folder, for people. */
export function inWords(folder: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error
  return new StoreError(explain(folder, error), { cause: error })
}

function check(db: DatabaseSync, path: string, newest: number): void {
  const id = pragma(db, 'application_id')
  const version = versionOf(db)
  const empty = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'] === 0
  if (!empty && id !== APPLICATION_ID) {
    throw new StoreError(`${path} belongs to another program: choose another folder with --data`)
  }
  if (version > newest) {
    throw new StoreError(
      `${path} has version ${version}, this tchat knows versions up to ${newest}: ` +
        'it was written by a newer tchat; run that one',
    )
  }
}

function configure(db: DatabaseSync): void {
  // Before the first table: the file is laid out for it.
  db.exec('PRAGMA auto_vacuum = INCREMENTAL')
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  // Only macOS heeds these: there fsync alone does not reach the disk.
  db.exec('PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON')
  db.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  // What was deleted is overwritten wherever its page is written anyway.
  db.exec('PRAGMA secure_delete = FAST; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY')
}

function migrate(db: DatabaseSync, steps: readonly string[]): void {
  for (let at = versionOf(db); at < steps.length; at += 1) {
    db.exec(`BEGIN IMMEDIATE; ${steps[at]};
      PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${at + 1}; COMMIT`)
  }
}

/** Answers the new file: one that is there may be of another database, or of another time. */
function copyBeside(db: DatabaseSync, wanted: string): string {
  let path = wanted
  for (let at = 2; existsSync(path); at += 1) path = `${wanted}-${at}`
  const unfinished = `${path}.unfinished`
  rmSync(unfinished, { force: true })
  try {
    db.prepare('VACUUM INTO ?').run(makeFile(unfinished))
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
  renameSync(unfinished, path)
  return path
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name])
}

function explain(folder: string, error: unknown): string {
  const { code, errcode, message } = error as { code?: string; errcode?: number; message: string }
  if (code === 'EROFS') {
    return `the data folder ${folder} cannot be written, its disk may only be read: mount it for writing, or choose another with --data`
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return `the data folder ${folder} cannot be written: change who owns it, or choose another with --data`
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return `the data folder ${folder} is a file: choose another with --data`
  }
  if (code === 'ENOSPC' || errcode === FULL) {
    return `the disk of the data folder ${folder} is full: make room, then start again`
  }
  // The low byte; the rest says more exactly what failed.
  const result = (errcode ?? 0) & 0xff
  if (result === BUSY) {
    return `${databasePath(folder)} is locked by another program: end that one, then start again`
  }
  if (result === IO_FAILED) {
    return `the disk of the data folder ${folder} fails (${message}): check it, and limits on the size of files`
  }
  if (result === NOT_A_DATABASE || result === CORRUPT) {
    const what = result === CORRUPT ? 'damaged' : 'not a database'
    return `${databasePath(folder)} is ${what}: restore the last backup into a new folder, or choose another folder with --data`
  }
  return `the data folder ${folder} cannot be used: ${message}`
}
