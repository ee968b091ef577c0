import { expect, test } from 'vitest'
import type { StateEvent } from '../../src/ui/state/events.ts'
import { type ClientState, initialState } from '../../src/ui/state/model.ts'
import { mentions, unread } from '../../src/ui/state/preferences.ts'
import { reduce } from '../../src/ui/state/reduce.ts'
import { headAt } from '../support/fake-server.ts'
import { PLAIN_ENTRY } from '../support/plain.ts'

const ME = { id: '~me', name: 'me' }
const GROUP = '~g'
const READ = headAt(GROUP, 4, { read: 4, readN: 4 })

const heads = (head: typeof READ): StateEvent => ({ type: 'heads', heads: [head], complete: true })
const opened: StateEvent = { type: 'opened', target: GROUP }
const START = [{ type: 'loggedIn', user: ME }, heads(READ), opened] as const

function told(seq: number): StateEvent {
  const from = { from: '~ann', name: 'ann', nonce: Buffer.alloc(0) }
  const text = { kind: 'text', text: `text ${seq}`, mentions: [ME.id] } as const
  return {
    type: 'entry',
    conversation: GROUP,
    entry: { ...PLAIN_ENTRY, seq, time: seq, n: seq, ...from, ...text },
  }
}

function after(...events: readonly StateEvent[]): ClientState {
  return events.reduce(reduce, initialState({ columns: 80, rows: 24 }))
}

function counts(state: ClientState) {
  const group = state.conversations.get(GROUP)
  return { unread: unread(group), mentions: mentions(group), line: group?.newFrom }
}

const NOTHING = { unread: 0, mentions: 0, line: undefined }

test('what goes by at the end that one watches is not unread while the server is being told', () => {
  expect(counts(after(...START, told(5), told(6)))).toEqual(NOTHING)
})

test.each<[string, StateEvent]>([
  ['without the focus', { type: 'focused', focused: false }],
  ['behind a window', { type: 'overlay', overlay: { type: 'help', top: 0 } }],
  ['reading back', { type: 'anchored', target: GROUP, anchor: { seq: 1, line: 0 } }],
])('%s nothing goes by', (_, event) => {
  expect(counts(after(...START, told(5), event, told(6), told(7)))).toMatchObject({ unread: 2 })
})

test('what comes behind something unread is unread, too', () => {
  const behind = headAt(GROUP, 4, { read: 2, readN: 2 })
  const state = after(...START.slice(0, 1), heads(behind), opened, told(5))
  expect(counts(state)).toMatchObject({ unread: 3 })
})

test('after a lost connection it is the server who says what is unread', () => {
  const state = after(...START, told(5), told(6), heads(headAt(GROUP, 6, { read: 4, readN: 4 })))
  expect(counts(state)).toMatchObject({ unread: 2 })
})

test('what is marked as unread from here is', () => {
  const preferences = { ...READ.preferences, unread: 5, unreadN: 4 }
  const marked = { type: 'preferences', conversation: GROUP, preferences } as StateEvent
  expect(counts(after(...START, told(5), told(6), marked))).toMatchObject({ unread: 2 })
})
