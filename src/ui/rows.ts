import type { OutboxItem } from '../net/events.ts'
import type { Entry } from '../protocol/messages.ts'
import type { Look } from './look.ts'
import { cutText, fitText, sureText } from './text/fit.ts'
import { textWidth } from './text/width.ts'
import { wrapText } from './text/wrap.ts'

/** How the rows of a log are cut. */
export type RowForm = Readonly<{
  /** Cells of the log pane. */
  width: number
  /** Names stand beside the text, or above it where there is little room. */
  names: 'beside' | 'above'
  /** Blank cells on the left. */
  margin: number
  /** Something is drawn to the right of the log: every row's width must be sure. */
  sure: boolean
}>

/** What a message's rows depend on besides itself and the form. */
export type RowTraits = Readonly<{
  /** Directly after one of the same person and minute: without time and name. */
  grouped: boolean
  mine: boolean
}>

const TEXT_CELLS_MAX = 100
const TIME_CELLS = 5
/** A space before the sign, the sign in two cells, a blank at the edge. */
const SIGN_CELLS = 4

/** The rows of one entry or outbox item, kept until its form changes: wrapping is the dear part. */
export class RowCache {
  readonly #rows = new WeakMap<object, Readonly<{ key: string; rows: readonly string[] }>>()

  get(item: object, key: string, make: () => readonly string[]): readonly string[] {
    const known = this.#rows.get(item)
    if (known?.key === key) return known.rows
    const rows = make()
    this.#rows.set(item, { key, rows })
    return rows
  }
}

export function entryRows(
  entry: Entry,
  traits: RowTraits,
  form: RowForm,
  look: Look,
): readonly string[] {
  const said = SAID[entry.kind]
  if (said !== undefined) return [eventRow(entry, said(entry, look), form, look)]
  const sign = traits.mine ? look.theme.faint('✓') : undefined
  return messageRows({ ...entry, sign }, traits, form, look)
}

/** The sign and words of entries that are no messages; kinds from the future are passed over. */
const SAID: Partial<
  Record<Entry['kind'], (entry: Entry, look: Look) => readonly [string, string]>
> = {
  created: (_, { words }) => ['*', words.log.created],
  joined: (_, { words }) => ['→', words.log.joined],
  quit: (_, { words }) => ['←', words.log.quit],
  added: ({ subject }, { words }) => ['+', words.log.added(subject?.name ?? '')],
}

/** Kinds that this program shows nothing of. */
export function isShown(entry: Entry): boolean {
  return entry.kind === 'text' || SAID[entry.kind] !== undefined
}

export function pendingRows(
  item: OutboxItem,
  traits: RowTraits,
  form: RowForm,
  look: Look,
): readonly string[] {
  const { theme, words } = look
  const refused = item.refused !== undefined
  const sign = refused ? theme.bad('✗') : theme.careful('◷')
  const message = { time: item.time, from: '', name: '', text: item.text, sign }
  const rows = messageRows(message, traits, form, look)
  if (item.refused === undefined) return rows
  const { indent, cells } = columns(form)
  const why = `${words.log.refused(item.refused)}. ${words.log.refusedHelp}`
  return [...rows, ...wrapText(why, cells).map((row) => indent + theme.bad(safe(row, form)))]
}

type Message = Readonly<{
  time: number
  from: string
  name: string
  text: string
  /** One styled cell: how far an own message has got. */
  sign: string | undefined
}>

function messageRows(
  message: Message,
  traits: RowTraits,
  form: RowForm,
  look: Look,
): readonly string[] {
  return form.names === 'beside'
    ? besideRows(message, traits, form, look)
    : aboveRows(message, traits, form, look)
}

function besideRows(
  message: Message,
  { grouped, mine }: RowTraits,
  form: RowForm,
  look: Look,
): readonly string[] {
  const { indent, cells, nameCells } = columns(form)
  const width = mine ? cells - SIGN_CELLS : cells
  const rows = wrapText(safe(message.text, form), width)
  const head = grouped ? indent : headOf(message, mine, nameCells, form, look)
  return rows.map((row, index) => {
    const last = index === rows.length - 1
    const text = last && message.sign !== undefined ? signed(row, message.sign, width) : row
    return (index === 0 ? head : indent) + text
  })
}

/** '09:31 carol     ' */
function headOf(
  message: Message,
  mine: boolean,
  nameCells: number,
  form: RowForm,
  { theme, words, clock }: Look,
): string {
  const name = fitText(mine ? words.log.you : message.name, nameCells)
  const style = mine ? theme.mine : theme.person(message.from)
  return `${' '.repeat(form.margin)}${theme.faint(clock.time(message.time))} ${style(name)} `
}

/** The row in a width that is sure, and the sign at the right edge. */
function signed(row: string, sign: string, width: number): string {
  return `${fitText(row, width)}  ${sign}`
}

function aboveRows(
  message: Message,
  { grouped, mine }: RowTraits,
  form: RowForm,
  { theme, words, clock }: Look,
): readonly string[] {
  const rows = wrapText(safe(message.text, form), form.width - 2)
  const body = rows.map((row) => ` ${row}`)
  if (grouped) {
    // There is no head to carry the sign: only what has not arrived yet says so.
    return body
  }
  const name = cutText(sureText(mine ? words.log.you : message.name), form.width - TIME_CELLS - 5)
  const style = mine ? theme.mine : theme.person(message.from)
  const sign = message.sign === undefined ? '' : ` ${message.sign}`
  return [`${theme.faint(clock.time(message.time))} ${style(name)}${sign}`, ...body]
}

/** '09:31 →         carol joined' */
function eventRow(
  entry: Entry,
  [sign, words]: readonly [string, string],
  form: RowForm,
  { theme, clock }: Look,
): string {
  const margin = ' '.repeat(form.margin)
  const time = clock.time(entry.time)
  const text = safe(`${entry.name} ${words}`, form)
  if (form.names === 'above') {
    return theme.faint(cutText(`${time} ${sign} ${text}`, form.width))
  }
  const { cells, nameCells } = columns(form)
  return theme.faint(`${margin}${time} ${fitText(sign, nameCells)} ${cutText(text, cells)}`)
}

/** Where the text stands: what is left of it, and how many cells it has. */
function columns(form: RowForm): Readonly<{ indent: string; cells: number; nameCells: number }> {
  if (form.names === 'above') return { indent: ' ', cells: form.width - 2, nameCells: 0 }
  const nameCells = form.margin > 0 ? 10 : 9
  const indent = form.margin + TIME_CELLS + 1 + nameCells + 1
  const cells = Math.min(TEXT_CELLS_MAX, form.width - indent - form.margin)
  return { indent: ' '.repeat(indent), cells: Math.max(1, cells), nameCells }
}

/** '──────── Sat 21 Nov 2026 ─────────' */
export function ruleRow(label: string, form: RowForm): string {
  const width = form.width - form.margin - 1
  const text = ` ${cutText(sureText(label), Math.max(1, width - 4))} `
  const free = Math.max(0, width - textWidth(text))
  const left = Math.floor(free / 2)
  return `${' '.repeat(form.margin)}${'─'.repeat(left)}${text}${'─'.repeat(free - left)}`
}

function safe(text: string, form: RowForm): string {
  return form.sure ? sureText(text) : text
}
