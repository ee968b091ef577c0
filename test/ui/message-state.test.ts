import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry, Head } from '../../src/protocol/messages.ts'
import type { StateEvent } from '../../src/ui/state/events.ts'
import { type ClientState, type Conversation, initialState } from '../../src/ui/state/model.ts'
import { mentions } from '../../src/ui/state/preferences.ts'
import { reachedBy } from '../../src/ui/state/receipts.ts'
import { reduce } from '../../src/ui/state/reduce.ts'
import { nextUnread } from '../../src/ui/state/selectors.ts'
import { headAt } from '../support/fake-server.ts'
import { PLAIN_ENTRY } from '../support/plain.ts'

const ME = { id: '~me', name: 'me' }
const ANN = { id: '~ann', name: 'ann' }
const BEN = { id: '~ben', name: 'ben' }
const GROUP = '~g'
const loggedIn: StateEvent = { type: 'loggedIn', user: ME }

function entry(seq: number, values: Partial<Entry> = {}): Entry {
  return {
    seq,
    time: seq,
    from: ANN.id,
    name: ANN.name,
    kind: 'text',
    text: `text ${seq}`,
    nonce: Buffer.alloc(0),
    n: seq,
    ...PLAIN_ENTRY,
    ...values,
  }
}

function told(seq: number, values: Partial<Entry> = {}): StateEvent {
  return { type: 'entry', conversation: GROUP, entry: entry(seq, values) }
}

function heads(...all: readonly Head[]): StateEvent {
  return { type: 'heads', heads: all, complete: true }
}

function stateAfter(...events: readonly StateEvent[]): ClientState {
  return events.reduce(reduce, initialState({ columns: 80, rows: 24 }))
}

function group(state: ClientState): Conversation {
  const conversation = state.conversations.get(GROUP)
  if (conversation === undefined) throw new Error('the group is not there')
  return conversation
}

function marked(read: number): StateEvent {
  return { type: 'marked', conversation: GROUP, delivered: read, read, readN: read }
}

describe('mentions', () => {
  const named = (seq: number) => told(seq, { mentions: [ME.id, BEN.id] })
  const start = [loggedIn, heads(headAt(GROUP, 4, { read: 4, readN: 4 }))]

  test('are counted above what is read, and go with it', () => {
    const state = stateAfter(...start, named(5), told(6), named(7))
    expect(mentions(group(state))).toBe(2)
    expect(mentions(group(reduce(state, marked(5))))).toBe(1)
    expect(mentions(group(reduce(state, marked(7))))).toBe(0)
    expect(mentions(group(reduce(state, told(8, { from: ME.id }))))).toBe(0)
  })

  test('the server’s count is the beginning, what one names oneself in counts nothing', () => {
    const head = headAt(GROUP, 9, { read: 4, readN: 4, mentions: 2 })
    expect(mentions(group(stateAfter(loggedIn, heads(head))))).toBe(2)
    const other = stateAfter(...start, told(5, { mentions: [BEN.id] }))
    expect(mentions(group(other))).toBe(0)
  })

  test('an edit may bring one or take it away; a deletion takes it away', () => {
    const change = (seq: number, target: number, values: Partial<Entry>) =>
      told(seq, { target, n: 6, ...values })
    const state = stateAfter(...start, named(5), told(6))
    const moved = [
      change(7, 5, { kind: 'edited', text: 'not you' }),
      change(8, 6, { kind: 'edited', text: '@me', mentions: [ME.id] }),
    ].reduce(reduce, state)
    expect(mentions(group(moved))).toBe(1)
    expect(mentions(group(reduce(moved, change(9, 6, { kind: 'deleted' }))))).toBe(0)
    const read = reduce(state, marked(6))
    const late = reduce(read, change(9, 6, { kind: 'edited', mentions: [ME.id], text: '@me' }))
    expect(mentions(group(late))).toBe(0)
  })

  test('where one is named comes before what waits longer', () => {
    const old = headAt('~old', 3, { time: 1 })
    const busy = headAt('~busy', 5, { time: 9, mentions: 1 })
    expect(nextUnread(stateAfter(loggedIn, heads(old, busy)))).toBe('~busy')
    expect(nextUnread(stateAfter(loggedIn, heads(old, { ...busy, mentions: 0 })))).toBe('~old')
  })
})

