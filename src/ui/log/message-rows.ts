import type { Reaction } from '../../protocol/messages.ts'
import { deedOf } from '../commands/slash.ts'
import type { Look } from '../look.ts'
import { cutText, fitText, sureText } from '../text/fit.ts'
import { widestWidth } from '../text/widest.ts'
import { textWidth } from '../text/width.ts'
import { columns, type RowForm, SIGN_CELLS, TIME_CELLS } from './row-form.ts'
import { type TextRow, textRows } from './text-rows.ts'

/** A text of more rows is shown with its first ones: a paste must not push away what others say. */
const TEXT_ROWS_MAX = 60
const TEXT_ROWS_SHOWN = 40

/** What a message's rows depend on besides itself and the form. */
export type RowTraits = Readonly<{
  /** Directly after one of the same person and minute: without time and name. */
  grouped: boolean
  mine: boolean
  /** What it answers, in a row above it: 'bob: what they said'. */
  quote: string | undefined
  /** Who deleted it, where that was not who wrote it. */
  deletedBy: string | undefined
  /** Somebody wants all of its text, however long it is. */
  whole: boolean
  /** `kept`: selected, but the keys go elsewhere. */
  mark: 'selected' | 'kept' | 'mention' | undefined
}>

/** What the rows are made of. */
export type Message = Readonly<{
  /** Tells its links from those of all others on the screen. */
  key: string
  time: number
  from: string
  name: string
  /** '': it was deleted. */
  text: string
  edited: boolean
  reactions: readonly Reaction[]
  /** One to three styled cells: how far an own message has got. */
  sign: Sign | undefined
}>

export type Sign = Readonly<{ text: string; style: (text: string) => string }>

/** The rows of one message: what it answers, its text, and the reactions to it. */
export function messageRows(
  message: Message,
  traits: RowTraits,
  form: RowForm,
  look: Look,
): readonly string[] {
  const rows = draw[form.names](message, traits, form, look)
  return traits.mark === 'selected' ? rows.map(look.theme.chosen) : rows
}

type Draw = (message: Message, traits: RowTraits, form: RowForm, look: Look) => readonly string[]

const draw: Readonly<Record<RowForm['names'], Draw>> = {
  beside: besideRows,
  above: aboveRows,
  bare: bareRows,
}

/** '09:31 you    ✓✓ ok, sending': nothing that has its place stands right of what people say. */
function besideRows(
  message: Message,
  traits: RowTraits,
  form: RowForm,
  look: Look,
): readonly string[] {
  const { indent, cells } = columns(form)
  const rows = contentRows(message, traits, cells, form, look)
  const head = headOf(message, traits, form, look)
  const gap = markOf(traits, look) ?? ' '
  return rows.map((row, index) => (index === 0 ? head + gap : indent) + row)
}

/** '09:31 carol    ', without the cell before the text. */
function headOf(message: Message, traits: RowTraits, form: RowForm, look: Look): string {
  const { theme, words, clock } = look
  const { nameCells } = columns(form)
  const { sign } = message
  const state = sign === undefined ? '' : ` ${signIn(SIGN_CELLS, sign)}`
  const room = nameCells - (sign === undefined ? 0 : SIGN_CELLS + 1)
  const margin = ' '.repeat(form.margin)
  if (traits.grouped) return margin + ' '.repeat(TIME_CELLS + 1 + room) + state
  const name = fitText(traits.mine ? words.log.you : message.name, room)
  const style = traits.mine ? theme.mine : theme.person(message.from)
  return `${margin}${theme.faint(clock.time(message.time))} ${style(name)}${state}`
}

/** Who says what the first row of a view goes on with. */
export type Heading = Readonly<{
  time: number
  name: string
  mine: boolean
  /** The row says how far the message has got. */
  signed: boolean
}>

/** '09:31 carol', faint: what stands where a heading is out of view. */
export function headingText({ time, name, mine }: Heading, room: number, look: Look): string {
  const { words, clock } = look
  return `${clock.time(time)} ${cutText(sureText(mine ? words.log.you : name), room)}`
}

/** A row whose heading is above it, with its time and name in the cells that are blank there. */
export function headedRow(row: string, heading: Heading, form: RowForm, look: Look): string {
  const margin = ' '.repeat(form.margin)
  const { nameCells } = columns(form)
  const room = nameCells - (heading.signed ? SIGN_CELLS + 1 : 0)
  const cells = TIME_CELLS + 1 + room
  const head = fitText(headingText(heading, room, look), cells)
  return row.replace(margin + ' '.repeat(cells), () => margin + look.theme.faint(head))
}

