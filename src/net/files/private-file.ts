import { randomUUID } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Files that only their owner may read: tokens, pins, what was not sent yet. On Windows the modes
 * mean nothing; there the profile folder's own rights protect them.
 */

const FOLDER_MODE = 0o700
export const FILE_MODE = 0o600
const WINDOWS = process.platform === 'win32'

/** A file or folder in the state folder cannot be used. `message` is one line for people. */
export class PrivateFileError extends Error {
  override readonly name = 'PrivateFileError'
  /** The system's: 'EACCES'. */
  readonly code: string

  constructor(path: string, cause: Error & { code: string }) {
    super(`cannot use ${path}: ${words[cause.code] ?? cause.message}`, { cause })
    this.code = cause.code
  }
}

const NOT_ALLOWED =
  'this is not allowed: make it yours, or let XDG_STATE_HOME name a folder that is'
const NO_FOLDER = 'a file is where a folder must be: move it away'
const FULL = 'the disk is full: make room'

/** What is wrong, and what to do. */
const words: Readonly<Record<string, string>> = {
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EROFS: 'the disk can only be read: let XDG_STATE_HOME name a folder on another',
  ENOENT: 'it is gone: did somebody delete it?',
  ENOTDIR: NO_FOLDER,
  EEXIST: NO_FOLDER,
  EISDIR: 'a folder is where a file must be: move it away',
  ENOSPC: FULL,
  EDQUOT: FULL,
}

/** Says of an error of the system that it is about `path`. @throws PrivateFileError */
export async function using<T>(path: string, doing: Promise<T>): Promise<T> {
  try {
    return await doing
  } catch (error) {
    throw isSystemError(error) ? new PrivateFileError(path, error) : error
  }
}

/** Makes the folder, and its rights tight if it was there. */
export function makePrivateFolder(folder: string): Promise<void> {
  return using(folder, makeFolder(folder))
}

async function makeFolder(folder: string): Promise<void> {
  await makeWithParents(folder)
  if (!WINDOWS) await chmod(folder, FOLDER_MODE)
}

/**
 * Step by step, because Node's own recursive way never ends below /proc, where nothing can be made.
 */
async function makeWithParents(folder: string): Promise<void> {
  try {
    await makeUnlessThere(folder)
  } catch (error) {
    const parent = dirname(folder)
    if (!isMissing(error) || parent === folder) throw error
    await makeWithParents(parent)
    await makeUnlessThere(folder).catch((again: unknown) => {
      // All around it is there: missing would be taken for 'somebody removed it'.
      throw isMissing(again) ? Object.assign(new Error(NOT_ALLOWED), { code: 'EACCES' }) : again
    })
  }
}

async function makeUnlessThere(folder: string): Promise<void> {
  try {
    await mkdir(folder, FOLDER_MODE)
  } catch (error) {
    // A folder that is there may be refused in other words, such as those of a disk one cannot write to.
    const found = await stat(folder).catch(() => undefined)
    if (found?.isDirectory() !== true) throw error
  }
}

/** undefined: there is no such file. */
export async function readPrivateFile(file: string): Promise<string | undefined> {
  try {
    return await using(file, readFile(file, 'utf8'))
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Replaces the file as a whole: after a crash there is the old text or the new one. Durable. */
export async function replacePrivateFile(file: string, text: string): Promise<void> {
  const folder = dirname(file)
  const fresh = join(folder, `.${basename(file)}.${randomUUID()}`)
  await makePrivateFolder(folder)
  try {
    await using(file, writeDurably(fresh, text))
    await using(file, rename(fresh, file))
  } catch (error) {
    await rm(fresh, { force: true })
    throw error
  }
  await syncFolder(folder)
}

/** Makes new, renamed and removed names in a folder durable, where the system can. */
export async function syncFolder(folder: string): Promise<void> {
  if (!WINDOWS) await using(folder, sync(folder))
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Whether the error says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function isSystemError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', FILE_MODE)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
