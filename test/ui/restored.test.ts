import { expect, test } from 'vitest'
import type { Entry } from '../../src/protocol/messages.ts'
import type { StateEvent } from '../../src/ui/state/events.ts'
import { type ClientState, initialState } from '../../src/ui/state/model.ts'
import { reduce } from '../../src/ui/state/reduce.ts'
import { PLAIN_ENTRY } from '../support/plain.ts'
import { headOf, ME } from '../support/scripted-world.ts'

const GROUP = '~g'

function entries(first: number, last: number): readonly Entry[] {
  return Array.from({ length: last - first + 1 }, (_, at) => ({
    ...{ seq: first + at, n: first + at, time: first + at, from: '~a', name: 'a', kind: 'text' },
    ...{ text: `text ${first + at}`, nonce: new Uint8Array(), ...PLAIN_ENTRY },
  })) as readonly Entry[]
}

function head(last: number, values: object = {}) {
  return headOf({ conversation: GROUP, kind: 'group', name: 'g', last, n: last, ...values })
}

function restored(last: number): StateEvent {
  return { type: 'restored', me: ME, heads: [head(last)], contacts: [] }
}

function recalled(first: number, last: number): StateEvent {
  return { type: 'recalled', target: GROUP, entries: entries(first, last) }
}

function told(last: number, values: object = {}): StateEvent {
  return { type: 'heads', heads: [head(last, values)], complete: true }
}

function after(...events: readonly StateEvent[]): ClientState {
  return events.reduce(reduce, initialState({ columns: 80, rows: 24 }))
}

function seqs(state: ClientState): readonly number[] {
  return state.conversations.get(GROUP)?.entries.map(({ seq }) => seq) ?? []
}

test('what the cache had is there, and what the server tells goes on behind it', () => {
  const [next] = entries(4, 4)
  const came = { type: 'entry', conversation: GROUP, entry: next } as StateEvent
  // In whatever order the disk and the server are heard.
  expect(seqs(after(restored(3), recalled(1, 3), told(4), came))).toEqual([1, 2, 3, 4])
  expect(seqs(after(restored(3), told(4), came, recalled(1, 3)))).toEqual([1, 2, 3, 4])
})

test('what retention took, or was before one’s membership, is gone from the screen', () => {
  expect(seqs(after(restored(9), recalled(1, 9), told(9, { first: 4 })))).toEqual([
    4, 5, 6, 7, 8, 9,
  ])
  expect(seqs(after(restored(9), told(9, { from: 7 }), recalled(1, 9)))).toEqual([7, 8, 9])
})

test('of a server that was put back to an earlier time nothing of before is shown', () => {
  expect(seqs(after(restored(9), recalled(1, 9), told(7)))).toEqual([])
})

test('a conversation that is no longer one’s own is gone', () => {
  const gone = { type: 'heads', heads: [], complete: true } as const
  const state = after(restored(9), recalled(1, 9), gone)
  expect([state.conversations.size, state.targets.size]).toEqual([0, 0])
})

test('a change that came before its text was read from the disk is seen in it', () => {
  const deleted = { kind: 'deleted', target: 2, text: '' } as const
  const [change] = entries(4, 4).map((entry) => ({ ...entry, ...deleted, n: 3 }))
  const came = { type: 'entry', conversation: GROUP, entry: change } as StateEvent
  const state = after(restored(3), told(4), came, recalled(1, 3))
  expect(state.conversations.get(GROUP)?.entries[1]?.text).toBe('')
})

test('what was missed is marked in what is open', () => {
  const opened = { type: 'opened', target: GROUP, unasked: true } as const
  const read = { read: 3, readN: 3 }
  const state = after(
    { type: 'restored', me: ME, heads: [head(3, read)], contacts: [] },
    opened,
    told(8, read),
  )
  expect(state.conversations.get(GROUP)?.newFrom).toEqual({ seq: 3, n: 3 })
})

test('of an account that one leaves nothing stays', () => {
  const state = after(restored(9), recalled(1, 9), { type: 'server', address: 'other:8000' })
  expect([state.conversations.size, state.me]).toEqual([0, undefined])
})

test('what the server tells of a conversation takes the place of what was known', () => {
  const state = after(restored(9), told(9, { name: 'renamed' }))
  expect(state.conversations.get(GROUP)?.name).toBe('renamed')
})
