import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry } from '../../src/protocol/messages.ts'
import { Desk } from '../support/client.ts'
import { settle } from '../support/fake-clock.ts'
import { ALICE, BOB, entryAt, headAt } from '../support/fake-server.ts'

const LOBBY = '~lobby'

function log(last: number, more: (seq: number) => Partial<Entry> = () => ({})): Entry[] {
  return Array.from({ length: last }, (_, index) => entryAt(index + 1, more(index + 1)))
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** A client that is online; `lasts` says the last seq of each conversation. */
async function deskWith(lasts: Record<string, number>, delivered = 0): Promise<Desk> {
  const desk = new Desk()
  for (const [conversation, last] of Object.entries(lasts)) {
    desk.server.heads.push(headAt(conversation, last, { delivered: Math.min(delivered, last) }))
    desk.server.logs.set(conversation, log(last))
  }
  await desk.resume()
  await settle()
  return desk
}

function pushOf(conversation: string, entry: Entry) {
  return { type: 'groupEntry', conversation, entry } as const
}

describe('the first time', () => {
  test('heads come first, then what waits, each once and in order', async () => {
    const desk = await deskWith({ [LOBBY]: 250, '~ops': 3, '~empty': 0 })
    const types = desk.events.map((event) => event.type)
    expect(types.indexOf('heads')).toBeLessThan(types.indexOf('entry'))
    expect(desk.told('heads')).toMatchObject([{ complete: true, heads: [{}, {}, {}] }])
    expect(desk.seqs(LOBBY)).toEqual(range(1, 250))
    expect(desk.seqs('~ops')).toEqual([1, 2, 3])
  })

  test('of what was delivered elsewhere the newest hundred are had', async () => {
    const desk = await deskWith({ [LOBBY]: 250 }, 250)
    expect(desk.seqs(LOBBY)).toEqual(range(151, 250))
  })

  test('of what waits the newest five hundred are had', async () => {
    const desk = await deskWith({ [LOBBY]: 2_000 })
    expect(desk.seqs(LOBBY)).toEqual(range(1_501, 2_000))
  })

  test('what was before our membership is never asked for', async () => {
    const desk = new Desk()
    desk.server.heads = [headAt(LOBBY, 20, { from: 15 })]
    desk.server.logs.set(LOBBY, log(20))
    await desk.resume()
    expect(desk.seqs(LOBBY)).toEqual(range(15, 20))
    expect(desk.server.askedFor('getPage').map((asked) => asked.after)).toEqual([14])
  })

  test('quiet conversations beyond thirty cost nothing but their heads', async () => {
    const lasts = Object.fromEntries(range(1, 40).map((number) => [`~g${number}`, number]))
    const desk = await deskWith(lasts, 1_000)
    expect(desk.server.askedFor('getPage')).toHaveLength(30)
    expect(desk.seqs('~g10')).toEqual([])
    expect(desk.seqs('~g11')).toEqual(range(1, 11))
    await desk.server.say(pushOf('~g10', entryAt(11)))
    expect(desk.seqs('~g10')).toEqual([11])
  })

  test('heads come in pages', async () => {
    const desk = new Desk()
    desk.server.rules.sync = (asked) => {
      const after = asked.type === 'sync' ? asked.after : ''
      const next = after === '' ? 'more' : ''
      return { type: 'heads', heads: [headAt(next === '' ? '~b' : '~a', 0)], next }
    }
    await desk.resume()
    const [heads] = desk.told('heads')
    expect(heads?.heads.map((head) => head.conversation)).toEqual(['~a', '~b'])
  })
})

describe('while online', () => {
  test('pushes are told at once, repeats are dropped', async () => {
    const desk = await deskWith({ [LOBBY]: 2 })
    const third = pushOf(LOBBY, entryAt(3))
    await desk.server.say(third, third, pushOf(LOBBY, entryAt(2)), pushOf(LOBBY, entryAt(4)))
    expect(desk.seqs(LOBBY)).toEqual([1, 2, 3, 4])
    expect(desk.server.askedFor('getPage')).toHaveLength(1)
  })

  test('a gap is fetched before what came later is told', async () => {
    const desk = await deskWith({ [LOBBY]: 2 })
    desk.server.logs.set(LOBBY, log(6))
    await desk.server.say(pushOf(LOBBY, entryAt(6)), pushOf(LOBBY, entryAt(7)))
    expect(desk.seqs(LOBBY)).toEqual(range(1, 7))
  })

  test('an unknown conversation is asked for before its entries are told', async () => {
    const desk = await deskWith({})
    desk.server.heads = [headAt('~new', 1)]
    desk.server.logs.set('~new', log(1))
    await desk.server.say(pushOf('~new', entryAt(1)), pushOf('~new', entryAt(2)))
    expect(desk.told('heads').at(-1)).toMatchObject({
      complete: false,
      heads: [{ conversation: '~new' }],
    })
    expect(desk.seqs('~new')).toEqual([1, 2])
    expect(desk.server.askedFor('sync').map((asked) => asked.conversations)).toEqual([[], ['~new']])
  })

  test('a new group is asked for, though nothing of it was pushed', async () => {
    const desk = await deskWith({})
    desk.server.heads = [headAt('~new', 2)]
    desk.server.logs.set('~new', log(2))
    const group = { id: '~new', name: 'new', members: 2, joined: true }
    await desk.server.say({ type: 'groupCreated', group, by: BOB })
    expect(desk.seqs('~new')).toEqual([1, 2])
  })

  test('what is pushed before the heads are known is told after them, once', async () => {
    const desk = new Desk()
    desk.server.heads = [headAt(LOBBY, 3)]
    desk.server.logs.set(LOBBY, log(3))
    desk.server.rules.sync = () => 'silence'
    await desk.resume()
    await desk.server.say(pushOf(LOBBY, entryAt(3)), pushOf(LOBBY, entryAt(4)))
    expect(desk.seqs(LOBBY)).toEqual([])
    const request = desk.server.askedFor('sync')[0]?.request ?? 0
    await desk.server.say({ type: 'heads', request, heads: desk.server.heads })
    expect(desk.seqs(LOBBY)).toEqual([1, 2, 3, 4])
  })

  test('what is new while the heads are asked for is asked for afterwards', async () => {
    const desk = new Desk()
    desk.server.rules.sync = () => 'silence'
    await desk.resume()
    await desk.server.say(pushOf('~new', entryAt(1)))
    delete desk.server.rules.sync
    desk.server.heads = [headAt('~new', 0)]
    const request = desk.server.askedFor('sync')[0]?.request ?? 0
    await desk.server.say({ type: 'heads', request })
    expect(desk.told('heads').map((event) => event.complete)).toEqual([true, false])
    expect(desk.seqs('~new')).toEqual([1])
    expect(desk.server.askedFor('getPage')).toEqual([])
  })

  test('delivered goes to the server, gathered, and never for what one said oneself', async () => {
    const desk = await deskWith({ [LOBBY]: 3 })
    await desk.clock.advance(500)
    await desk.server.say(pushOf(LOBBY, entryAt(4)), pushOf(LOBBY, entryAt(5)))
    await desk.clock.advance(500)
    await desk.server.say(pushOf(LOBBY, entryAt(6, { from: ALICE.id })))
    await desk.clock.advance(500)
    expect(desk.server.askedFor('mark').map((asked) => asked.delivered)).toEqual([3, 5])
  })

  test('what the server cannot answer now is asked again', async () => {
    const desk = new Desk()
    desk.server.heads = [headAt(LOBBY, 3)]
    desk.server.logs.set(LOBBY, log(3))
    desk.server.rules.getPage = () => ({ type: 'error', code: 'unavailable' })
    await desk.resume()
    desk.server.rules.getPage = () => ({ type: 'error', code: 'rateLimited', retryMs: 200 })
    await desk.clock.advance(1_000)
    delete desk.server.rules.getPage
    expect(desk.seqs(LOBBY)).toEqual([])
    await desk.clock.advance(200)
    expect(desk.seqs(LOBBY)).toEqual([1, 2, 3])
    expect(desk.told('left')).toEqual([])
  })

  test('a page that fails for another reason is asked for again with the next push', async () => {
    const desk = await deskWith({ [LOBBY]: 1 })
    desk.server.rules.getPage = () => ({ type: 'error', code: 'badRequest' })
    await desk.server.say(pushOf(LOBBY, entryAt(3)))
    delete desk.server.rules.getPage
    desk.server.logs.set(LOBBY, log(4))
    await desk.server.say(pushOf(LOBBY, entryAt(4)))
    expect(desk.seqs(LOBBY)).toEqual([1, 2, 3, 4])
    expect(desk.told('left')).toEqual([])
  })

  test('a hole in the log, or a page without progress, ends no conversation', async () => {
    const desk = new Desk()
    desk.server.heads = [headAt(LOBBY, 9)]
    desk.server.logs.set(LOBBY, [...log(2), entryAt(9)])
    await desk.resume()
    expect(desk.seqs(LOBBY)).toEqual([1, 2, 9])
    desk.server.rules.getPage = () => ({ type: 'page', conversation: LOBBY, entries: [entryAt(1)] })
    await desk.server.say(pushOf(LOBBY, entryAt(20)), pushOf(LOBBY, entryAt(21)))
    expect(desk.seqs(LOBBY)).toEqual([1, 2, 9, 20, 21])
  })
})

describe('leaving', () => {
  const quit = (seq: number) => entryAt(seq, { kind: 'quit', from: ALICE.id, text: '' })

  test('one’s own quit is the last entry', async () => {
    const desk = await deskWith({ [LOBBY]: 1 })
    await desk.server.say(pushOf(LOBBY, quit(2)))
    expect(desk.events.slice(-2).map((event) => event.type)).toEqual(['entry', 'left'])
    desk.server.heads = []
    const syncs = desk.server.askedFor('sync').length
    await desk.server.say(pushOf(LOBBY, quit(2)))
    expect(desk.server.askedFor('sync')).toHaveLength(syncs)
    await desk.server.say(pushOf(LOBBY, entryAt(3)))
    expect(desk.seqs(LOBBY)).toEqual([1, 2])
  })

  test('who comes back is told what was missed, and nothing again', async () => {
    const desk = await deskWith({ [LOBBY]: 1 })
    await desk.server.say(pushOf(LOBBY, quit(2)))
    desk.server.heads = [headAt(LOBBY, 5)]
    desk.server.logs.set(LOBBY, [...log(1), quit(2), entryAt(3), entryAt(4), entryAt(5)])
    await desk.server.say(pushOf(LOBBY, entryAt(5)))
    expect(desk.seqs(LOBBY)).toEqual([1, 2, 3, 4, 5])
    expect(desk.told('left')).toHaveLength(1)
  })

  test('who is back before the quit was fetched is told of both', async () => {
    const desk = await deskWith({ [LOBBY]: 1 })
    const joined = entryAt(4, { kind: 'joined', from: ALICE.id, text: '' })
    desk.server.heads = [headAt(LOBBY, 5)]
    desk.server.logs.set(LOBBY, [...log(2), quit(3), joined, entryAt(5)])
    // The second is missing: what follows is held, and the quit is met in a page.
    const pushes = [quit(3), joined, entryAt(5)].map((entry) => pushOf(LOBBY, entry))
    await desk.server.say(...pushes)
    expect(desk.seqs(LOBBY)).toEqual([1, 2, 3, 4, 5])
    expect(desk.told('left')).toHaveLength(1)
  })

  test('who is back although a page was refused meanwhile is told what follows', async () => {
    const desk = await deskWith({ [LOBBY]: 1 })
    desk.server.rules.getPage = () => {
      delete desk.server.rules.getPage
      return { type: 'error', code: 'unknownConversation' }
    }
    desk.server.heads = [headAt(LOBBY, 5)]
    desk.server.logs.set(LOBBY, log(5))
    await desk.server.say(pushOf(LOBBY, entryAt(5)))
    expect(desk.seqs(LOBBY)).toEqual([1, 2, 3, 4, 5])
  })

  test.each(['removed', 'banned', 'ended'] as const)('so is being %s', async (kind) => {
    const desk = await deskWith({ [LOBBY]: 1 }, 1)
    const subject = kind === 'ended' ? undefined : ALICE
    await desk.server.say(pushOf(LOBBY, entryAt(2, { kind, subject, text: '' })))
    expect(desk.seqs(LOBBY)).toEqual([1, 2])
    expect(desk.told('left')).toMatchObject([{ conversation: LOBBY }])
  })

  test('what happens to somebody else leaves us where we are', async () => {
    const desk = await deskWith({ [LOBBY]: 1 }, 1)
    await desk.server.say(pushOf(LOBBY, entryAt(2, { kind: 'removed', subject: BOB, text: '' })))
    await desk.server.say(pushOf(LOBBY, entryAt(3, { kind: 'role', subject: ALICE, text: '' })))
    expect(desk.seqs(LOBBY)).toEqual([1, 2, 3])
    expect(desk.told('left')).toEqual([])
  })

  test('an old quit in the log, or another’s, is none of ours now', async () => {
    const desk = new Desk()
    desk.server.heads = [headAt(LOBBY, 3)]
    desk.server.logs.set(LOBBY, [entryAt(1), quit(2), entryAt(3)])
    await desk.resume()
    await desk.server.say(pushOf(LOBBY, entryAt(4, { kind: 'quit' })))
    expect(desk.seqs(LOBBY)).toEqual([1, 2, 3, 4])
    expect(desk.told('left')).toEqual([])
  })

  test('a page that is refused means that one has left', async () => {
    const desk = await deskWith({ [LOBBY]: 1 })
    desk.server.rules.getPage = () => ({ type: 'error', code: 'unknownConversation' })
    await desk.server.say(pushOf(LOBBY, entryAt(7)))
    expect(desk.told('left')).toEqual([{ type: 'left', conversation: LOBBY }])
  })
})

describe('after a loss', () => {
  test('what was missed is told, and nothing again', async () => {
    const desk = await deskWith({ [LOBBY]: 3 })
    // Another client of the same person had it all.
    desk.server.heads = [headAt(LOBBY, 308, { delivered: 308 })]
    desk.server.logs.set(LOBBY, log(308))
    await desk.server.drop()
    await desk.clock.advance(5_000)
    expect(desk.seqs(LOBBY)).toEqual(range(1, 308))
    expect(desk.told('heads').map((event) => event.complete)).toEqual([true, true])
  })

  test('far behind, the order jumps once', async () => {
    const desk = await deskWith({ [LOBBY]: 3 })
    desk.server.heads = [headAt(LOBBY, 2_000)]
    desk.server.logs.set(LOBBY, log(2_000))
    await desk.server.drop()
    await desk.clock.advance(5_000)
    expect(desk.seqs(LOBBY)).toEqual([1, 2, 3, ...range(1_501, 2_000)])
  })

  test('a loss in the middle of fetching loses and doubles nothing', async () => {
    const desk = new Desk()
    desk.server.heads = [headAt(LOBBY, 250)]
    desk.server.logs.set(LOBBY, log(250))
    let pages = 0
    desk.server.rules.getPage = (asked) => {
      pages += 1
      if (pages === 2) return 'silence'
      const after = asked.type === 'getPage' ? asked.after : 0
      return { type: 'page', conversation: LOBBY, entries: log(250).slice(after, after + 100) }
    }
    await desk.resume()
    expect(desk.seqs(LOBBY)).toEqual(range(1, 100))
    await desk.server.drop()
    await desk.clock.advance(5_000)
    expect(desk.seqs(LOBBY)).toEqual(range(1, 250))
  })
})

test('whatever the server repeats, drops or interrupts: each once, in order, without a gap', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('push'), ahead: fc.nat(4) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat'), ahead: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop'), ahead: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('burst'), ahead: fc.nat(700) }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const desk = await deskWith({ [LOBBY]: 1 })
      let last = 1
      const grow = (count: number) => {
        last += count
        desk.server.heads = [headAt(LOBBY, last)]
        desk.server.logs.set(LOBBY, log(last))
      }
      for (const { kind, ahead } of steps) {
        if (kind === 'repeat') {
          await desk.server.say(pushOf(LOBBY, entryAt(Math.max(1, last - ahead))))
        } else if (kind === 'drop') {
          grow(ahead)
          await desk.server.drop()
          await desk.clock.advance(40_000)
        } else {
          // The pushes of all but the last are lost, or (burst) come before they can be taken.
          const first = last + 1
          grow(ahead + 1)
          const seqs = kind === 'burst' ? range(first, last).reverse() : [last]
          await desk.server.say(...seqs.map((seq) => pushOf(LOBBY, entryAt(seq))))
        }
      }
      await settle()
      expect(desk.seqs(LOBBY)).toEqual(range(1, last))
      await desk.client.close()
      expect(desk.clock.pending).toBe(0)
    }),
    { numRuns: 30 },
  )
})
