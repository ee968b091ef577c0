import { randomUUID } from 'node:crypto'
import { appendFile, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { FILE_MODE, isMissing, using } from './private-file.ts'
import { seal } from './sealed-line.ts'

/**
 * A private file of sealed lines. Nothing is synced: what is in it can be had again, and a reader
 * passes over what is not whole. Its folder must be there.
 */
export class SealedFile {
  readonly #path: string
  /** Bytes; undefined until something was appended or replaced. */
  #size: number | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** Lines as they stand, sealed, oldest first; none when there is no file. */
  async lines(): Promise<readonly string[]> {
    try {
      const text = await using(this.#path, readFile(this.#path, 'utf8'))
      return text.split('\n').filter((line) => line !== '')
    } catch (error) {
      if (isMissing(error)) return []
      throw error
    }
  }

  /** Answers how many bytes the file has then. */
  async append(bodies: readonly string[]): Promise<number> {
    // It begins with a line end: what stands before it may be half a line.
    const text = `\n${bodies.map(seal).join('\n')}\n`
    this.#size ??= await this.#sizeOnDisk()
    await using(this.#path, appendFile(this.#path, text, { mode: FILE_MODE }))
    this.#size += Buffer.byteLength(text)
    return this.#size
  }

  /** As a whole: a crash leaves the old lines or the new ones. Answers how many bytes these are. */
  async replace(bodies: readonly string[]): Promise<number> {
    const text = bodies.map((body) => `${seal(body)}\n`).join('')
    const fresh = `${this.#path}.${randomUUID()}`
    try {
      await using(fresh, writeFile(fresh, text, { mode: FILE_MODE, flag: 'wx' }))
      await using(this.#path, rename(fresh, this.#path))
    } catch (error) {
      await rm(fresh, { force: true })
      throw error
    }
    this.#size = Buffer.byteLength(text)
    return this.#size
  }

  async remove(): Promise<void> {
    this.#size = undefined
    await using(this.#path, rm(this.#path, { force: true }))
  }

  async #sizeOnDisk(): Promise<number> {
    try {
      return (await stat(this.#path)).size
    } catch (error) {
      if (isMissing(error)) return 0
      throw error
    }
  }
}
