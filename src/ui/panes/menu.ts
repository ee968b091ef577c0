import { type HelpLine, menuLines } from '../commands/help.ts'
import type { Look } from '../look.ts'
import type { ClientState, Overlay } from '../state/model.ts'
import { cutText, fitText } from '../text/fit.ts'
import type { Body, Size } from './window.ts'

/** Narrower than this there is one column. */
const TWO_COLUMNS_CELLS = 40

/** What may follow Ctrl-X; in a small window in pages, so that nothing is left out in silence. */
export function menuPane(
  _: ClientState,
  { page = 0 }: Extract<Overlay, { type: 'menu' }>,
  size: Size,
  look: Look,
): Body {
  const { menu } = look.words
  const lines = menuLines(look)
  const columns = lines.length <= size.height || size.width < TWO_COLUMNS_CELLS ? 1 : 2
  const perPage = Math.max(1, size.height * columns)
  const pages = Math.max(1, Math.ceil(lines.length / perPage))
  const turned = ((page % pages) + pages) % pages
  const shown = lines.slice(turned * perPage, (turned + 1) * perPage)
  return {
    title: menu.title,
    body: inColumns(shown, columns, size),
    keys: pages === 1 ? menu.keys : menu.pages(turned + 1, pages),
  }
}

/** Key and meaning. */
function inColumns(lines: readonly HelpLine[], columns: 1 | 2, { width }: Size): readonly string[] {
  const rows = lines.map(([key, meaning]) => `${fitText(key, 4)} ${meaning}`)
  if (columns === 1) return rows.map((row) => cutText(row, width))
  const half = Math.ceil(rows.length / 2)
  const column = Math.floor(width / 2) - 1
  return rows
    .slice(0, half)
    .map((row, index) => `${fitText(row, column)} ${cutText(rows[half + index] ?? '', column)}`)
}
