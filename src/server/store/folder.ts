import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { FolderServedError } from './store-error.ts'

/** The data folder: who may read it, and who serves it. */

const FOLDER_MODE = 0o700
const FILE_MODE = 0o600
const SQLITE_BUSY = 5

/**
 * Made for the owner alone. A folder that was there keeps its mode. Step by step, because Node's
 * own recursive way never ends below /proc, where nothing can be made. Answers what it made, the
 * outermost first.
 */
export function makeFolder(folder: string): readonly string[] {
  const parent = dirname(folder)
  const made = parent !== folder && !existsSync(parent) ? makeFolder(parent) : []
  try {
    mkdirSync(folder, FOLDER_MODE)
    return [...made, folder]
  } catch (error) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error
    return made
  }
}

/** The file exists afterwards and only its owner can read it, whatever the umask says. */
export function makeFile(path: string): string {
  closeSync(openSync(path, 'a', FILE_MODE))
  chmodSync(path, FILE_MODE)
  return path
}

/** What only its owner may read, whoever put it there: the database, its copies, the key, … */
const PRIVATE = /^(?:tchat\.db|search\.db|tls\.pem|operator\.secret$)/

/**
 * For who has locked the folder: takes from everybody else what may be in files that were copied
 * there. Answers the mode of the folder, in octal digits, when others than its owner may look into it.
 */
export function closeToOthers(folder: string): string | undefined {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const found = PRIVATE.test(name) ? lstatSync(path, { throwIfNoEntry: false }) : undefined
    if (found?.isFile() && (found.mode & ~FILE_MODE & 0o777) !== 0) chmodSync(path, FILE_MODE)
  }
  const mode = statSync(folder).mode & 0o777
  const isWide = process.platform !== 'win32' && (mode & ~FOLDER_MODE) !== 0
  return isWide ? mode.toString(8) : undefined
}

/** Server's files that are made after the database: where they are, there was one. */
const MADE_LATER = ['tls.pem', 'operator.secret']

/** The file that shows that a server had its data there; undefined: none does. */
export function traceOfServer(folder: string): string | undefined {
  return MADE_LATER.map((name) => join(folder, name)).find((path) => existsSync(path))
}

/**
 * Takes the folder for this process until the lock is closed or the process ends, however it ends:
 * SQLite's own file lock, on a database that stays empty.
 * @throws FolderServedError naming who holds it
 */
export function lockFolder(folder: string): DatabaseSync {
  const lock = new DatabaseSync(makeFile(join(folder, 'lock')))
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error
    const holder = holderOf(folder)
    const [words = '', key] = holder.split('\n')
    throw new FolderServedError(
      `the data folder ${folder} is being served by another tchat${words && ` (${words})`}: ` +
        'stop that one, or choose another folder with --data',
      / at (\S+)$/.exec(words)?.[1],
      key,
    )
  }
  noteHolder(folder, '')
  return lock
}

/**
 * Leaves word for a second server on this folder of who the first is.
 * @param address HOST:PORT where it is found on this machine, if that is known yet
 * @param key fingerprint of the key that it shows there
 */
export function noteHolder(folder: string, address: string, key = ''): void {
  const words = `process ${process.pid}${address === '' ? '' : ` at ${address}\n${key}`}`
  writeFileSync(makeFile(holderPath(folder)), words)
}

function holderOf(folder: string): string {
  try {
    return readFileSync(holderPath(folder), 'utf8')
  } catch {
    return ''
  }
}

function holderPath(folder: string): string {
  return join(folder, 'served-by')
}
