import { type Entry, messages } from '../../protocol/messages.ts'
import { applyChange, isChange } from '../../protocol/present.ts'
import { CACHED_ENTRIES_MAX } from '../cache.ts'
import { recordOf, wordOf } from './record-body.ts'
import { SealedFile } from './sealed-file.ts'
import { unseal } from './sealed-line.ts'

/** A file below this many bytes is never too large. */
const LARGE_BYTES = 512 * 1_024

const ENTRY = messages.page.fields.entries

/**
 * The newest entries of one conversation, in a file to which entries are appended as they come. A
 * text that was changed stands in it twice until the file is made anew.
 */
export class CachedLog {
  readonly #file: SealedFile
  /** Id of the user whose reactions are `mine`. */
  readonly #me: string
  /** Beyond this many bytes the file is made anew. */
  #large = LARGE_BYTES

  constructor(path: string, me: string) {
    this.#file = new SealedFile(path)
    this.#me = me
  }

  /** Ascending, without a hole, texts as all changes that are kept make them. */
  async read(): Promise<readonly Entry[]> {
    return present(tailOf(await this.#file.lines()), this.#me)
  }

  /**
   * Entries in any order; what an edit or a deletion took away is gone from the file then, and so is
   * what stands before a hole: nobody would tell of its deletion. `kept`: seq of the last entry that
   * is there; 0: none is.
   */
  async append(entries: readonly Entry[], kept: number): Promise<void> {
    const size = await this.#file.append(entries.map(bodyOf))
    const forgets = entries.some(({ kind }) => kind === 'edited' || kind === 'deleted')
    const joins = entries.some(({ seq }) => seq <= kept + 1)
    if (forgets || !joins || size > this.#large) await this.compact()
  }

  /** Leaves what can be read, from `first` on. */
  async compact(first = 0): Promise<void> {
    const entries = (await this.read()).filter(({ seq }) => seq >= first)
    const size = await this.#file.replace(entries.map(bodyOf))
    this.#large = Math.max(LARGE_BYTES, 2 * size)
  }

  remove(): Promise<void> {
    return this.#file.remove()
  }
}

function bodyOf(entry: Entry): string {
  return wordOf(ENTRY, entry)
}

/** From the end on: lines that nothing is needed of are not decoded. */
function tailOf(lines: readonly string[]): readonly Entry[] {
  const known = new Map<number, Entry>()
  let last = 0
  // The greatest seq below the run that ends with `last`.
  let below = 0
  for (let at = lines.length - 1; at >= 0 && last - below < CACHED_ENTRIES_MAX; at -= 1) {
    const entry = entryOf(lines[at] ?? '')
    if (entry === undefined) continue
    const before = known.get(entry.seq)
    if (before === undefined || entry.changed > before.changed) known.set(entry.seq, entry)
    if (entry.seq > last) {
      last = entry.seq
      below = last
    }
    while (known.has(below)) below -= 1
  }
  const from = Math.max(below, last - CACHED_ENTRIES_MAX) + 1
  const tail: Entry[] = []
  for (let seq = from; seq <= last; seq += 1) {
    const entry = known.get(seq)
    if (entry !== undefined) tail.push(entry)
  }
  return tail
}

function entryOf(line: string): Entry | undefined {
  const body = unseal(line)
  const entry = body === undefined ? undefined : recordOf(ENTRY, body)
  return entry === undefined || entry.seq === 0 ? undefined : entry
}

function present(entries: readonly Entry[], me: string): readonly Entry[] {
  const first = entries[0]?.seq ?? 0
  const texts = [...entries]
  for (const change of entries) {
    if (!isChange(change)) continue
    const at = change.target - first
    const text = texts[at]
    if (text?.kind === 'text') texts[at] = applyChange(text, change, me)
  }
  return texts
}
