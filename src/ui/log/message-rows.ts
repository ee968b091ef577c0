import type { Reaction } from '../../protocol/messages.ts'
import { deedOf } from '../commands/slash.ts'
import type { Look } from '../look.ts'
import { cutText, fitText, sureText } from '../text/fit.ts'
import { widestWidth } from '../text/widest.ts'
import { textWidth } from '../text/width.ts'
import { wrapText } from '../text/wrap.ts'
import { columns, type RowForm, safe, TIME_CELLS } from './row-form.ts'

/** What a message's rows depend on besides itself and the form. */
export type RowTraits = Readonly<{
  /** Directly after one of the same person and minute: without time and name. */
  grouped: boolean
  mine: boolean
  /** What it answers, in a row above it: 'bob: what they said'. */
  quote: string | undefined
  /** Who deleted it, where that was not who wrote it. */
  deletedBy: string | undefined
  /** `kept`: selected, but the keys go elsewhere. */
  mark: 'selected' | 'kept' | 'mention' | undefined
}>

/** What the rows are made of. */
export type Message = Readonly<{
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

/** Two blanks, the sign in two cells or, a blank less, in three. */
const SIGN_CELLS = 4

/** A row of text that may have something faint behind it. */
type BodyRow = Readonly<{ text: string; tail: string }>

/** The rows of one message: what it answers, its text, and the reactions to it. */
export function messageRows(
  message: Message,
  traits: RowTraits,
  form: RowForm,
  look: Look,
): readonly string[] {
  const rows =
    form.names === 'beside'
      ? besideRows(message, traits, form, look)
      : aboveRows(message, traits, form, look)
  return traits.mark === 'selected' ? rows.map(look.theme.chosen) : rows
}

function besideRows(
  message: Message,
  traits: RowTraits,
  form: RowForm,
  look: Look,
): readonly string[] {
  const { indent, cells, nameCells } = columns(form)
  const { sign } = message
  const width = traits.mine ? cells - SIGN_CELLS : cells
  const body = bodyRows(message, traits, width, form, look)
  const text = body.map((row, index) =>
    index === body.length - 1 && sign !== undefined
      ? signedRow(row, sign, width, look)
      : plainRow(row, look),
  )
  const rows = [
    ...quoteRows(traits, cells, form, look),
    ...text,
    ...reactionRows(message.reactions, cells, form),
  ]
  const head = traits.grouped
    ? indent.slice(1)
    : headOf(message, traits.mine, nameCells, form, look)
  const gap = markOf(traits, look) ?? ' '
  return rows.map((row, index) => (index === 0 ? head + gap : indent) + row)
}

/** '09:31 carol    ', without the cell before the text. */
function headOf(
  message: Message,
  mine: boolean,
  nameCells: number,
  form: RowForm,
  { theme, words, clock }: Look,
): string {
  const name = fitText(mine ? words.log.you : message.name, nameCells)
  const style = mine ? theme.mine : theme.person(message.from)
  return `${' '.repeat(form.margin)}${theme.faint(clock.time(message.time))} ${style(name)}`
}

function aboveRows(
  message: Message,
  traits: RowTraits,
  form: RowForm,
  look: Look,
): readonly string[] {
  const { theme, words, clock } = look
  const { cells } = columns(form)
  const rows = [
    ...quoteRows(traits, cells, form, look),
    ...bodyRows(message, traits, cells, form, look).map((row) => plainRow(row, look)),
    ...reactionRows(message.reactions, cells, form),
  ]
  const gap = markOf(traits, look) ?? ' '
  // Without a head there is nothing to carry a sign: only what has not arrived yet says so.
  if (traits.grouped) return rows.map((row, index) => (index === 0 ? gap : ' ') + row)
  const { mine } = traits
  const name = cutText(sureText(mine ? words.log.you : message.name), form.width - TIME_CELLS - 5)
  const style = mine ? theme.mine : theme.person(message.from)
  const sign = message.sign === undefined ? '' : ` ${message.sign.style(message.sign.text)}`
  const head = `${theme.faint(clock.time(message.time))}${gap}${style(name)}${sign}`
  return [head, ...rows.map((row) => ` ${row}`)]
}

/** What stands in the cell before the text: seen without colours, too. */
function markOf({ mark }: RowTraits, { theme }: Look): string | undefined {
  if (mark === undefined) return undefined
  return mark === 'mention' ? theme.unread('»') : theme.accent('▸')
}

/** '╭ bob: what they said…' */
function quoteRows(
  { quote }: RowTraits,
  cells: number,
  form: RowForm,
  { theme }: Look,
): readonly string[] {
  return quote === undefined ? [] : [theme.faint(cutText(safe(`╭ ${quote}`, form), cells))]
}

function bodyRows(
  message: Message,
  { deletedBy }: RowTraits,
  width: number,
  form: RowForm,
  { words }: Look,
): readonly BodyRow[] {
  if (message.text === '') {
    const { deleted, deletedByOther } = words.messages
    const said = deletedBy === undefined ? deleted : deletedByOther(deletedBy)
    return [{ text: '', tail: cutText(sureText(said), width) }]
  }
  const name = message.name === '' ? words.log.you : message.name
  const said = deedOf(message.text, name) ?? message.text
  const rows = wrapText(safe(said, form), width).map((text) => ({ text, tail: '' }))
  if (!message.edited) return rows
  const last = rows.at(-1)?.text ?? ''
  const tail = ` ${words.messages.edited}`
  const fits = widestWidth(last) + textWidth(tail) <= width
  return fits
    ? [...rows.slice(0, -1), { text: last, tail }]
    : [...rows, { text: '', tail: words.messages.edited }]
}

function plainRow({ text, tail }: BodyRow, { theme }: Look): string {
  return text + theme.faint(tail)
}

/** The row in a width that is sure, and the sign at the right edge. */
function signedRow({ text, tail }: BodyRow, sign: Sign, width: number, { theme }: Look): string {
  const sure = sureText(text)
  const free = Math.max(0, width - textWidth(sure) - textWidth(tail))
  const blanks = ' '.repeat(Math.min(2, SIGN_CELLS - textWidth(sign.text)))
  return sure + theme.faint(tail) + ' '.repeat(free) + blanks + sign.style(sign.text)
}

/** '👍 2  [🎉 1]': those of one's own stand in brackets. */
function reactionRows(
  reactions: readonly Reaction[],
  cells: number,
  form: RowForm,
): readonly string[] {
  const rows: string[] = []
  for (const { text, count, mine } of reactions) {
    const part = cutText(safe(mine ? `[${text} ${count}]` : `${text} ${count}`, form), cells)
    const last = rows.at(-1)
    const joined = last === undefined ? part : `${last}  ${part}`
    if (last !== undefined && widestWidth(joined) <= cells) rows[rows.length - 1] = joined
    else rows.push(part)
  }
  return rows
}
