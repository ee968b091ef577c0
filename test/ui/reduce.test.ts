import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry, Head } from '../../src/protocol/messages.ts'
import type { StateEvent } from '../../src/ui/state/events.ts'
import { mergeEntries } from '../../src/ui/state/log.ts'
import { type ClientState, initialState } from '../../src/ui/state/model.ts'
import { unread } from '../../src/ui/state/preferences.ts'
import { reduce } from '../../src/ui/state/reduce.ts'
import { nextUnread, openConversation, pendingOf } from '../../src/ui/state/selectors.ts'
import { PLAIN_ENTRY, PLAIN_HEAD } from '../support/plain.ts'

const ME = { id: '~me', name: 'me' }
const PEER = { id: '~peer', name: 'peer' }
const GROUP = '~g'

function entry(seq: number, from = PEER, n = seq): Entry {
  const nonce = Buffer.alloc(16, seq)
  return {
    seq,
    time: seq * 1000,
    from: from.id,
    name: from.name,
    kind: 'text',
    text: `${seq}`,
    nonce,
    n,
    ...PLAIN_ENTRY,
  }
}

function head(values: Partial<Head> = {}): Head {
  return {
    conversation: GROUP,
    kind: 'group',
    name: 'ops',
    peer: undefined,
    first: 1,
    from: 1,
    last: 0,
    n: 0,
    time: 0,
    delivered: 0,
    read: 0,
    readN: 0,
    role: 'member',
    members: 2,
    ...PLAIN_HEAD,
    ...values,
  }
}

function stateAfter(...events: readonly StateEvent[]): ClientState {
  return events.reduce(reduce, initialState({ columns: 80, rows: 24 }))
}

const loggedIn: StateEvent = { type: 'loggedIn', user: ME }

function heads(...all: readonly Head[]): StateEvent {
  return { type: 'heads', heads: all, complete: true }
}

function told(one: Entry, conversation = GROUP): StateEvent {
  return { type: 'entry', conversation, entry: one }
}

describe('entries', () => {
  test('whatever pages and pushes bring, in whatever order: each seq once, ascending', () => {
    const stretch = fc
      .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20 }))
      .map(([from, count]) => Array.from({ length: count }, (_, index) => entry(from + index)))
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 12 }), (stretches) => {
        const merged = stretches.reduce<readonly Entry[]>(mergeEntries, [])
        const seqs = merged.map(({ seq }) => seq)
        const wanted = [...new Set(stretches.flat().map(({ seq }) => seq))].sort((a, b) => a - b)
        expect(seqs).toEqual(wanted)
      }),
    )
  })

  test('while one reads back, what is kept stays bounded: around what is in view, and at the end', () => {
    const many = Array.from({ length: 12_000 }, (_, index) => told(entry(index + 1)))
    const anchored: StateEvent = { type: 'anchored', target: GROUP, anchor: { seq: 800, line: 0 } }
    const opened: StateEvent = { type: 'opened', target: GROUP }
    const before = stateAfter(loggedIn, heads(head()), opened, ...many.slice(0, 1_000), anchored)
    const state = many.slice(1_000).reduce(reduce, before)
    const seqs = openConversation(state)?.entries.map(({ seq }) => seq) ?? []
    expect(seqs.length).toBeLessThanOrEqual(4_000)
    expect(seqs).toContain(300)
    expect(seqs).toContain(1_299)
    expect(seqs).toContain(11_000)
    expect(seqs.at(-1)).toBe(12_000)
  })

  test('of what is not open only the end is kept, without a hole, and the rest comes by page', () => {
    const many = Array.from({ length: 3_000 }, (_, index) => told(entry(index + 1)))
    const state = stateAfter(loggedIn, heads(head()), ...many)
    const seqs = state.conversations.get(GROUP)?.entries.map(({ seq }) => seq) ?? []
    expect(seqs.length).toBeLessThanOrEqual(400)
    expect(seqs.length).toBeGreaterThanOrEqual(200)
    expect(seqs).toEqual(seqs.map((_, index) => 3_001 - seqs.length + index))
  })

  test('what is there already stays the same object, so that its rows stay', () => {
    const known = [entry(1), entry(2), entry(5)]
    const merged = mergeEntries(known, [entry(2), entry(3), entry(4), entry(5)])
    expect(merged[1]).toBe(known[1])
    expect(merged[4]).toBe(known[2])
    expect(mergeEntries(known, [entry(2)])).toBe(known)
  })
})

