import { randomUUID } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Files that only their owner may read: tokens, pins, what was not sent yet. On Windows the modes
 * mean nothing; there the profile folder's own rights protect them.
 */

const FOLDER_MODE = 0o700
export const FILE_MODE = 0o600
const WINDOWS = process.platform === 'win32'

/** Makes the folder, and its rights tight if it was there. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE })
  if (!WINDOWS) await chmod(folder, FOLDER_MODE)
}

/** undefined: there is no such file. */
export async function readPrivateFile(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
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
    await writeDurably(fresh, text)
    await rename(fresh, file)
  } catch (error) {
    await rm(fresh, { force: true })
    throw error
  }
  await syncFolder(folder)
}

/** Makes new, renamed and removed names in a folder durable, where the system can. */
export async function syncFolder(folder: string): Promise<void> {
  if (WINDOWS) return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
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
