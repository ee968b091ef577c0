import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ownerOfThisProcess, ownerRuns } from './owner.ts'
import { FILE_MODE, isMissing, using } from './private-file.ts'

/** Who writes in a folder: one at a time, until they let it go or their process is gone. */
export class FolderClaim {
  readonly #path: string
  readonly #id = `${ownerOfThisProcess()}~${randomUUID()}`
  #mine = false

  constructor(folder: string) {
    this.#path = join(folder, 'writer')
  }

  /** Whether one may write; others that ask meanwhile may not. @throws PrivateFileError */
  async take(): Promise<boolean> {
    this.#mine ||= (await this.#begin()) || (await this.#follow())
    return this.#mine
  }

  async release(): Promise<void> {
    if (!this.#mine) return
    this.#mine = false
    await rm(this.#path, { force: true })
  }

  async #begin(): Promise<boolean> {
    try {
      await using(this.#path, writeFile(this.#path, this.#id, { mode: FILE_MODE, flag: 'wx' }))
      return true
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
      throw error
    }
  }

  /** After one whose process is gone: of several that try, the last one has it. */
  async #follow(): Promise<boolean> {
    const [owner = ''] = (await this.#read()).split('~')
    if (owner !== '' && ownerRuns(owner)) return false
    const fresh = `${this.#path}.${randomUUID()}`
    await using(fresh, writeFile(fresh, this.#id, { mode: FILE_MODE, flag: 'wx' }))
    await using(this.#path, rename(fresh, this.#path))
    return (await this.#read()) === this.#id
  }

  async #read(): Promise<string> {
    try {
      return await using(this.#path, readFile(this.#path, 'utf8'))
    } catch (error) {
      if (isMissing(error)) return ''
      throw error
    }
  }
}
