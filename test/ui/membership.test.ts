import { describe, expect, test } from 'vitest'
import type { Entry, Member } from '../../src/protocol/messages.ts'
import type { StateEvent } from '../../src/ui/state/events.ts'
import { type ClientState, initialState } from '../../src/ui/state/model.ts'
import { reduce } from '../../src/ui/state/reduce.ts'
import { PLAIN_ENTRY } from '../support/plain.ts'
import { headOf, ME, person } from '../support/scripted-world.ts'

const GROUP = '~g'
const [ALICE, BOB, CAROL] = [person('alice'), person('bob'), person('carol')]

describe('members of a group that is shown', () => {
  test('a join, a quit and an addition are applied: nobody is asked', () => {
    const joined = stateAfter(entry(4, 'joined', BOB))
    expect(namesOf(joined)).toEqual(['me', 'alice', 'bob'])
    expect(joined.online.get(BOB.id)).toBe(true)
    const quit = reduce(joined, entry(5, 'quit', BOB))
    expect(namesOf(quit)).toEqual(['me', 'alice'])
    const added = reduce(quit, entry(6, 'added', ALICE, BOB))
    expect(namesOf(added)).toEqual(['me', 'alice', 'bob'])
    expect(added.memberChanges.size).toBe(0)
    expect(added.conversations.get(GROUP)?.head?.members).toBe(3)
  })

  test('are asked for again where the entry does not say enough', () => {
    expect(stateAfter(entry(4, 'added', ALICE, CAROL)).memberChanges.get(GROUP)).toBe(4)
    expect(stateAfter(entry(4, 'quit', ME)).memberChanges.get(GROUP)).toBe(4)
  })

  test('are asked for again when they changed while the answer was on its way', () => {
    const state = stateAfter(entry(4, 'joined', BOB))
    expect(reduce(state, members(3)).memberChanges.get(GROUP)).toBe(4)
    expect(reduce(state, members(4)).memberChanges.size).toBe(0)
  })

  test('are counted by the entries also while the list is not known', () => {
    const state = reduce(stateAfter(), { type: 'link', link: { state: 'offline' } })
    const joined = reduce(state, entry(4, 'joined', BOB))
    expect(joined.conversations.get(GROUP)?.head?.members).toBe(3)
    const again = reduce(joined, entry(4, 'joined', BOB))
    expect(again.conversations.get(GROUP)?.head?.members).toBe(3)
  })
})

function namesOf(state: ClientState): (string | undefined)[] {
  return (state.members.get(GROUP) ?? []).map(({ user }) => user?.name)
}

function stateAfter(...events: readonly StateEvent[]): ClientState {
  const begin: readonly StateEvent[] = [
    { type: 'loggedIn', user: ME },
    { type: 'link', link: { state: 'online', latencyMs: undefined } },
    { type: 'heads', heads: [head], complete: true },
    members(3),
  ]
  return [...begin, ...events].reduce(reduce, initialState({ columns: 80, rows: 24 }))
}

const head = headOf({ conversation: GROUP, kind: 'group', name: 'ops', last: 3, members: 2 })

function members(asOf: number): StateEvent {
  const me: Member = { user: ME, role: 'owner', online: true, status: 'available', classic: false }
  const alice: Member = {
    user: ALICE,
    role: 'member',
    online: true,
    status: 'available',
    classic: false,
  }
  return { type: 'members', group: GROUP, members: [me, alice], asOf }
}

function entry(
  seq: number,
  kind: Entry['kind'],
  { id: from, name }: typeof ME,
  subject?: typeof ME,
): StateEvent {
  const nonce = new Uint8Array()
  const said = { seq, time: 0, from, name, kind, text: '', nonce, n: 0, ...PLAIN_ENTRY, subject }
  return { type: 'entry', conversation: GROUP, entry: said }
}
