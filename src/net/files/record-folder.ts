import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  isMissing,
  readPrivateFile,
  replacePrivateFile,
  syncFolder,
  using,
} from './private-file.ts'

/**
 * Small records, each in a private file of its own: two programs that change different ones do not
 * trample on each other, and each is replaced as a whole.
 */
export class RecordFolder<T> {
  #folder: string
  #read: (value: unknown) => T | undefined

  /** `read` checks what a file held; undefined: it is nothing of ours. */
  constructor(folder: string, read: (value: unknown) => T | undefined) {
    this.#folder = folder
    this.#read = read
  }

  get(key: string): Promise<T | undefined> {
    return this.#readFile(this.#fileOf(key))
  }

  set(key: string, record: T): Promise<void> {
    return replacePrivateFile(this.#fileOf(key), `${JSON.stringify(record)}\n`)
  }

  async remove(key: string): Promise<void> {
    const file = this.#fileOf(key)
    await using(file, rm(file, { force: true }))
    await syncFolder(this.#folder).catch(ignoreMissing)
  }

  async list(): Promise<readonly T[]> {
    const names = await using(this.#folder, readdir(this.#folder)).catch(ignoreMissing)
    const files = (names ?? []).filter((name) => /^[0-9a-f]+\.json$/.test(name))
    const records = await Promise.all(files.map((name) => this.#readFile(join(this.#folder, name))))
    return records.filter((record) => record !== undefined)
  }

  #fileOf(key: string): string {
    const name = createHash('sha256').update(key).digest('hex').slice(0, 32)
    return join(this.#folder, `${name}.json`)
  }

  async #readFile(file: string): Promise<T | undefined> {
    const text = await readPrivateFile(file)
    return text === undefined ? undefined : this.#read(parseJson(text))
  }
}

/** undefined: the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function ignoreMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error
  return undefined
}
