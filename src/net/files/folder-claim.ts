import { randomUUID } from 'node:crypto'
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ownerOfThisProcess, ownerRuns } from './owner.ts'
import { FILE_MODE, isMissing, using } from './private-file.ts'

/** Who had it let it go. */
const FREE = 'free'
const NAME = /^writer\.(\d+)$/

/**
 * Who writes in a folder: one at a time, until they let it go or their process is gone. Each that
 * follows makes the file with the next number, `writer.<n>`, which only one can; the highest counts.
 */
export class FolderClaim {
  readonly #folder: string
  readonly #id = `${ownerOfThisProcess()}~${randomUUID()}`
  /** The file that is ours. */
  #mine: string | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Whether one may write; others that ask meanwhile may not. @throws PrivateFileError */
  async take(): Promise<boolean> {
    this.#mine ??= await this.#follow()
    return this.#mine !== undefined
  }

  /** Never throws: what cannot be let go is free when the process ends. */
  async release(): Promise<void> {
    const mine = this.#mine
    if (mine === undefined) return
    this.#mine = undefined
    // The number stays: who saw an earlier one must not come to believe that theirs is the highest.
    await this.#free(mine).catch(() => undefined)
  }

  async #free(path: string): Promise<void> {
    await using(path, rename(await this.#fresh(FREE), path))
  }

  async #follow(): Promise<string | undefined> {
    const last = await this.#last()
    if (last > 0 && (await this.#runs(last))) return undefined
    const next = this.#path(last + 1)
    if (!(await this.#make(next))) return undefined
    // Others may have followed and removed what was before them, and so our number seemed to be free.
    if ((await this.#last()) > last + 1) {
      await rm(next, { force: true })
      return undefined
    }
    await rm(this.#path(last), { force: true })
    return next
  }

  /** The highest number; 0: nobody was here. */
  async #last(): Promise<number> {
    const names = await using(this.#folder, readdir(this.#folder))
    return Math.max(0, ...names.map((name) => Number(NAME.exec(name)?.[1] ?? 0)))
  }

  async #runs(number: number): Promise<boolean> {
    const path = this.#path(number)
    try {
      const [owner = ''] = (await using(path, readFile(path, 'utf8'))).split('~')
      // Only a crash of the machine leaves it empty.
      return owner !== '' && owner !== FREE && ownerRuns(owner)
    } catch (error) {
      // Somebody has just followed.
      if (isMissing(error)) return true
      throw error
    }
  }

  /** With its content at once. False: another one was first. */
  async #make(path: string): Promise<boolean> {
    const fresh = await this.#fresh(this.#id)
    try {
      await using(path, linked(fresh, path, this.#id))
      return true
    } catch (error) {
      if (isThere(error)) return false
      throw error
    } finally {
      await rm(fresh, { force: true })
    }
  }

  async #fresh(content: string): Promise<string> {
    const fresh = join(this.#folder, `.${randomUUID()}`)
    await using(fresh, writeFile(fresh, content, { mode: FILE_MODE, flag: 'wx' }))
    return fresh
  }

  #path(number: number): string {
    return join(this.#folder, `writer.${number}`)
  }
}

async function linked(from: string, to: string, content: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if (isThere(error) || isMissing(error)) throw error
    // A file system without links: there a reader may see it before its content is in it.
    await writeFile(to, content, { mode: FILE_MODE, flag: 'wx' })
  }
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
