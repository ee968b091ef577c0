import { expect, test } from 'vitest'
import type { Entry, Member } from '../../src/protocol/messages.ts'
import type { StateEvent } from '../../src/ui/state/events.ts'
import { type ClientState, initialState } from '../../src/ui/state/model.ts'
import { reduce } from '../../src/ui/state/reduce.ts'
import { peopleRows } from '../../src/ui/state/selectors.ts'
import { PLAIN_ENTRY } from '../support/plain.ts'
import { headOf } from '../support/scripted-world.ts'

const ME = { id: '~me', name: 'me' }
const ALICE = { id: '~alice', name: 'alice' }
const BOB = { id: '~bob', name: 'bob' }
const GROUP = '~g'

function after(...events: readonly StateEvent[]): ClientState {
  const head = headOf({ conversation: GROUP, kind: 'group', name: 'ops', last: 4, members: 3 })
  const begin: StateEvent[] = [
    { type: 'loggedIn', user: ME },
    { type: 'heads', heads: [{ ...head, role: 'admin' }], complete: true },
    { type: 'opened', target: GROUP },
  ]
  return [...begin, ...events].reduce(reduce, initialState({ columns: 80, rows: 24 }))
}

function entry(seq: number, kind: Entry['kind'], more: Partial<Entry> = {}): StateEvent {
  const { id: from, name } = ALICE
  const nonce = new Uint8Array()
  const plain = { seq, kind, from, name, nonce, time: seq, text: '', n: 0, ...PLAIN_ENTRY }
  return { type: 'entry', conversation: GROUP, entry: { ...plain, ...more } }
}

const everybody: StateEvent = {
  type: 'members',
  group: GROUP,
  asOf: 4,
  members: [ME, ALICE, BOB].map(
    (user): Member => ({
      user,
      role: user === ALICE ? 'owner' : 'member',
      online: true,
      status: 'available',
      classic: false,
    }),
  ),
}

test('name, topic and access follow the log, without a request', () => {
  const state = after(
    entry(5, 'renamed', { text: 'crew' }),
    entry(6, 'topic', { text: 'ships at ten' }),
    entry(7, 'access', { text: 'invite' }),
  )
  const { name, head } = state.conversations.get(GROUP) ?? {}
  expect(name).toBe('crew')
  expect(head).toMatchObject({ name: 'crew', topic: 'ships at ten', access: 'invite' })
  const back = reduce(state, entry(8, 'access', { text: 'public' }))
  expect(back.conversations.get(GROUP)?.head?.access).toBe('public')
})

test('what the head says already is not undone by an older entry', () => {
  const state = after(entry(3, 'topic', { text: 'of yesterday' }))
  expect(state.conversations.get(GROUP)?.head?.topic).toBe('')
})

test('a role changes one’s own head and the list of members', () => {
  const state = after(
    everybody,
    entry(5, 'role', { subject: ME, role: 'owner' }),
    entry(6, 'role', { subject: BOB, role: 'admin' }),
  )
  expect(state.conversations.get(GROUP)?.head?.role).toBe('owner')
  const roles = state.members.get(GROUP)?.map(({ role }) => role)
  expect(roles).toEqual(['owner', 'owner', 'admin'])
})

test('who is removed is no member any more; who is banned need not have been one', () => {
  const removed = after(everybody, entry(5, 'removed', { subject: BOB }))
  expect(removed.members.get(GROUP)?.map(({ user }) => user)).toEqual([ME, ALICE])
  expect(removed.conversations.get(GROUP)?.head?.members).toBe(2)
  const stranger = { id: '~eve', name: 'eve' }
  const banned = after(everybody, entry(5, 'banned', { subject: stranger }))
  expect(banned.members.get(GROUP)).toHaveLength(3)
  // The count is not known: it is asked for.
  expect(banned.memberChanges.get(GROUP)).toBe(5)
})

test.each(['removed', 'banned', 'ended'] as const)(
  'being put out (%s) is kept to be said',
  (kind) => {
    const subject = kind === 'ended' ? undefined : ME
    const state = after(entry(5, kind, { subject }))
    expect(state.putOut).toEqual({ group: 'ops', kind, by: 'alice' })
    expect(after(entry(5, kind, { subject: BOB, from: ME.id })).putOut).toBeUndefined()
  },
)

test('who is blocked is in the list of people, contact or not, until they are not', () => {
  const of = (blocked: boolean) => ({
    user: BOB,
    online: false,
    status: 'available' as const,
    removed: true,
    blocked,
  })
  const told = (blocked: boolean): StateEvent => ({
    type: 'contacts',
    contacts: [of(blocked)],
    complete: false,
  })
  expect(peopleRows(after(told(true)))).toMatchObject([{ name: 'bob', blocked: true }])
  expect(peopleRows(after(told(true), told(false)))).toEqual([])
})

test('who comes back to a group asks anew who is in it', () => {
  const left: StateEvent = { type: 'left', conversation: GROUP }
  const state = after(everybody, entry(5, 'removed', { subject: ME }), left)
  expect(state.members.has(GROUP)).toBe(false)
})
