import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FILE_MODE, makePrivateFolder, readPrivateFile, syncFolder, using } from './private-file.ts'

const APPEND = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY

/**
 * A private file to which lines are appended, durably. Lines that come while others are being
 * written go to disk together with one sync.
 */
export class LineFile {
  #file: string
  #handle: FileHandle
  #queued: string[] = []
  /** Before the queued lines are written, the file is emptied. */
  #empties = false
  #written: Promise<void> | undefined
  #next: Promise<void> | undefined
  /** Bytes of the lines that are on disk. */
  #length: number
  /** A write failed: what it left, half a line or whole ones, must not stay. */
  #torn = false

  private constructor(file: string, handle: FileHandle, length: number) {
    this.#file = file
    this.#handle = handle
    this.#length = length
  }

  static async open(file: string): Promise<LineFile> {
    await makePrivateFolder(dirname(file))
    const handle = await using(file, open(file, APPEND, FILE_MODE))
    await syncFolder(dirname(file))
    const { size } = await handle.stat()
    return new LineFile(file, handle, size)
  }

  /**
   * `line` has no line end. Resolves when it is on disk; when that fails, it is taken out of the
   * file again: nobody may find what its writer was told is not kept.
   */
  append(line: string): Promise<void> {
    this.#queued.push(line)
    return this.#soon()
  }

  /** Nothing up to now matters any more: what is appended later begins the file anew. */
  clear(): Promise<void> {
    this.#queued.length = 0
    this.#empties = true
    return this.#soon()
  }

  async close(): Promise<void> {
    await this.#settled()
    if (this.#torn) await this.#mend().catch(() => undefined)
    await this.#handle.close()
  }

  #soon(): Promise<void> {
    this.#next ??= this.#afterCurrent()
    return this.#next
  }

  async #afterCurrent(): Promise<void> {
    await this.#written?.catch(() => undefined)
    this.#written = this.#next
    this.#next = undefined
    const text = this.#queued.map((line) => `${line}\n`).join('')
    const empties = this.#empties
    this.#queued.length = 0
    this.#empties = false
    await using(this.#file, this.#write(text, empties))
  }

  async #write(text: string, empties: boolean): Promise<void> {
    // What cannot be emptied grows.
    if (empties) await this.#cutTo(0).catch(() => undefined)
    // The system may have refused it right after the failure.
    if (this.#torn) await this.#mend()
    if (text === '') return
    try {
      await this.#handle.appendFile(text)
      await this.#handle.datasync()
      this.#length += Buffer.byteLength(text)
    } catch (error) {
      this.#torn = true
      await this.#mend().catch(() => undefined)
      throw error
    }
  }

  async #mend(): Promise<void> {
    await this.#cutTo(this.#length)
    this.#torn = false
  }

  async #cutTo(length: number): Promise<void> {
    await this.#handle.truncate(length)
    this.#length = length
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