describe('unread', () => {
  test('is the server’s numbers, however many entries were told', () => {
    const state = stateAfter(loggedIn, heads(head({ last: 40, n: 31, read: 20, readN: 11 })))
    expect(unread(state.conversations.get(GROUP))).toBe(20)
    const more = reduce(state, told(entry(41, PEER, 32)))
    expect(unread(more.conversations.get(GROUP))).toBe(21)
  })

  test('joins and quits do not count', () => {
    const joined: Entry = { ...entry(41, PEER, 31), kind: 'joined' }
    const state = stateAfter(
      loggedIn,
      heads(head({ last: 40, n: 31, read: 40, readN: 31 })),
      told(joined),
    )
    expect(unread(state.conversations.get(GROUP))).toBe(0)
  })

  test('an old entry that a page or a repetition brings changes no number', () => {
    const state = stateAfter(loggedIn, heads(head({ last: 40, n: 40, read: 38, readN: 38 })))
    expect(unread(reduce(state, told(entry(12))).conversations.get(GROUP))).toBe(2)
  })

  test('saying something oneself reads everything (rule 6)', () => {
    const state = stateAfter(loggedIn, heads(head({ last: 5, n: 5 })), told(entry(6, ME)))
    expect(unread(state.conversations.get(GROUP))).toBe(0)
  })

  test('a cursor of an earlier moment moves nothing back', () => {
    const state = stateAfter(
      loggedIn,
      heads(head({ last: 9, n: 9 })),
      { type: 'marked', conversation: GROUP, delivered: 9, read: 9, readN: 9 },
      { type: 'marked', conversation: GROUP, delivered: 4, read: 4, readN: 4 },
    )
    expect(unread(state.conversations.get(GROUP))).toBe(0)
  })

  test('is never negative and never beyond n, whatever comes in whatever order', () => {
    const event = fc.oneof(
      fc.integer({ min: 1, max: 30 }).map((seq) => told(entry(seq))),
      fc.integer({ min: 1, max: 30 }).map((seq) => told(entry(seq, ME))),
      fc.integer({ min: 0, max: 30 }).map(
        (read): StateEvent => ({
          type: 'marked',
          conversation: GROUP,
          delivered: read,
          read,
          readN: read,
        }),
      ),
      fc.integer({ min: 0, max: 30 }).map((last) => heads(head({ last, n: last }))),
      fc.constant<StateEvent>({ type: 'opened', target: GROUP }),
      fc.boolean().map((focused): StateEvent => ({ type: 'focused', focused })),
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const conversation = stateAfter(loggedIn, heads(head()), ...events).conversations.get(GROUP)
        const count = unread(conversation)
        expect(count).toBeGreaterThanOrEqual(0)
        expect(count).toBeLessThanOrEqual(conversation?.head?.n ?? 0)
      }),
    )
  })

  test('who waits longest is the next unread; the open one never is', () => {
    const state = stateAfter(
      loggedIn,
      heads(
        head({ conversation: '~a', last: 1, n: 1, time: 300 }),
        head({ conversation: '~b', last: 1, n: 1, time: 200 }),
        head({ conversation: '~c', last: 1, n: 1, time: 100 }),
        head({ conversation: '~d', last: 1, n: 1, read: 1, readN: 1, time: 50 }),
      ),
      { type: 'opened', target: '~c' },
    )
    expect(nextUnread(state)).toBe('~b')
  })
})

describe('conversations', () => {
  test('a direct one is found by the person, before and after its first message', () => {
    const begun = stateAfter(
      loggedIn,
      { type: 'begun', user: PEER },
      { type: 'opened', target: PEER.id },
    )
    const direct = head({ conversation: '~d', kind: 'direct', name: '', peer: PEER, last: 1, n: 1 })
    const known = reduce(begun, { type: 'heads', heads: [direct], complete: false })
    const state = reduce(known, told(entry(1), '~d'))
    expect(openConversation(state)?.entries).toHaveLength(1)
    expect(state.conversations.size).toBe(1)
  })

  test('heads that are complete end those that are not named; what was begun stays', () => {
    const state = stateAfter(
      loggedIn,
      heads(head(), head({ conversation: '~h' })),
      { type: 'begun', user: PEER },
      { type: 'opened', target: GROUP },
      { type: 'opened', target: '~h' },
      heads(head()),
    )
    expect([...state.conversations.keys()]).toEqual([GROUP, PEER.id])
    expect(state.open).toBe(GROUP)
  })

  test('leaving goes back to the conversation before', () => {
    const state = stateAfter(
      loggedIn,
      heads(head(), head({ conversation: '~h' })),
      { type: 'opened', target: '~h' },
      { type: 'opened', target: GROUP },
      { type: 'left', conversation: GROUP },
    )
    expect(state.open).toBe('~h')
    expect(state.conversations.has(GROUP)).toBe(false)
  })

  test('one that was asked for opens when its head comes', () => {
    const waiting = stateAfter(loggedIn, heads(head()), { type: 'awaited', target: '~new' })
    expect(waiting.open).toBeUndefined()
    const state = reduce(waiting, {
      type: 'heads',
      heads: [head({ conversation: '~new' })],
      complete: false,
    })
    expect(state.open).toBe('~new')
  })

  test('a page that brings nothing is not asked for again', () => {
    const state = stateAfter(
      loggedIn,
      heads(head({ last: 9, n: 9 })),
      told(entry(9)),
      { type: 'pageAsked', target: GROUP, before: 9 },
      { type: 'pageCame', target: GROUP, before: 9, entries: [], first: 1 },
    )
    expect(state.conversations.get(GROUP)).toMatchObject({ pageFailed: true, loading: [] })
  })

  test('another account finds nothing of the one before', () => {
    const state = stateAfter(loggedIn, heads(head()), { type: 'loggedIn', user: PEER })
    expect(state.conversations.size).toBe(0)
    expect(state.me).toEqual(PEER)
  })
})

