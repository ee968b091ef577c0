import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Entry } from '../../src/protocol/messages.ts'
import { Frames, type MainFrame } from '../../src/ui/frame.ts'
import { emptyEditor } from '../../src/ui/input/editor.ts'
import { RowCache } from '../../src/ui/log/rows.ts'
import type { StateEvent } from '../../src/ui/state/events.ts'
import { type ClientState, initialState, type Overlay } from '../../src/ui/state/model.ts'
import { reduce } from '../../src/ui/state/reduce.ts'
import type { Listed } from '../../src/ui/state/windows.ts'
import { textWidth } from '../../src/ui/text/width.ts'
import { lookOf } from '../support/look.ts'
import { PLAIN_ENTRY } from '../support/plain.ts'
import { headOf } from '../support/scripted-world.ts'

const look = lookOf()
/** 'Z' under a tower of marks. */
const ZALGO = `Z${'\u0338\u0322\u0489\u0334\u0361'.repeat(40)}`
const NAMES = ['al', '张三丰很长的名字', 'x'.repeat(32), '👩‍👩‍👧‍👦', 'é́́', ZALGO, '𝕏𐍈🀄'.repeat(8)]
const TEXTS = [
  'hi',
  '汉字'.repeat(40),
  'word '.repeat(50),
  'a\nb\n\nc',
  '👍🏽 ❤️ 🇩🇪',
  'x'.repeat(300),
  // 8 KiB without a blank, and as much of what takes four bytes each.
  'x'.repeat(8_192),
  '🀄𠀋🧿𝔘'.repeat(512),
  ZALGO.repeat(8),
  `${'👩‍👩‍👧‍👦'.repeat(90)} مرحبا שלום \u0600\u200b\ufeff`,
]

function told(seq: number): StateEvent {
  return { type: 'entry', conversation: '~g', entry: entryOf(seq) }
}

function entryOf(seq: number): Entry {
  const index = seq % NAMES.length
  return {
    seq,
    time: seq * 1_000_000,
    from: index === 0 ? '~me' : `~${index}`,
    name: NAMES[index] ?? '',
    kind: seq % 7 === 0 ? 'joined' : 'text',
    text: TEXTS[seq % TEXTS.length] ?? '',
    nonce: new Uint8Array(),
    n: seq,
    ...PLAIN_ENTRY,
    reactions: seq % 5 === 0 ? NAMES.map((text) => ({ text, count: 12_345, mine: false })) : [],
  }
}

function busyState(): ClientState {
  const group = headOf({
    conversation: '~g',
    kind: 'group',
    name: NAMES[1] ?? '',
    topic: `${ZALGO} ${'👩‍👩‍👧‍👦'.repeat(60)}`,
    members: 3,
  })
  const others = Array.from({ length: 20 }, (_, index) =>
    headOf({
      conversation: `~o${index}`,
      kind: 'group',
      name: NAMES[index] ?? `o${index}`,
      n: index,
      last: index,
    }),
  )
  const people = NAMES.map((name, index) => ({ id: `~${index}`, name }))
  const events: StateEvent[] = [
    { type: 'loggedIn', user: { id: '~me', name: 'me' } },
    { type: 'link', link: { state: 'online', latencyMs: 12 } },
    { type: 'heads', heads: [group, ...others], complete: true },
    {
      type: 'contacts',
      contacts: people.map((user) => ({
        user,
        online: true,
        status: 'available',
        removed: false,
        blocked: false,
      })),
      complete: true,
    },
    { type: 'opened', target: '~g' },
    {
      type: 'members',
      group: '~g',
      asOf: 0,
      members: people.map((user) => ({
        user,
        role: 'owner',
        online: true,
        status: 'available',
        classic: false,
      })),
    },
    { type: 'screen', screen: { type: 'main' } },
    { type: 'notice', notice: { kind: 'error', text: 'something 很长 to be said '.repeat(9) } },
    ...Array.from({ length: 30 }, (_, index) => told(index + 1)),
  ]
  return events.reduce(reduce, initialState({ columns: 80, rows: 24 }))
}

