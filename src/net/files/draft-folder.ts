import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Drafts, KeptComposing, KeptDraft } from '../drafts.ts'
import {
  type Account,
  accountFolder,
  removeAccounts,
  removeFolder,
  removeIfEmpty,
} from './account-folder.ts'
import { ownerOfThisProcess, ownerRuns } from './owner.ts'
import {
  FILE_MODE,
  isMissing,
  makePrivateFolder,
  readPrivateFile,
  replacePrivateFile,
  using,
} from './private-file.ts'
import { parseJson } from './record-folder.ts'
import { seal, unseal } from './sealed-line.ts'

/** Belongs to nobody: the next client takes it over. */
const FREE = 'free'
const SUFFIX = '.drafts'

/**
 * Drafts in files: each client has one of its own (`<owner>~<id>.drafts`), which is replaced as a
 * whole, and takes over what clients left that are gone. So no two write over each other; where two
 * have left a draft in one conversation, the next client gets both in one.
 * @throws PrivateFileError
 */
export async function openDrafts(account: Account): Promise<Drafts> {
  const folder = accountFolder('drafts', account)
  await makePrivateFolder(folder)
  const taken = await takeOver(folder)
  const found: KeptDraft[] = []
  for (const path of taken) found.push(...(await readDrafts(path)))
  const file = join(folder, ownName())
  const kept = mergedDrafts(found)
  if (kept.length > 0) await replacePrivateFile(file, textOf(kept))
  // Only now: what was taken over is in the new file.
  for (const path of taken) await using(path, rm(path, { force: true }))
  return new DraftFile(folder, file, kept)
}

/** Removes what is kept of all accounts. @throws PrivateFileError */
export function removeDrafts(stateFolder: string): Promise<void> {
  return removeAccounts('drafts', stateFolder)
}

class DraftFile implements Drafts {
  readonly kept: readonly KeptDraft[]
  readonly #folder: string
  readonly #file: string
  #isThere: boolean
  #last: Promise<unknown> = Promise.resolve()
  #over = false

  constructor(folder: string, file: string, kept: readonly KeptDraft[]) {
    this.kept = kept
    this.#folder = folder
    this.#file = file
    this.#isThere = kept.length > 0
  }

  save(drafts: readonly KeptDraft[]): Promise<void> {
    return this.#next(async () => {
      if (this.#over) return
      if (drafts.length === 0) return this.#clear()
      await replacePrivateFile(this.#file, textOf(drafts))
      this.#isThere = true
    })
  }

  saveNow(drafts: readonly KeptDraft[]): void {
    if (this.#over) return
    // What is being saved at this moment is older, and must not follow.
    this.#over = true
    try {
      if (drafts.length === 0) return rmSync(this.#file, { force: true })
      const fresh = join(this.#folder, `.${randomUUID()}`)
      writeFileSync(fresh, textOf(drafts), { mode: FILE_MODE, flag: 'wx' })
      renameSync(fresh, this.#file)
    } catch {
      // Nobody is left to be told.
    }
  }

  close(): Promise<void> {
    return this.#next(async () => {
      if (this.#over) return
      this.#over = true
      if (!this.#isThere) return removeIfEmpty(this.#folder)
      const free = join(this.#folder, `${FREE}~${randomUUID()}${SUFFIX}`)
      await using(this.#file, rename(this.#file, free))
    })
  }

  remove(): Promise<void> {
    return this.#next(async () => {
      this.#over = true
      await removeFolder(this.#folder)
    })
  }

  async #clear(): Promise<void> {
    if (!this.#isThere) return
    await using(this.#file, rm(this.#file, { force: true }))
    this.#isThere = false
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work, work)
    this.#last = done.catch(() => undefined)
    return done
  }
}

/** One for each conversation, oldest first: what differs stands below each other, nothing is lost. */
function mergedDrafts(found: readonly KeptDraft[]): readonly KeptDraft[] {
  const merged = new Map<string, KeptDraft>()
  for (const draft of found.toSorted((one, other) => one.time - other.time)) {
    const before = merged.get(draft.target)
    merged.set(draft.target, before === undefined ? draft : joined(before, draft))
  }
  return [...merged.values()]
}

function joined(older: KeptDraft, newer: KeptDraft): KeptDraft {
  const { text, composing } = newer
  if (composing?.type === 'edit') {
    // An edit stays what it is: what is not of it must not go out with it.
    const others = text.includes(older.text) ? [] : [older.text]
    const before = stacked([beforeEdit(older), ...others, composing.before])
    return { ...newer, composing: { ...composing, before } }
  }
  const all = stacked([beforeEdit(older), older.text, text])
  return all === text ? newer : { ...newer, text: all, cursor: all.length }
}

/** The draft that comes back after the edit; '' where there is none. */
function beforeEdit({ composing }: KeptDraft): string {
  return composing?.type === 'edit' ? composing.before : ''
}

/** Below each other; what the next one has in it is not said twice. */
function stacked(texts: readonly string[]): string {
  return texts.reduce((above, below) => {
    if (below === '') return above
    return below.includes(above) ? below : `${above}\n${below}`
  }, '')
}

function ownName(): string {
  return `${ownerOfThisProcess()}~${randomUUID()}${SUFFIX}`
}

/** Of several that try, one succeeds in renaming. Answers the new names. */
async function takeOver(folder: string): Promise<readonly string[]> {
  const taken: string[] = []
  for (const name of await using(folder, readdir(folder))) {
    const owner = name.split('~')[0] ?? ''
    if (!name.endsWith(SUFFIX) || (owner !== FREE && ownerRuns(owner))) continue
    const ours = join(folder, ownName())
    try {
      await using(folder, rename(join(folder, name), ours))
      taken.push(ours)
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }
  return taken
}

function textOf(drafts: readonly KeptDraft[]): string {
  return `${drafts.map((draft) => seal(JSON.stringify(draft))).join('\n')}\n`
}

async function readDrafts(path: string): Promise<readonly KeptDraft[]> {
  const lines = ((await readPrivateFile(path)) ?? '').split('\n')
  return lines.flatMap((line) => readDraft(parseJson(unseal(line) ?? '')) ?? [])
}

function readDraft(value: unknown): KeptDraft | undefined {
  const { target, text, cursor, composing, time } = fieldsOf<KeptDraft>(value)
  if (typeof target !== 'string' || typeof text !== 'string' || text === '') return undefined
  if (typeof cursor !== 'number' || typeof time !== 'number') return undefined
  const kept = readComposing(composing)
  return { target, text, cursor, time, ...(kept === undefined ? {} : { composing: kept }) }
}

function readComposing(value: unknown): KeptComposing | undefined {
  const { type, seq, before } = fieldsOf<Extract<KeptComposing, { type: 'edit' }>>(value)
  if (typeof seq !== 'number') return undefined
  if (type === 'edit' && typeof before === 'string') return { type, seq, before }
  return (type as unknown) === 'reply' ? { type: 'reply', seq } : undefined
}

function fieldsOf<T>(value: unknown): Record<keyof T, unknown> {
  return (value ?? {}) as Record<keyof T, unknown>
}