describe('a conversation that opens by itself', () => {
  const window: StateEvent = { type: 'overlay', overlay: { type: 'menu' } }

  test('leaves a window open: the keys on their way are for that', () => {
    const state = stateAfter(loggedIn, heads(head()), window, {
      type: 'opened',
      target: GROUP,
      unasked: true,
    })
    expect(state.open).toBe(GROUP)
    expect(state.overlay).toEqual({ type: 'menu' })
  })

  test('that was waited for leaves one open that came later, too', () => {
    const state = stateAfter(loggedIn, { type: 'awaited', target: GROUP }, window, heads(head()))
    expect(state.open).toBe(GROUP)
    expect(state.overlay).toEqual({ type: 'menu' })
  })

  test('that was waited for is written in, though one read back in the one before', () => {
    const reading: StateEvent = { type: 'focus', focus: 'log' }
    const state = stateAfter(loggedIn, { type: 'awaited', target: GROUP }, reading, heads(head()))
    expect(state.open).toBe(GROUP)
    expect(state.focus).toBe('compose')
  })

  test('is not what a key opens: that closes the window', () => {
    const state = stateAfter(loggedIn, heads(head()), window, { type: 'opened', target: GROUP })
    expect(state.overlay).toBeUndefined()
  })
})

test('lists that a smaller window hides have no focus any more', () => {
  const wide = stateAfter(
    { type: 'focus', focus: 'groups' },
    { type: 'resized', columns: 60, rows: 20 },
  )
  expect(wide.focus).toBe('groups')
  expect(reduce(wide, { type: 'resized', columns: 59, rows: 20 }).focus).toBe('compose')
})

describe('who is online', () => {
  const both: StateEvent = {
    type: 'members',
    group: GROUP,
    members: [
      { user: ME, role: 'owner', online: true, status: 'available', classic: false },
      { user: PEER, role: 'member', online: true, status: 'available', classic: false },
    ],
    asOf: 3,
  }

  test('is what watching answers: whom it does not name has gone', () => {
    const state = stateAfter(loggedIn, heads(head({ last: 3 })), both)
    expect(state.online.get(PEER.id)).toBe(true)
    const watched = reduce(state, { type: 'watched', target: GROUP, online: [ME.id] })
    expect(watched.online.get(PEER.id)).toBe(false)
    expect(watched.online.get(ME.id)).toBe(true)
  })

  test('is not known without a connection', () => {
    const online: StateEvent = { type: 'link', link: { state: 'online', latencyMs: 1 } }
    const lost: StateEvent = { type: 'link', link: { state: 'connecting', attempt: 1 } }
    expect(stateAfter(online, loggedIn, heads(head()), both, lost).online.size).toBe(0)
  })
})

describe('the outbox', () => {
  test('an item is shown until the log has the entry with its nonce', () => {
    const item = {
      nonce: Buffer.alloc(16, 6).toString('hex'),
      target: { kind: 'group', id: GROUP },
      text: '6',
      time: 6000,
      reply: 0,
      refused: undefined,
    } as const
    const state = stateAfter(loggedIn, heads(head({ last: 5, n: 5 })), {
      type: 'outbox',
      items: [item],
    })
    const pending = (now: ClientState) => {
      const conversation = now.conversations.get(GROUP)
      return conversation === undefined ? [] : pendingOf(now, conversation)
    }
    expect(pending(state)).toEqual([item])
    expect(pending(reduce(state, told(entry(6, ME))))).toEqual([])
    expect(pending(reduce(state, told(entry(6, PEER))))).toEqual([item])
  })
})
