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
import {
  type Body,
  belowField,
  chosenPairs,
  chosenRows,
  fieldRow,
  pairCells,
  type Size,
} from './window.ts'

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
  const gap = belowField(size)
  const room = { ...size, height: size.height - 1 - gap.length }
  const keys = textWidth(search.keys) <= size.width ? search.keys : search.keysShort
  return {
    title: search.title(place),
    body: [field.row, ...gap, ...foundRows(state, overlay, room, look)],
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
  const pairs = found.hits.map((hit) => hitPair(state, hit, editorText(query), size, look))
  const { height } = size
  // Of one row, what was said is worth more than where.
  if (height < 2)
    return chosenRows(
      pairs.map((pair) => pair[1]),
      chosen,
      height,
      look,
    )
  const rows = chosenPairs(pairs, chosen, height, look)
  const atEnd = chosen >= found.hits.length - Math.ceil(height / 4)
  return atEnd && found.next !== '' ? [...rows, ...said(search.more)] : rows
}

/** 'Sat 21 Nov 2026 09:31  #lobby  carol' and the text with the words marked. */
function hitPair(
  state: ClientState,
  { conversation: id, entry }: Hit,
  query: string,
  size: Size,
  look: Look,
): readonly [string, string] {
  if (entry === undefined) return ['', '']
  const { theme, words, clock } = look
  const conversation = state.conversations.get(state.targets.get(id) ?? '')
  const place =
    conversation === undefined
      ? words.windows.search.somewhere
      : conversationTitle(state, conversation, look)
  const name = entry.from === state.me?.id ? words.log.you : entry.name
  const time = `${clock.date(entry.time)} ${clock.time(entry.time)}`
  const head = cutText(sureText(`${time}  ${place}  ${name}`), size.width - 2)
  const line = snippet(sureText(entry.text), query, pairCells(size))
  return [head, marked(line, query, theme.match)]
}
