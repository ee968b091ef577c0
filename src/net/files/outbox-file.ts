import { createHash, randomUUID } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { nameKey } from '../../protocol/names.ts'
import type { OutboxItem } from '../events.ts'
import type { Outbox } from '../outbox.ts'
import { removeIfEmpty } from './account-folder.ts'
import { LineFile, readLines } from './line-file.ts'
import { ownerOfThisProcess, ownerRuns } from './owner.ts'
import { isMissing, makePrivateFolder, syncFolder, using } from './private-file.ts'
import { parseJson } from './record-folder.ts'

/** Belongs to nobody: the next client adopts it. */
const FREE = 'free'
const SUFFIX = '.jsonl'
/** When nothing waits, a file beyond this many lines is emptied. */
const LINES_MAX = 1_000

export type OutboxPlace = Readonly<{
  /** `$XDG_STATE_HOME/tchat` */
  stateFolder: string
  /** HOST:PORT */
  server: string
  userName: string
}>

/**
 * An outbox in files. Each process appends to one of its own (`<owner>~<id>.jsonl`), and takes over
 * what processes left that are gone. To rename is to adopt: of several that try, one succeeds.
 */
export async function openOutbox(place: OutboxPlace): Promise<Outbox> {
  const folder = folderOf(place)
  await makePrivateFolder(folder)
  const adopted = await adopt(folder)
  const kept = await readAll(adopted)
  const file = join(folder, ownName())
  const lines = await LineFile.open(file)
  await Promise.all(kept.map((item) => lines.append(JSON.stringify({ add: item }))))
  // Only now: what was adopted is durable here.
  for (const old of adopted) await using(old, rm(old, { force: true }))
  return new FileOutbox(folder, file, lines, kept)
}

/** How many items the next client would send; nothing is adopted. */
export async function countWaiting(place: OutboxPlace): Promise<number> {
  const folder = folderOf(place)
  const left = (await namesIn(folder)).filter(isAdoptable)
  const kept = await readAll(left.map((name) => join(folder, name)))
  return kept.filter(({ refused }) => refused === undefined).length
}

