import { expect, onTestFinished, test } from 'vitest'
import type { Entry, Hit } from '../../src/protocol/messages.ts'
import { RowCache } from '../../src/ui/log/rows.ts'
import { createStore } from '../../src/ui/run.tsx'
import { ENTRIES_KEPT_MAX } from '../../src/ui/state/log.ts'
import { PLAIN_ENTRY } from '../support/plain.ts'
import { Screen } from '../support/screen.ts'
import { type Asked, ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

/** A million entries, of which the server makes those that it is asked for. */
const LAST = 1_000_000
const SIZE = { columns: 80, rows: 100 }
const PAGE_UP = '\x1b[5~'
const PAGE_DOWN = '\x1b[6~'
const TOP = '\x18<'
const END = '\x18>'
const FIRST_UNREAD = '\x18f'
/** Pages that one step may need: what is in view, and the next one above or below it. */
const PAGES_A_STEP = 2
/** Entries whose rows one step may make or look up: some frames of a screen each. */
const ROWS_A_STEP = 20 * SIZE.rows

/** Counts whose rows are asked for. */
class CountedRows extends RowCache {
  asked = 0

  override get(item: object, key: string, make: () => readonly string[]): readonly string[] {
    this.asked += 1
    return super.get(item, key, make)
  }
}

const alice = person('alice')

function entryAt(seq: number): Entry {
  const said = { kind: 'text', text: `text ${seq}`, nonce: new Uint8Array() } as const
  return { seq, time: NINE + seq, from: alice.id, name: 'alice', n: seq, ...PLAIN_ENTRY, ...said }
}

/** As the server does it: 0 stands for nothing asked. */
function page({ before = 0, after = 0, around = 0, limit }: Asked): unknown {
  const count = Number(limit)
  const from = Number(after) > 0 ? Number(after) + 1 : Number(around) - count / 2
  const until = Number(before) > 0 ? Number(before) - 1 : LAST
  const isUp = Number(after) > 0 || Number(around) > 0
  const first = Math.max(1, isUp ? from : until - count + 1)
  const length = Math.min(count, LAST - first + 1, isUp ? count : until - first + 1)
  const entries = Array.from({ length }, (_, at) => entryAt(first + at))
  return { entries, first: 1, last: LAST }
}

class Reader {
  readonly screen: Screen
  readonly id: string
  readonly #world = new ScriptedWorld()
  readonly #rows = new CountedRows()
  readonly #store = createStore(SIZE)
  #held = 0

  constructor(read: number) {
    this.id = this.#world.group('long', alice)
    this.#world.changeHead(this.id, { last: LAST, n: LAST, read, readN: read })
    this.#world.keptSession = { user: ME, token: Buffer.alloc(32) }
    this.#world.lastTarget = this.id
    this.#world.answers['getPage'] = page
    this.#world.answers['search'] = () => ({ hits: [hitAt(this.id, LAST / 2)], next: '' })
    const parts = { connector: this.#world, now: () => NINE, cache: this.#rows, store: this.#store }
    onTestFinished(this.#store.subscribe(() => this.#count()))
    this.screen = Screen.open(SIZE, {}, parts)
  }

  /** What is in view, from the first seq to the last. */
  get seen(): readonly number[] {
    return Array.from(this.screen.text.matchAll(/\btext (\d+)/g), ([, seq]) => Number(seq))
  }

  /** The most entries that were held at a time. */
  get held(): number {
    return this.#held
  }

  /** Until the screen shows it, and nothing is missing there. A step may cost so much alone. */
  async step(keys: string, isThere: (seen: readonly number[]) => boolean): Promise<void> {
    const [pages, rows] = [this.#pages, this.#rows.asked]
    this.screen.type(keys)
    await this.screen.waitFor(() => this.#isWhole && isThere(this.seen))
    expect(this.#pages - pages).toBeLessThanOrEqual(PAGES_A_STEP)
    expect(this.#rows.asked - rows).toBeLessThanOrEqual(ROWS_A_STEP)
    expect(this.#held).toBeLessThanOrEqual(ENTRIES_KEPT_MAX)
  }

  /** Nothing is missing in what is in view. */
  get #isWhole(): boolean {
    const { seen } = this
    const isGapless = seen.every((seq, at) => seq === (seen[0] ?? 0) + at)
    return isGapless && this.#conversation?.loading.length === 0
  }

  get #conversation() {
    return this.#store.getSnapshot().conversations.get(this.id)
  }

  get #pages(): number {
    return this.#world.askedOf('getPage').length
  }

  #count(): void {
    this.#held = Math.max(this.#held, this.#conversation?.entries.length ?? 0)
  }
}

function hitAt(conversation: string, seq: number): Hit {
  return { conversation, entry: entryAt(seq), snippet: `text ${seq}` } as unknown as Hit
}

const includes = (seq: number) => (seen: readonly number[]) => seen.includes(seq)

async function open(read = LAST): Promise<Reader> {
  const reader = new Reader(read)
  await reader.step('', includes(LAST))
  return reader
}

test('reading a million messages back, a page at a time, holds some thousands of them', async () => {
  const reader = await open()
  let top = LAST
  while (top > LAST - ENTRIES_KEPT_MAX - 3 * SIZE.rows) {
    await reader.step(PAGE_UP, ([first = top]) => first < top)
    top = reader.seen[0] ?? 0
  }
  // What was let go comes again on the way down, from where one is.
  while ((reader.seen[0] ?? 0) < top + ENTRIES_KEPT_MAX / 4) {
    const before = reader.seen.at(-1) ?? 0
    await reader.step(PAGE_DOWN, (seen) => (seen.at(-1) ?? 0) > before)
  }
  await reader.step(END, includes(LAST))
})

test('the first of a million messages is one step away, and so is the last', async () => {
  const reader = await open()
  await reader.step(TOP, includes(1))
  // From there one reads on, and what is between is not asked for.
  for (let step = 0; step < 5; step++) {
    const before = reader.seen.at(-1) ?? 0
    await reader.step(PAGE_DOWN, (seen) => (seen.at(-1) ?? 0) > before)
    expect(reader.seen.at(-1)).toBeLessThan(1_000)
  }
  await reader.step(END, includes(LAST))
  await reader.step(TOP, includes(1))
})

test('the first unread of a million messages is one step away', async () => {
  const reader = await open(0)
  await reader.step(FIRST_UNREAD, includes(1))
})

test('a search hit among a million messages is shown with what is around it alone', async () => {
  const reader = await open()
  reader.screen.type('\x06text')
  await reader.screen.waitFor((screen) => screen.text.includes(`text ${LAST / 2}`))
  await reader.step('\r', (seen) => [-1, 0, 1].every((by) => seen.includes(LAST / 2 + by)))
  for (const [key, by] of [
    [PAGE_UP, -1],
    [PAGE_DOWN, 1],
  ] as const) {
    for (let step = 0; step < 4; step++) {
      const edge = reader.seen.at(by === 1 ? -1 : 0) ?? 0
      await reader.step(key, (seen) => by * ((seen.at(by === 1 ? -1 : 0) ?? 0) - edge) > 0)
    }
  }
  await reader.step(END, includes(LAST))
})
