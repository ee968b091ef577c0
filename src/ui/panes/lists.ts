import type { Layout } from '../layout.ts'
import type { Look } from '../look.ts'
import { shownRows } from '../state/list-filter.ts'
import type { ClientState } from '../state/model.ts'
import { highlighted, type ListRow } from '../state/selectors.ts'
import { fitText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { keyText } from './hints.ts'
import { fieldRow } from './window.ts'

/** The left column: contacts over groups, exactly `height` rows of `layout.left` cells. */
export function listRows(
  state: ClientState,
  layout: Layout,
  height: number,
  look: Look,
): readonly string[] {
  const width = layout.left
  const people = shownRows(state, 'people')
  const groups = shownRows(state, 'groups')
  const { words } = look
  // Two headings, a blank row between, and the keys.
  const room = Math.max(0, height - 4)
  const [peopleRoom, groupRoom] = shares(people.length, groups.length, room)
  const upper = section(state, 'people', people, peopleRoom, width, look)
  const lower = section(state, 'groups', groups, groupRoom, width, look)
  const its = state.filter === undefined ? KEYS[layout.form] : 'keysFilter'
  const named = LIST_KEYS.map((action) => keyText(action, 'lists', look))
  const [create = '', join = '', add = ''] = named
  const keys = fitText(words.lists[its](create, join, add), width)
  const rows = [...upper, blank(width), ...lower].slice(0, Math.max(0, height - 1))
  while (rows.length < height - 1) rows.push(blank(width))
  return [...rows, look.theme.faint(keys)].slice(0, height)
}

const LIST_KEYS = ['createGroup', 'joinGroup', 'addContact'] as const

const KEYS = {
  wide: 'keysWide',
  middle: 'keys',
  narrow: 'keysNarrow',
  single: 'keysNarrow',
  tiny: 'keysNarrow',
  bare: 'keysNarrow',
} as const

/** How many rows each list gets: what it needs, or half and what the other leaves. */
function shares(people: number, groups: number, room: number): readonly [number, number] {
  const half = Math.floor(room / 2)
  const lower = Math.min(groups, Math.max(half, room - people))
  return [Math.min(people, room - lower), lower]
}

function section(
  state: ClientState,
  list: 'people' | 'groups',
  rows: readonly ListRow[],
  room: number,
  width: number,
  look: Look,
): string[] {
  const chosen = state.focus === list ? highlighted(state, list, rows) : undefined
  const first = firstShown(state, list, rows, room)
  const shown = rows.slice(first, first + room)
  const out = [...rows.slice(0, first), ...rows.slice(first + room)]
  const mentions = out.reduce((sum, row) => sum + row.mentions, 0)
  const hidden = { above: first, below: rows.length - first - shown.length, mentions }
  return [
    heading(state, list, rows, hidden, width, look),
    ...shown.map((row) => listRow(state, list, row, row === chosen, width, look)),
  ]
}

/** The chosen row is in view. */
function firstShown(
  state: ClientState,
  list: 'people' | 'groups',
  rows: readonly ListRow[],
  room: number,
): number {
  const chosen = state.focus === list ? highlighted(state, list, rows) : undefined
  const kept = chosen === undefined ? 0 : rows.indexOf(chosen)
  return Math.max(0, Math.min(kept - Math.floor(room / 2), rows.length - room))
}

/** The list, its rows that are in view, and its conversation, in a row counted from the first of the lists. */
export function listPlaceAt(
  state: ClientState,
  layout: Layout,
  height: number,
  y: number,
): ListPlace | undefined {
  if (layout.left === 0) return undefined
  const people = shownRows(state, 'people')
  const groups = shownRows(state, 'groups')
  const [above, below] = shares(people.length, groups.length, Math.max(0, height - 4))
  // A heading over each, and a blank row between them.
  const [list, rows, room, at] =
    y <= above
      ? (['people', people, above, y - 1] as const)
      : (['groups', groups, below, y - above - 3] as const)
  const first = firstShown(state, list, rows, room)
  const target = at < 0 || at >= room ? undefined : rows[first + at]?.target
  return { list, rows, first, room, target }
}

/** A row of the lists on the left. */
export type ListPlace = Readonly<{
  list: 'people' | 'groups'
  rows: readonly ListRow[]
  /** The rows in view: from which one on, and how many at most. */
  first: number
  room: number
  /** undefined: no conversation is there. */
  target: string | undefined
}>

/** 'CONTACTS 5     1 new', with what is out of view: '↑2 ↓5 @1' */
function heading(
  state: ClientState,
  list: 'people' | 'groups',
  rows: readonly ListRow[],
  hidden: Readonly<{ above: number; below: number; mentions: number }>,
  width: number,
  { theme, words }: Look,
): string {
  if (state.filter !== undefined && state.focus === list) return filterRow(state, width).row
  const name = list === 'people' ? words.lists.contacts : words.lists.groups
  const unread = rows.reduce((sum, row) => sum + row.calling, 0)
  const right = [
    hidden.above > 0 ? `↑${hidden.above}` : '',
    hidden.below > 0 ? `↓${hidden.below}` : '',
    hidden.mentions > 0 ? `@${hidden.mentions}` : '',
    unread > 0 ? (width < 20 ? String(unread) : words.lists.newCount(unread)) : '',
  ]
  const left = `${name} ${rows.length}`
  const whole = right.filter((part) => part !== '').join(' ')
  // What is out of view comes first: the header says how much is unread, too.
  const fits = textWidth(left) + 1 + textWidth(whole) <= width
  const row = spread(
    left,
    fits
      ? whole
      : right
          .slice(0, -1)
          .filter((it) => it !== '')
          .join(' '),
    width,
  )
  return state.focus === list ? theme.accent(theme.strong(row)) : theme.strong(row)
}

const NO_FIELD = { row: '', x: 0 }

/** '/ali', in place of the heading. */
function filterRow({ filter }: ClientState, width: number) {
  if (filter === undefined) return NO_FIELD
  const { row, x } = fieldRow('/', filter, width)
  return { row: fitText(row, width), x }
}

/** Where the cursor of a list's filter stands, counted from the first row of the lists; undefined: there is none. */
export function filterCursor(
  state: ClientState,
  layout: Layout,
  height: number,
): Readonly<{ x: number; y: number }> | undefined {
  if (state.filter === undefined || layout.left === 0) return undefined
  const people = shownRows(state, 'people')
  const [above] = shares(people.length, shownRows(state, 'groups').length, Math.max(0, height - 4))
  const y = state.focus === 'people' ? 0 : above + 2
  return { x: filterRow(state, layout.left).x, y }
}

/** '● alice            1', '▸ #lobby'; '●>alice' is the row that keys act on. */
function listRow(
  state: ClientState,
  list: 'people' | 'groups',
  row: ListRow,
  chosen: boolean,
  width: number,
  { theme, words }: Look,
): string {
  const name = list === 'groups' ? `#${row.name}` : row.name
  const shown = row.target === state.me?.id ? words.lists.notes : name
  const text = spread(
    `${signOf(state, list, row)}${chosen ? '>' : ' '}${row.pinned ? PIN : ''}${shown}`,
    [hasDraft(state, row) ? DRAFT : '', suffixOf(row, width, words)].join(' ').trim(),
    width,
  )
  if (chosen) return theme.chosen(text)
  if (row.target === state.open) return theme.strong(text)
  if (row.calling > 0) return theme.unread(text)
  return row.muted ? theme.faint(text) : text
}

/** Something is being written there; of what is open one sees it. */
function hasDraft({ drafts, open }: ClientState, { target }: ListRow): boolean {
  return target !== open && (drafts.get(target)?.clusters.length ?? 0) > 0
}

const DRAFT = '✎'

function signOf(state: ClientState, list: 'people' | 'groups', row: ListRow): string {
  if (row.target === state.open) return '▸'
  if (list === 'groups') return ' '
  // Without a connection nobody knows.
  return state.link.state === 'online' ? presenceSign(row) : '○'
}

/** '●' online, '◐' online but away or busy, '○' not online. */
export function presenceSign({ online, status }: Pick<ListRow, 'online' | 'status'>): string {
  if (!online) return '○'
  return status === 'available' ? '●' : '◐'
}

/** Stands before the name of what is pinned. */
const PIN = '◆'

function suffixOf(row: ListRow, width: number, words: Look['words']): string {
  const isNarrow = width < 20
  if (row.calling > 0) return countLabel(row.unread, row.mentions)
  if (row.refused > 0) return words.lists.refused(row.refused)
  if (row.waiting > 0) return words.lists.waiting(row.waiting)
  if (row.blocked) return words.lists.blocked
  const { mutedNarrow, mutedShown } = words.preferences
  if (row.muted) return (isNarrow ? mutedNarrow : mutedShown)(row.unread)
  return isNarrow ? '' : words.status.short[row.status]
}

/** '7'; '@1 7' when one of them names me, '@7' when all do. */
export function countLabel(unread: number, mentions: number): string {
  const count = unread > 999 ? '999+' : String(unread)
  if (mentions === 0) return count
  return mentions === unread ? `@${count}` : `@${mentions} ${count}`
}

/** The left text cut so that the right one stands at the edge. */
export function spread(left: string, right: string, width: number): string {
  if (right === '') return fitText(left, width)
  const room = width - textWidth(right) - 1
  return room < 1 ? fitText(left, width) : `${fitText(left, room)} ${right}`
}

function blank(width: number): string {
  return ' '.repeat(width)
}