/** The name has a row of its own; below it, what follows at once has its state before the text. */
function aboveRows(
  message: Message,
  traits: RowTraits,
  form: RowForm,
  look: Look,
): readonly string[] {
  const { theme, words, clock } = look
  const { cells } = columns(form)
  const { sign } = message
  const gap = markOf(traits, look) ?? ' '
  if (traits.grouped) {
    const state = sign === undefined ? '' : `${signIn(SIGN_CELLS, sign)} `
    const indent = sign === undefined ? '' : ' '.repeat(SIGN_CELLS + 1)
    const rows = contentRows(message, traits, Math.max(1, cells - indent.length), form, look)
    return rows.map((row, index) => (index === 0 ? gap + state : ` ${indent}`) + row)
  }
  const { mine } = traits
  const name = cutText(sureText(mine ? words.log.you : message.name), form.width - TIME_CELLS - 5)
  const style = mine ? theme.mine : theme.person(message.from)
  const state = sign === undefined ? '' : ` ${sign.style(sign.text)}`
  const head = `${theme.faint(clock.time(message.time))}${gap}${style(name)}${state}`
  return [head, ...contentRows(message, traits, cells, form, look).map((row) => ` ${row}`)]
}

/** Texts from the first column to the last, as they were written, with a row of their own for who spoke. */
function bareRows(
  message: Message,
  traits: RowTraits,
  form: RowForm,
  look: Look,
): readonly string[] {
  const rows = contentRows(message, traits, columns(form).cells, form, look)
  if (traits.grouped) return rows
  const { theme, words, clock } = look
  const name = cutText(traits.mine ? words.log.you : message.name, form.width - TIME_CELLS - 1)
  const gap = markOf(traits, look) ?? ' '
  return [theme.faint(clock.time(message.time)) + gap + theme.faint(name), ...rows]
}

/** The sign at the right end of so many cells. */
function signIn(cells: number, { text, style }: Sign): string {
  return ' '.repeat(Math.max(0, cells - textWidth(text))) + style(text)
}

/** What stands in the cell before the text: seen without colours, too. */
function markOf({ mark }: RowTraits, { theme }: Look): string | undefined {
  if (mark === undefined) return undefined
  return mark === 'mention' ? theme.unread('»') : theme.accent('▸')
}

/** All that stands in the text's column. */
function contentRows(
  message: Message,
  traits: RowTraits,
  cells: number,
  form: RowForm,
  look: Look,
): readonly string[] {
  return [
    ...quoteRows(traits, cells, look),
    ...bodyRows(message, traits, cells, form, look),
    ...reactionRows(message.reactions, cells),
  ]
}

/** '╭ bob: what they said…' */
function quoteRows({ quote }: RowTraits, cells: number, { theme }: Look): readonly string[] {
  return quote === undefined ? [] : [theme.faint(cutText(`╭ ${quote}`, cells))]
}

function bodyRows(
  message: Message,
  { deletedBy, whole }: RowTraits,
  width: number,
  form: RowForm,
  look: Look,
): readonly string[] {
  const { words, theme } = look
  if (message.text === '') {
    const { deleted, deletedByOther } = words.messages
    const said = deletedBy === undefined ? deleted : deletedByOther(deletedBy)
    return [theme.faint(cutText(sureText(said), width))]
  }
  const name = message.name === '' ? words.log.you : message.name
  const said = deedOf(message.text, name) ?? message.text
  const isBare = form.names === 'bare'
  const laid = textRows(said, width, message.key, isBare, look)
  const rows = whole || isBare ? laid : shortened(laid, width, look)
  return message.edited ? withTail(rows, words.messages.edited, width, look) : rows.map(rowOf)
}

/** '… 150 more rows · select it: i shows all' */
function shortened(rows: readonly TextRow[], width: number, look: Look): readonly TextRow[] {
  if (rows.length <= TEXT_ROWS_MAX) return rows
  const { theme, words } = look
  const more = cutText(words.reading.moreRows(rows.length - TEXT_ROWS_SHOWN), width)
  return [...rows.slice(0, TEXT_ROWS_SHOWN), { row: theme.faint(more), cells: textWidth(more) }]
}

/** Behind the last row, or below it where that has no room. */
function withTail(
  rows: readonly TextRow[],
  tail: string,
  width: number,
  { theme }: Look,
): readonly string[] {
  const last = rows.at(-1)
  const fits = last !== undefined && last.cells + 1 + textWidth(tail) <= width
  if (!fits) return [...rows.map(rowOf), theme.faint(tail)]
  return [...rows.slice(0, -1).map(rowOf), last.row + theme.faint(` ${tail}`)]
}

function rowOf({ row }: TextRow): string {
  return row
}

/** '👍 2  [🎉 1]': those of one's own stand in brackets. */
function reactionRows(reactions: readonly Reaction[], cells: number): readonly string[] {
  const rows: string[] = []
  for (const { text, count, mine } of reactions) {
    const part = cutText(mine ? `[${text} ${count}]` : `${text} ${count}`, cells)
    const last = rows.at(-1)
    const joined = last === undefined ? part : `${last}  ${part}`
    if (last !== undefined && widestWidth(joined) <= cells) rows[rows.length - 1] = joined
    else rows.push(part)
  }
  return rows
}
