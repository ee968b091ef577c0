import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FILE_MODE, makePrivateFolder, readPrivateFile, syncFolder } from './private-file.ts'

const APPEND = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY

/**
 * A private file to which lines are appended, durably. Lines that come while others are being
 * written go to disk together with one sync.
 */
export class LineFile {
  #handle: FileHandle
  #queued: string[] = []
  #written: Promise<void> | undefined
  #next: Promise<void> | undefined
  #writing = false
  /** A write failed half-way: its rest must not become a part of the next line. */
  #torn = false

  private constructor(handle: FileHandle) {
    this.#handle = handle
  }

  static async open(file: string): Promise<LineFile> {
    await makePrivateFolder(dirname(file))
    const handle = await open(file, APPEND, FILE_MODE)
    await syncFolder(dirname(file))
    return new LineFile(handle)
  }

  /** `line` has no line end. Resolves when it is on disk. */
  append(line: string): Promise<void> {
    this.#queued.push(line)
    if (this.#next !== undefined) return this.#next
    const next = this.#afterCurrent()
    this.#next = next
    return next
  }

  /** Empties the file, when nothing in it matters any more; does nothing while lines are written. */
  clear(): Promise<void> {
    if (this.#next !== undefined || this.#writing) return Promise.resolve()
    this.#written = this.#handle.truncate(0)
    return this.#written
  }

  async close(): Promise<void> {
    await this.#settled()
    await this.#handle.close()
  }

  async #afterCurrent(): Promise<void> {
    await this.#written?.catch(() => undefined)
    this.#written = this.#next
    this.#next = undefined
    const lines = this.#queued.splice(0)
    this.#writing = true
    try {
      await this.#handle.appendFile(`${this.#torn ? '\n' : ''}${lines.join('\n')}\n`)
      this.#torn = false
      await this.#handle.datasync()
    } catch (error) {
      this.#torn = true
      throw error
    } finally {
      this.#writing = false
    }
  }

  async #settled(): Promise<void> {
    await this.#next?.catch(() => undefined)
    await this.#written?.catch(() => undefined)
  }
}

/** The lines of such a file. The last may be torn by a crash: its form must tell. */
export async function readLines(file: string): Promise<readonly string[]> {
  const text = (await readPrivateFile(file)) ?? ''
  return text.split('\n').filter((line) => line !== '')
}
