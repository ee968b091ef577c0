import { describe, expect, test } from 'vitest'
import { EntryStream, type StreamOptions } from '../../../src/net/library/entry-stream.ts'
import { ChatError } from '../../../src/protocol/errors.ts'
import type { AnswerOf, DraftMessage, Entry, Head } from '../../../src/protocol/messages.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { PLAIN_ENTRY, PLAIN_HEAD } from '../../support/plain.ts'

/** A server with one log, of which a page has three entries. */
class World {
  readonly clock = new FakeClock()
  readonly marks: number[] = []
  readonly pages: number[] = []
  log: Entry[] = []
  first = 1
  delivered = 0
  /** Called while a page is on its way. */
  onPage: () => void = () => undefined
  readonly stream: EntryStream

  constructor(length: number, options: Partial<StreamOptions> = {}) {
    for (let seq = 1; seq <= length; seq += 1) this.log.push(entryAt(seq))
    this.stream = new EntryStream({
      ask: (draft) => this.#ask(draft),
      timers: this.clock,
      wants: () => true,
      start: (head) => head.delivered,
      follow: true,
      ...options,
    })
  }

  head(): Head {
    const last = this.log.length
    const cursors = { delivered: this.delivered, read: 0, readN: 0, last, n: last, time: last }
    const own = { conversation: 'c', name: 'tea', kind: 'group', role: 'member' } as const
    return { ...PLAIN_HEAD, ...own, ...cursors, peer: undefined, first: 1, from: 1, members: 2 }
  }

  /** Somebody says something, and it is pushed. */
  say(): void {
    const entry = entryAt(this.log.length + 1)
    this.log.push(entry)
    this.stream.entry('c', entry)
  }

  async read(count: number): Promise<number[]> {
    const seqs: number[] = []
    while (seqs.length < count) {
      const placed = await this.stream.next()
      if (placed === undefined) break
      seqs.push(placed.entry.seq)
      this.stream.done(placed)
    }
    return seqs
  }

  async #ask<T extends 'getPage' | 'mark'>(draft: DraftMessage<T>): Promise<AnswerOf<T>> {
    const asked = draft as DraftMessage<'getPage' | 'mark'>
    if (asked.type === 'mark') {
      this.marks.push(asked.delivered ?? 0)
      return {} as AnswerOf<T>
    }
    const after = asked.after ?? 0
    this.pages.push(after)
    if (this.first === 0) throw new ChatError('notMember')
    const kept = this.log.filter(({ seq }) => seq > after && seq >= this.first)
    const page = { entries: kept.slice(0, 3), first: this.first, last: this.log.length }
    await Promise.resolve()
    this.onPage()
    return page as unknown as AnswerOf<T>
  }
}

function entryAt(seq: number): Entry {
  const kind = 'text' as const
  const texts = { from: '~b', name: 'bob', text: `text ${seq}`, nonce: new Uint8Array() }
  return { ...PLAIN_ENTRY, ...texts, kind, seq, n: seq, time: seq }
}

function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}

describe('each entry comes once and in order', () => {
  test('what waits first, page by page, then what is pushed', async () => {
    const world = new World(7)
    world.stream.heads([world.head()], true)
    expect(await world.read(7)).toEqual(upTo(7))
    world.say()
    world.say()
    expect(await world.read(2)).toEqual([8, 9])
    expect(world.pages).toEqual([0, 3, 6])
  })

  test('what is pushed while a page is on its way', async () => {
    const world = new World(4)
    world.onPage = () => {
      world.onPage = () => undefined
      world.say()
      world.say()
    }
    world.stream.heads([world.head()], true)
    expect(await world.read(6)).toEqual(upTo(6))
  })

  test('what was said while the connection was away', async () => {
    const world = new World(1)
    world.stream.heads([world.head()], true)
    expect(await world.read(1)).toEqual([1])
    world.log.push(entryAt(2), entryAt(3))
    world.stream.heads([world.head()], true)
    world.say()
    expect(await world.read(3)).toEqual([2, 3, 4])
  })

  test('what was taken before one left is not told again when one is back', async () => {
    const world = new World(2)
    world.stream.heads([world.head()], true)
    await world.read(2)
    world.stream.left('c')
    world.log.push(entryAt(3))
    world.stream.heads([world.head()], false)
    expect(await world.read(1)).toEqual([3])
  })

  test('what follows when the server was put back to an earlier time', async () => {
    const world = new World(4)
    world.stream.heads([world.head()], true)
    await world.read(4)
    world.log.splice(2)
    world.delivered = 2
    world.stream.heads([world.head()], true)
    world.say()
    expect(await world.read(1)).toEqual([3])
  })

  test('what retention has taken is passed over', async () => {
    const world = new World(9)
    world.first = 8
    world.stream.heads([world.head()], true)
    expect(await world.read(2)).toEqual([8, 9])
  })
})

test('a reader that is slow costs no more than a page and the waiting ones', async () => {
  const world = new World(1)
  world.stream.heads([world.head()], true)
  await world.read(1)
  for (let count = 0; count < 2_000; count += 1) world.say()
  expect(await world.read(2_000)).toEqual(upTo(2_001, 2))
  // The first 500 waited here; the rest was fetched.
  expect(world.pages[1]).toBe(501)
})

test('without following it ends with what there was', async () => {
  const world = new World(4, { follow: false })
  world.stream.heads([world.head()], true)
  world.say()
  expect(await world.read(9)).toEqual(upTo(4))
})

test('who is out is told no more, and the others go on', async () => {
  const world = new World(4, { follow: false })
  world.first = 0
  world.stream.heads([world.head()], true)
  expect(await world.read(9)).toEqual([])
})

test('why it ends is told to who reads', async () => {
  const world = new World(0)
  world.stream.heads([world.head()], true)
  const reading = world.read(1)
  world.stream.end(new Error('the session is over'))
  await expect(reading).rejects.toThrow('the session is over')
})

describe('delivered', () => {
  test('follows what was read, at most twice a second', async () => {
    const world = new World(5)
    world.stream.heads([world.head()], true)
    await world.read(2)
    expect(world.marks).toEqual([])
    await world.clock.advance(500)
    expect(world.marks).toEqual([2])
    await world.read(3)
    await world.stream.flush()
    expect(world.marks).toEqual([2, 5])
    await world.clock.advance(5_000)
    expect(world.marks).toEqual([2, 5])
  })

  test('is not said of what the server has it already for', async () => {
    const world = new World(5, { start: () => 0 })
    world.delivered = 5
    world.stream.heads([world.head()], true)
    await world.read(5)
    await world.stream.flush()
    expect(world.marks).toEqual([])
  })
})

test('a group that is renamed while the connection is away stays wanted', async () => {
  const world = new World(2, { wants: ({ name }) => name === 'tea' })
  world.stream.heads([world.head()], true)
  expect(await world.read(2)).toEqual([1, 2])
  world.log.push(entryAt(3))
  world.stream.heads([{ ...world.head(), name: 'coffee' }], true)
  expect(await world.read(1)).toEqual([3])
})