const field = emptyEditor({ oneLine: true, text: '汉字 field' })
const form = { busy: false, fault: 'a fault that is '.repeat(9) }
const hits = TEXTS.map((text, index) => ({
  conversation: '~g',
  entry: { ...entryOf(index + 1), text },
}))
const invite = {
  code: 'k3m2ab9xq7rt5wzd',
  group: '~g',
  by: { id: '~1', name: NAMES[1] ?? '' },
  uses: 5,
  used: 2,
  expires: 1_000_000_000,
}
const session = {
  id: 'a',
  device: '汉字 '.repeat(9),
  created: 1,
  used: 2,
  current: true,
  online: true,
}
const lists: readonly Listed[] = [
  { of: 'sessions', items: [session, session] },
  { of: 'bans', items: NAMES.map((name, index) => ({ id: `~${index}`, name })) },
  { of: 'invites', items: [invite, invite] },
]
const listed = { type: 'list', group: '~g', chosen: 1, loading: false, fault: '' } as const
const deed = { name: 'ban', group: '~g', id: '~1', label: NAMES[1] ?? '' } as const
const message = { type: 'deleteMessage', target: '~g' } as const
const catchUp = { type: 'catchUp', chosen: '~o3', guardUntil: 0 } as const
const overlays: readonly (Overlay | undefined)[] = [
  undefined,
  undefined,
  { type: 'goTo', query: emptyEditor({ oneLine: true }), chosen: 3 },
  { type: 'menu' },
  {
    type: 'createGroup',
    fields: [field, field],
    field: 1,
    access: 'invite',
    nonce: new Uint8Array(),
    ...form,
  },
  { type: 'joinGroup', query: field, chosen: 0, loading: false, ...form },
  { type: 'addContact', fields: [field], field: 0, ...form },
  { type: 'members', chosen: 2 },
  { type: 'help', top: 7 },
  { type: 'share' },
  { type: 'leave', chosen: 1 },
  { type: 'quit', chosen: 0, connected: 3 },
  { type: 'logOut', chosen: 1 },
  { type: 'search', query: field, where: '~g', found: { state: 'nothing' }, chosen: 0 },
  {
    type: 'search',
    query: field,
    where: undefined,
    found: { state: 'failed', asked: '', fault: form.fault, offline: false },
    chosen: 0,
  },
  {
    type: 'search',
    query: emptyEditor({ oneLine: true, text: '字 WORD x' }),
    where: undefined,
    found: { state: 'found', asked: '', hits, next: 'more', loading: false },
    chosen: 3,
  },
  { type: 'group', chosen: 2 },
  { type: 'account', chosen: 5 },
  ...lists.map((list) => ({ ...listed, list })),
  { ...listed, list: { of: 'bans', items: [] }, fault: form.fault },
  { type: 'invite', invite, back: undefined },
  { type: 'ask', deed, chosen: 1, back: undefined, ...form },
  { type: 'form', form: 'deleteAccount', group: '', fields: [field, field], field: 1, ...form },
  ...[3, 25, 26, 27, 28, 29, 30].map((seq): Overlay => ({ ...message, seq, chosen: 1 })),
  { type: 'react', target: '~g', seq: 29, query: field, chosen: 4 },
  { type: 'messageInfo', target: '~g', seq: 29, top: 1, counts: undefined, fault: form.fault },
  { type: 'links', urls: TEXTS, chosen: 2 },
  ...NAMES.map((name): Overlay => ({ type: 'whois', user: { id: '~9', name } })),
  { type: 'longText', pasted: TEXTS[6], chosen: 1 },
  { type: 'longText', pasted: undefined, chosen: 0 },
  catchUp,
  { type: 'peek', target: '~g', top: 3, back: catchUp },
]

/** Narrower than this Ink cuts the rows, and nothing can be read anyway. */
const COLUMNS_MIN = 10

/** What a frame depends on beside the chat; small, so that a counterexample can be read. */
const situations = fc.record({
  columns: fc.integer({ min: COLUMNS_MIN, max: 300 }),
  rows: fc.integer({ min: 1, max: 100 }),
  overlay: fc.nat(overlays.length - 1),
  focus: fc.constantFrom('people', 'groups', 'log', 'compose' as const),
  draft: fc.constantFrom('', 'short', '汉字'.repeat(60), 'many\nlines\n\n\n\n\n\nof it'),
  back: fc.integer({ min: 0, max: 35 }),
})

type Situation = typeof situations extends fc.Arbitrary<infer T> ? T : never

const busy = busyState()

function stateOf({ columns, rows, overlay, focus, draft, back }: Situation): ClientState {
  const anchor = back === 0 ? undefined : { seq: back, line: 0 }
  const events: StateEvent[] = [
    { type: 'resized', columns, rows },
    { type: 'overlay', overlay: overlays[overlay] },
    { type: 'focus', focus },
    { type: 'draft', target: '~g', editor: emptyEditor({ text: draft }) },
    { type: 'anchored', target: '~g', anchor },
  ]
  return events.reduce(reduce, busy)
}

function frameOf(situation: Situation): MainFrame {
  return new Frames(new RowCache(), look).of(stateOf(situation))
}

function tooWide(rows: readonly string[], width: number): readonly string[] {
  return rows.filter((row) => textWidth(stripVTControlCharacters(row)) > width)
}

test('whatever the size, focus, overlay and draft: as many rows as the window has, none too wide', () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const frame = frameOf(situation)
      const { columns, rows } = situation
      const count = frame.above.length + frame.log.length + frame.below.length
      expect(count).toBe(rows)
      for (const column of [frame.left, frame.right]) {
        expect([0, frame.log.length]).toContain(column.length)
      }
      expect(tooWide([...frame.above, ...frame.below], columns)).toEqual([])
      expect(tooWide(frame.log, frame.layout.log.width)).toEqual([])
      expect(tooWide(frame.left, frame.layout.left + 1)).toEqual([])
      expect(tooWide(frame.right, frame.layout.right + 1)).toEqual([])
    }),
    {
      numRuns: 300,
      // What is unread above has more words than this row has cells.
      examples: [
        [{ columns: 30, rows: 13, overlay: 0, focus: 'people', draft: '', back: 0 } as const],
      ],
    },
  )
})

test('the cursor is in the window, or hidden', () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const { cursor } = frameOf(situation)
      if (cursor === undefined) return
      expect(cursor.x).toBeGreaterThanOrEqual(0)
      expect(cursor.x).toBeLessThan(situation.columns)
      expect(cursor.y).toBeGreaterThanOrEqual(0)
      expect(cursor.y).toBeLessThan(situation.rows)
    }),
    { numRuns: 300 },
  )
})

test.each([
  [20, 5],
  [30, 8],
  [50, 20],
  [60, 16],
  [80, 24],
  [110, 30],
  [140, 40],
  [300, 100],
])('at %s×%s one sees what one types, in the composer and in every field', (columns, rows) => {
  const around = {
    columns,
    rows,
    focus: 'compose',
    draft: 'many\nlines\n\n\n\nof it',
    back: 0,
  } as const
  const without = [...overlays.entries()].flatMap(([overlay, shown]) => {
    const takesText = shown === undefined || 'query' in shown || 'fields' in shown
    const { cursor } = frameOf({ ...around, overlay })
    return takesText && cursor === undefined ? [shown?.type ?? 'composer'] : []
  })
  expect(without).toEqual([])
})
