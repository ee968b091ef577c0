import type { Hit } from '../../protocol/messages.ts'
import { editorText } from '../input/editor.ts'
import type { Look } from '../look.ts'
import type { ClientState } from '../state/model.ts'
import type { SearchWindow } from '../state/windows.ts'
import { cutText, sureText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { wrapText } from '../text/wrap.ts'
import { marked, snippet } from './snippet.ts'
import { conversationTitle } from './title.ts'
import { type Body, fieldRow, type Size } from './window.ts'

/** Where and when, and below it the text. */
const ROWS_PER_HIT = 2
const TEXT_INDENT = 4

/** The search: a field, and what was found, the newest first. */
export function searchPane(
  state: ClientState,
  overlay: SearchWindow,
  size: Size,
  look: Look,
): Body {
  const { search } = look.words.windows
  const { query, where } = overlay
  const conversation = where === undefined ? undefined : state.conversations.get(where)
  const place = conversation && sureText(conversationTitle(state, conversation, look))
  const field = fieldRow('> ', query, size.width)
  const keys = textWidth(search.keys) <= size.width ? search.keys : search.keysShort
  return {
    title: search.title(place),
    body: [field.row, '', ...foundRows(state, overlay, size, look)],
    keys,
    cursor: { x: field.x, y: 0 },
  }
}

function foundRows(
  state: ClientState,
  { found, query, where, chosen }: SearchWindow,
  size: Size,
  look: Look,
): readonly string[] {
  const { theme, words } = look
  const { search } = words.windows
  const said = (text: string, style = theme.faint) =>
    wrapText(text, Math.max(1, size.width - 1)).map(style)
  if (found.state === 'nothing')
    return said(editorText(query).trim() === '' ? search.hint : search.searching)
  if (found.state === 'searching') return said(search.searching)
  if (found.state === 'failed') return said(found.fault, theme.bad)
  if (found.hits.length === 0) return said(search.nothing(where === undefined))
  const room = Math.max(1, Math.floor((size.height - 2) / ROWS_PER_HIT))
  const first = Math.max(0, Math.min(chosen - Math.floor(room / 2), found.hits.length - room))
  const shown = found.hits.slice(first, first + room)
  const rows = shown.flatMap((hit, index) =>
    hitRows(state, hit, editorText(query), first + index === chosen, size.width, look),
  )
  const more = first + room >= found.hits.length && found.next !== ''
  return more ? [...rows, ...said(search.more)] : rows
}

/** '▸ Sat 21 Nov 2026 09:31  #lobby  carol' and the text with the words marked. */
function hitRows(
  state: ClientState,
  { conversation: id, entry }: Hit,
  query: string,
  chosen: boolean,
  width: number,
  look: Look,
): readonly string[] {
  if (entry === undefined) return []
  const { theme, words, clock } = look
  const conversation = state.conversations.get(state.targets.get(id) ?? '')
  const place =
    conversation === undefined
      ? words.windows.search.somewhere
      : conversationTitle(state, conversation, look)
  const name = entry.from === state.me?.id ? words.log.you : entry.name
  const time = `${clock.date(entry.time)} ${clock.time(entry.time)}`
  const head = cutText(sureText(`${time}  ${place}  ${name}`), width - 2)
  const cells = Math.max(1, width - TEXT_INDENT)
  const text = marked(snippet(sureText(entry.text), query, cells), query, theme.match)
  return [
    chosen ? theme.chosen(`▸ ${head}`) : `  ${theme.faint(head)}`,
    `${' '.repeat(Math.min(TEXT_INDENT, width - 1))}${text}`,
  ]
}
