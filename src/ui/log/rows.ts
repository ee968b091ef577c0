import type { OutboxItem } from '../../net/events.ts'
import type { Entry } from '../../protocol/messages.ts'
import type { Look } from '../look.ts'
import type { Reached } from '../state/receipts.ts'
import { cutText, fitText, sureText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { wrapText } from '../text/wrap.ts'
import { messageRows, type RowTraits, type Sign } from './message-rows.ts'
import { columns, type RowForm, TIME_CELLS } from './row-form.ts'

/** The rows of one entry or outbox item, kept until its form changes: wrapping is the dear part. */
export class RowCache {
  #rows = new WeakMap<object, Readonly<{ key: string; rows: readonly string[] }>>()

  get(item: object, key: string, make: () => readonly string[]): readonly string[] {
    const known = this.#rows.get(item)
    if (known?.key === key) return known.rows
    const rows = make()
    this.#rows.set(item, { key, rows })
    return rows
  }

  /** Every row is drawn in another way now. */
  forget(): void {
    this.#rows = new WeakMap()
  }
}

/** `sign`: how far what one said oneself has got. */
export function entryRows(
  entry: Entry,
  traits: RowTraits,
  sign: Sign | undefined,
  form: RowForm,
  look: Look,
): readonly string[] {
  const said = SAID[entry.kind]
  if (said !== undefined) return eventRows(entry, said(entry, look), form, look)
  return messageRows({ ...entry, key: `${entry.seq}`, sign }, traits, form, look)
}

/** One tick is the server's disk, two are everybody's client, three are their eyes. */
export function signOf(
  { seq }: Pick<Entry, 'seq'>,
  { delivered, read }: Reached,
  { theme }: Look,
): Sign {
  if (seq <= read) return { text: '✓✓✓', style: theme.good }
  if (seq <= delivered) return { text: '✓✓', style: theme.good }
  return { text: '✓', style: theme.faint }
}

/** The sign and words of entries that are no messages; kinds from the future are passed over. */
const SAID: Partial<
  Record<Entry['kind'], (entry: Entry, look: Look) => readonly [string, string]>
> = {
  created: (_, { words }) => ['*', words.log.created],
  joined: (_, { words }) => ['→', words.log.joined],
  quit: (_, { words }) => ['←', words.log.quit],
  added: ({ subject }, { words }) => ['+', words.log.added(subject?.name ?? '')],
  removed: ({ subject }, { words }) => ['−', words.log.removed(subject?.name ?? '')],
  banned: ({ subject }, { words }) => ['−', words.log.banned(subject?.name ?? '')],
  role: ({ subject, role }, { words }) => ['*', words.log.role[role](subject?.name ?? '')],
  renamed: ({ text }, { words }) => ['*', words.log.renamed(text)],
  topic: ({ text }, { words }) => ['*', words.log.topic(text)],
  access: ({ text }, { words }) => ['*', words.log.access(text === 'invite')],
  ended: (_, { words }) => ['*', words.log.ended],
}

/** What somebody did, in words without their name; undefined: it is a message, or changes one. */
export function deedWords(entry: Entry, look: Look): string | undefined {
  return SAID[entry.kind]?.(entry, look)[1]
}

/** Kinds that this program shows nothing of. */
export function isShown(entry: Entry): boolean {
  return entry.kind === 'text' || SAID[entry.kind] !== undefined
}

/** The rows of a message that waits in the outbox, or was refused. */
export function pendingRows(
  item: OutboxItem,
  traits: RowTraits,
  form: RowForm,
  look: Look,
): readonly string[] {
  const { theme, words } = look
  const refused = item.refused !== undefined
  const sign: Sign = refused ? { text: '✗', style: theme.bad } : { text: '◷', style: theme.careful }
  const { time, text } = item
  const key = item.nonce
  const message = { key, time, from: '', name: '', text, edited: false, reactions: [], sign }
  const rows = messageRows(message, traits, form, look)
  if (item.refused === undefined) return rows
  const { indent, cells } = columns(form)
  const why = words.log.refused(words.faults.text(item.refused))
  return [...rows, ...wrapText(why, cells).map((row) => indent + theme.bad(row))]
}

/** '09:31 →         carol joined' */
function eventRows(
  entry: Entry,
  [sign, words]: readonly [string, string],
  form: RowForm,
  look: Look,
): readonly string[] {
  return lineRows(entry.time, sign, `${entry.name} ${words}`, ' ', form, look)
}

/** '09:31 …         carol and dave joined': many entries in one line. */
export function foldedRow(
  { time }: Entry,
  said: string,
  mark: RowTraits['mark'],
  form: RowForm,
  look: Look,
): string {
  const { theme, words } = look
  if (mark === undefined) return foldRow(time, said, ' ', form, look)
  const { cells } = columns(form)
  const room = Math.max(
    8,
    cells - textWidth(words.reading.unfold) - 1 - (form.names === 'beside' ? 0 : TIME_CELLS + 2),
  )
  const text = `${cutText(said, room)} ${words.reading.unfold}`
  const row = foldRow(time, text, '▸', form, look)
  return mark === 'selected' ? theme.chosen(row) : row
}

/** One row, whatever it is of: Enter shows each. `gap`: what stands in the cell before it. */
function foldRow(at: number, text: string, gap: string, form: RowForm, look: Look): string {
  const { width, names } = form
  const cells = names === 'beside' ? columns(form).cells : width - TIME_CELLS - 3
  return lineRows(at, '…', cutText(text, cells), gap, form, look)[0] ?? ''
}

/** Lines about people who said nothing. `gap`: what stands in the cell before them. */
function lineRows(
  at: number,
  sign: string,
  text: string,
  gap: string,
  form: RowForm,
  { theme, clock }: Look,
): readonly string[] {
  const time = clock.time(at)
  if (form.names !== 'beside') {
    const [first = '', ...rest] = wrapText(`${time}${gap}${sign} ${text}`, form.width)
    const more = wrapText(rest.join(' '), form.width - 1)
    return [first, ...(rest.length === 0 ? [] : more.map((row) => ` ${row}`))].map(theme.faint)
  }
  const margin = ' '.repeat(form.margin)
  const { cells, nameCells, indent } = columns(form)
  const head = `${margin}${time} ${fitText(sign, nameCells)}${gap}`
  return wrapText(text, cells).map((row, index) => theme.faint((index === 0 ? head : indent) + row))
}

/** '──────── Sat 21 Nov 2026 ─────────' */
export function ruleRow(label: string, form: RowForm): string {
  const width = form.width - form.margin - 1
  const text = ` ${cutText(sureText(label), Math.max(1, width - 4))} `
  const free = Math.max(0, width - textWidth(text))
  const left = Math.floor(free / 2)
  return `${' '.repeat(form.margin)}${'─'.repeat(left)}${text}${'─'.repeat(free - left)}`
}
