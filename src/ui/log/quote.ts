import type { Entry } from '../../protocol/messages.ts'
import { isDeleted } from '../../protocol/present.ts'
import { deedOf } from '../commands/slash.ts'
import type { Look } from '../look.ts'
import { entryAt } from '../state/changes.ts'

/** Of a text of many lines the first is enough; cells are cut where it is drawn. */
const QUOTE_CHARS_MAX = 200

/** A text in a few words: 'bob: what they said'. What is not loaded stands further up. */
export function quoteOf(
  entries: readonly Entry[],
  seq: number,
  me: string | undefined,
  { words }: Look,
): string {
  const entry = entryAt(entries, seq)
  if (entry?.kind !== 'text') return words.messages.furtherUp
  const name = entry.from === me ? words.log.you : entry.name
  if (isDeleted(entry)) return `${name}: ${words.messages.deleted}`
  const line = firstLine(entry.text)
  return deedOf(line, name) ?? `${name}: ${line}`
}

function firstLine(text: string): string {
  const [line = '', ...more] = text.trim().split(/\r\n|[\n\r\u2028\u2029]/)
  const cut = line.slice(0, QUOTE_CHARS_MAX)
  return more.length > 0 || cut.length < line.length ? `${cut}…` : cut
}
