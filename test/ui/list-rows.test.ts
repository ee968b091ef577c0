import { expect, test } from 'vitest'
import type { StateEvent } from '../../src/ui/state/events.ts'
import { type ClientState, initialState } from '../../src/ui/state/model.ts'
import { reduce } from '../../src/ui/state/reduce.ts'
import { groupRows, type ListRow, peopleRows, totalUnread } from '../../src/ui/state/selectors.ts'
import { PLAIN_ENTRY } from '../support/plain.ts'
import { headOf } from '../support/scripted-world.ts'

const COUNT = 5_000

/** As many groups as people, all of them read. */
function crowd(): ClientState {
  const numbers = Array.from({ length: COUNT }, (_, at) => at)
  const groups = numbers.map((at) =>
    headOf({ conversation: `~g${at}`, kind: 'group', name: `group ${at}`, n: at, readN: at }),
  )
  const people = numbers.map((at) => {
    const peer = { id: `~p${at}`, name: `person ${at}` }
    return headOf({ conversation: `~d${at}`, kind: 'direct', name: '', peer })
  })
  const events: StateEvent[] = [
    { type: 'loggedIn', user: { id: '~me', name: 'me' } },
    { type: 'heads', heads: [...groups, ...people], complete: true },
  ]
  return events.reduce(reduce, initialState({ columns: 80, rows: 24 }))
}

function said(conversation: string, seq: number, n: number): StateEvent {
  const by = { from: '~p1', name: 'person 1', nonce: new Uint8Array() }
  const entry = { seq, n, time: seq, ...PLAIN_ENTRY, ...by, kind: 'text', text: 'hi' } as const
  return { type: 'entry', conversation, entry }
}

function namesOf(rows: readonly ListRow[]): readonly string[] {
  return rows.map(({ name }) => name)
}

test('while one writes, the lists of ten thousand are the ones there were', () => {
  const before = crowd()
  const rows = [peopleRows(before), groupRows(before)]
  const after = reduce(before, { type: 'said', target: '~g1', text: 'hello' })
  expect(peopleRows(after)).toBe(rows[0])
  expect(groupRows(after)).toBe(rows[1])
})

test('a message makes one row anew, and moves it to where it belongs', () => {
  const before = crowd()
  const rows = groupRows(before)
  const after = reduce(before, said('~g4321', 1, 4_322))
  const now = groupRows(after)
  expect(now).toHaveLength(COUNT)
  expect(now[0]).toMatchObject({ name: 'group 4321', unread: 1 })
  expect(now.slice(1)).toEqual(rows.filter(({ target }) => target !== '~g4321'))
  const known = new Set(rows)
  expect(now.filter((row) => !known.has(row))).toHaveLength(1)
  expect(totalUnread(after)).toBe(1)
})

test('whatever happens one after the other, the order is that of a list made at once', () => {
  const events = [
    said('~g7', 1, 8),
    said('~g3000', 1, 3_001),
    said('~d42', 1, 1),
    { type: 'marked', conversation: '~g7', delivered: 1, read: 1, readN: 8 },
    { type: 'presences', users: [{ user: '~p9', online: true, status: 'available' }] },
    { type: 'left', conversation: '~g11' },
  ] as const satisfies readonly StateEvent[]
  let state = crowd()
  for (const event of events) {
    state = reduce(state, event)
    peopleRows(state)
    groupRows(state)
  }
  const step = [namesOf(peopleRows(state)), namesOf(groupRows(state))]
  // Another state in between: nothing of before is left to go on from.
  const nobody = initialState({ columns: 80, rows: 24 })
  expect([...peopleRows(nobody), ...groupRows(nobody)]).toEqual([])
  expect(step).toEqual([namesOf(peopleRows(state)), namesOf(groupRows(state))])
  expect(step[0]?.slice(0, 2)).toEqual(['person 42', 'person 9'])
  expect(step[1]?.slice(0, 2)).toEqual(['group 3000', 'group 0'])
})