/** Nothing waits: the folder need not stay either. */
export async function removeOutbox(place: OutboxPlace): Promise<void> {
  await removeIfEmpty(folderOf(place))
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await using(folder, readdir(folder))
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

class FileOutbox implements Outbox {
  readonly kept: readonly OutboxItem[]
  #folder: string
  #file: string
  #lines: LineFile
  #waiting: Set<string>
  #count: number
  #closed: Promise<void> | undefined

  constructor(folder: string, file: string, lines: LineFile, kept: readonly OutboxItem[]) {
    this.#folder = folder
    this.#file = file
    this.#lines = lines
    this.kept = kept
    this.#waiting = new Set(kept.map((item) => item.nonce))
    this.#count = kept.length
  }

  async add(item: OutboxItem): Promise<void> {
    this.#waiting.add(item.nonce)
    try {
      await this.#append({ add: item })
    } catch (error) {
      this.#waiting.delete(item.nonce)
      throw error
    }
  }

  async refuse(nonce: string, reason: string | undefined): Promise<void> {
    await this.#append({ refuse: nonce, reason })
  }

  async remove(nonce: string): Promise<void> {
    this.#waiting.delete(nonce)
    if (this.#waiting.size > 0 || this.#count < LINES_MAX) return this.#append({ remove: nonce })
    this.#checkOpen()
    this.#count = 0
    await this.#lines.clear()
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #append(line: Line): Promise<void> {
    this.#checkOpen()
    this.#count += 1
    await this.#lines.append(JSON.stringify(line))
  }

  #checkOpen(): void {
    if (this.#closed !== undefined) throw new Error('the outbox is closed')
  }

  /** What still waits is left for the next client of this user, in this process or another. */
  async #close(): Promise<void> {
    await this.#lines.close()
    if (this.#waiting.size === 0) return using(this.#file, rm(this.#file, { force: true }))
    const free = join(this.#folder, `${FREE}~${randomUUID()}${SUFFIX}`)
    await using(this.#file, rename(this.#file, free))
    await syncFolder(this.#folder)
  }
}

type Line =
  | Readonly<{ add: OutboxItem }>
  | Readonly<{ refuse: string; reason: string | undefined }>
  | Readonly<{ remove: string }>

function folderOf({ stateFolder, server, userName }: OutboxPlace): string {
  const key = createHash('sha256')
    .update(`${server} ${nameKey(userName)}`)
    .digest('hex')
  return join(stateFolder, 'outbox', key.slice(0, 32))
}

function ownName(): string {
  return `${ownerOfThisProcess()}~${randomUUID()}${SUFFIX}`
}

/** Renames the files of those who are gone to be ours; answers their new names. */
async function adopt(folder: string): Promise<readonly string[]> {
  const adopted: string[] = []
  for (const name of await using(folder, readdir(folder))) {
    if (!isAdoptable(name)) continue
    const ours = join(folder, ownName())
    if (await renamed(join(folder, name), ours)) adopted.push(ours)
  }
  return adopted
}

function isAdoptable(name: string): boolean {
  const owner = name.split('~')[0] ?? ''
  return name.endsWith(SUFFIX) && (owner === FREE || !ownerRuns(owner))
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await using(from, rename(from, to))
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

/** What waits in these files, oldest first. */
async function readAll(files: readonly string[]): Promise<readonly OutboxItem[]> {
  const items = new Map<string, OutboxItem>()
  const removed = new Set<string>()
  const orders: string[][] = []
  for (const file of files) {
    const lines = (await readLines(file)).map(parseJson)
    orders.push(lines.flatMap((line) => apply(line, items, removed)))
  }
  for (const nonce of removed) items.delete(nonce)
  return merge(orders.map((nonces) => nonces.flatMap((nonce) => items.get(nonce) ?? [])))
}

/**
 * Each list stays in its order, which is that of writing: the clock may have been set back
 * meanwhile. Between lists time decides. Who was killed while adopting left items in two of them.
 */
function merge(lists: readonly (readonly OutboxItem[])[]): readonly OutboxItem[] {
  const queues = lists.map((list) => list.toReversed())
  const merged = new Map<string, OutboxItem>()
  for (;;) {
    const waiting = queues.filter((queue) => queue.length > 0)
    const [next] = waiting.toSorted((one, other) => headTime(one) - headTime(other))
    const item = next?.pop()
    if (item === undefined) return [...merged.values()]
    if (!merged.has(item.nonce)) merged.set(item.nonce, item)
  }
}

/** Queues have their first item last. */
function headTime(queue: readonly OutboxItem[]): number {
  return queue.at(-1)?.time ?? 0
}

/** Answers the nonce of what the line adds. */
function apply(
  value: unknown,
  items: Map<string, OutboxItem>,
  removed: Set<string>,
): readonly string[] {
  const { add, refuse, reason, remove } = (value ?? {}) as Record<string, unknown>
  const item = readItem(add)
  if (item !== undefined) items.set(item.nonce, item)
  if (typeof remove === 'string') removed.add(remove)
  const refused = items.get(String(refuse))
  if (refused !== undefined) {
    const why = typeof reason === 'string' ? reason : undefined
    items.set(refused.nonce, { ...refused, refused: why })
  }
  return item === undefined ? [] : [item.nonce]
}

function readItem(value: unknown): OutboxItem | undefined {
  const fields = (value ?? {}) as Record<keyof OutboxItem, unknown>
  const { nonce, target, text, reply, time, refused } = fields
  const { kind, id } = (target ?? {}) as Record<string, unknown>
  if (typeof nonce !== 'string' || !/^[0-9a-f]{32}$/.test(nonce)) return undefined
  if ((kind !== 'direct' && kind !== 'group') || typeof id !== 'string') return undefined
  if (typeof text !== 'string' || typeof time !== 'number') return undefined
  return {
    nonce,
    target: { kind, id },
    text,
    // Files of the first version have none.
    reply: typeof reply === 'number' ? reply : 0,
    time,
    refused: typeof refused === 'string' ? refused : undefined,
  }
}