describe('receipts', () => {
  const receipts = (
    members: readonly Readonly<{ user: string; delivered: number; read: number }>[],
    counts = { seq: 9, delivered: 0, read: 0, of: 2 },
  ): StateEvent => ({ type: 'receipts', conversation: GROUP, members, ...counts })
  const ann = { user: ANN.id, delivered: 8, read: 3 }
  const ben = { user: BEN.id, delivered: 6, read: 5 }
  const start = [loggedIn, heads(headAt(GROUP, 9, { members: 3 }))]

  test('what all others have got is the least of them, once all are known', () => {
    expect(reachedBy(group(stateAfter(...start, receipts([ann]))))).toEqual({
      delivered: 0,
      read: 0,
    })
    const all = stateAfter(...start, receipts([ann, ben]))
    expect(reachedBy(group(all))).toEqual({ delivered: 6, read: 3 })
    const moved = reduce(
      all,
      receipts([{ ...ann, read: 9 }], { seq: 9, delivered: 1, read: 1, of: 2 }),
    )
    expect(reachedBy(group(moved))).toEqual({ delivered: 6, read: 5 })
  })

  test('who leaves is waited for no more; who comes has read what was before', () => {
    const all = stateAfter(...start, receipts([ann, ben]))
    const left = reduce(all, told(10, { kind: 'quit', from: ANN.id, n: 9 }))
    expect(reachedBy(group(left))).toEqual({ delivered: 6, read: 5 })
    const dan = { id: '~dan', name: 'dan' }
    const come = reduce(left, told(11, { kind: 'added', subject: dan, n: 9 }))
    expect(reachedBy(group(come))).toEqual({ delivered: 6, read: 5 })
    const put = reduce(come, told(12, { kind: 'removed', subject: BEN, n: 9 }))
    expect(reachedBy(group(put))).toEqual({ delivered: 11, read: 11 })
  })

  test('of a large group the counts say it, for that entry alone', () => {
    const large = headAt(GROUP, 9, { members: 81 })
    const counts = (delivered: number, read: number, seq = 9) =>
      reachedBy(
        group(stateAfter(loggedIn, heads(large), receipts([], { seq, delivered, read, of: 80 }))),
      )
    expect(counts(79, 12)).toEqual({ delivered: 0, read: 0 })
    expect(counts(80, 12)).toEqual({ delivered: 9, read: 0 })
    expect(counts(80, 80)).toEqual({ delivered: 9, read: 9 })
  })

  test('a whole list has only those who are there', () => {
    const gone = { user: '~gone', delivered: 0, read: 0 }
    const state = stateAfter(...start, receipts([gone]), receipts([ann, ben]))
    expect(reachedBy(group(state))).toEqual({ delivered: 6, read: 3 })
  })

  test('one who moved does not stand for all, though they were the only other one then', () => {
    const state = stateAfter(...start, receipts([ann], { seq: 3, delivered: 1, read: 1, of: 1 }))
    expect(reachedBy(group(state))).toEqual({ delivered: 0, read: 0 })
  })

  test('never go back, in whatever order they are told', () => {
    const receipt = fc.record({
      user: fc.constantFrom(ANN.id, BEN.id),
      delivered: fc.nat(50),
      read: fc.nat(50),
    })
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(receipt, { selector: ({ user }) => user }), { maxLength: 12 }),
        (lists) => {
          let state = stateAfter(...start, receipts([ann, ben]))
          for (const list of lists) {
            const before = reachedBy(group(state))
            state = reduce(state, receipts(list))
            const after = reachedBy(group(state))
            expect(after.delivered).toBeGreaterThanOrEqual(before.delivered)
            expect(after.read).toBeGreaterThanOrEqual(before.read)
          }
        },
      ),
    )
  })
})

describe('who is writing', () => {
  const typed = (user = ANN): StateEvent => ({ type: 'typed', conversation: GROUP, user })
  const names = (state: ClientState) => (state.typing.get(GROUP) ?? []).map(({ user }) => user.name)
  const start = [loggedIn, heads(headAt(GROUP, 9))]

  test('goes with their message, with their time, and with the connection', () => {
    const both = stateAfter(...start, typed(), typed(BEN))
    expect(names(both)).toEqual(['ann', 'ben'])
    expect(names(reduce(both, told(10)))).toEqual(['ben'])
    const [typist] = both.typing.get(GROUP) ?? []
    if (typist === undefined) throw new Error('nobody is writing')
    const gone: StateEvent = { type: 'typistGone', target: GROUP, typist }
    expect(names(reduce(both, gone))).toEqual(['ben'])
    const online: StateEvent = { type: 'link', link: { state: 'online', latencyMs: 1 } }
    const lost: StateEvent = { type: 'link', link: { state: 'connecting', attempt: 1 } }
    expect(names([online, lost].reduce(reduce, both))).toEqual([])
  })

  test('who is heard of again stays beyond the time of before', () => {
    const first = stateAfter(...start, typed())
    const [typist] = first.typing.get(GROUP) ?? []
    if (typist === undefined) throw new Error('nobody is writing')
    const again = reduce(first, typed())
    expect(names(again)).toEqual(['ann'])
    expect(names(reduce(again, { type: 'typistGone', target: GROUP, typist }))).toEqual(['ann'])
  })
})
