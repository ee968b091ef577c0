import { type HelpLine, menuLines } from '../commands/help.ts'
import type { Look } from '../look.ts'
import type { ClientState, Overlay } from '../state/model.ts'
import { cutText, fitText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import type { Body, Size } from './window.ts'

/** Between two columns. */
const GAP_CELLS = 2
const COLUMNS_MAX = 3
/** Of a key, where one's own keys are long. */
const KEY_CELLS_MAX = 12

/** What may follow Ctrl-X; in a small window in pages, so that nothing is left out in silence. */
export function menuPane(
  _: ClientState,
  { page = 0 }: Extract<Overlay, { type: 'menu' }>,
  size: Size,
  look: Look,
): Body {
  const { menu } = look.words
  const pages = pagesOf(menuLines(look), size)
  const count = pages.length
  const turned = ((page % count) + count) % count
  const body = pages[turned] ?? []
  return count === 1
    ? { title: menu.title, body, keys: menu.keys }
    : { title: menu.page(turned + 1, count), body, keys: menu.turn }
}

/** Everything on one page, in as many columns as that takes; else in as many as have room. */
function pagesOf(lines: readonly HelpLine[], size: Size): readonly (readonly string[])[] {
  const perColumn = Math.max(1, size.height)
  for (let columns = Math.ceil(lines.length / perColumn); columns > 1; columns--) {
    if (columns > COLUMNS_MAX) continue
    const pages = parts(lines, perColumn * columns).map((page) => inColumns(page, columns))
    if (pages.flat().every((row) => textWidth(row) <= size.width)) return pages
  }
  return parts(lines, perColumn).map((page) =>
    columnOf(page).map((row) => cutText(row, size.width)),
  )
}

function inColumns(page: readonly HelpLine[], columns: number): readonly string[] {
  const height = Math.ceil(page.length / columns)
  const all = parts(page, height).map(columnOf)
  const widths = all.map((column) => Math.max(...column.map(textWidth)) + GAP_CELLS)
  return Array.from({ length: height }, (_, row) =>
    all
      .map((column, at) => fitText(column[row] ?? '', widths[at] ?? 0))
      .join('')
      .trimEnd(),
  )
}

/** Keys and meanings, each below the other. */
function columnOf(lines: readonly HelpLine[]): readonly string[] {
  const widest = Math.max(...lines.map(([keys]) => textWidth(keys)))
  const cells = Math.min(KEY_CELLS_MAX, widest)
  return lines.map(([keys, meaning]) => `${fitText(keys, cells)}${BETWEEN}${meaning}`)
}

/** Between a key and its meaning. */
const BETWEEN = '  '

function parts<T>(all: readonly T[], length: number): readonly (readonly T[])[] {
  const count = Math.max(1, Math.ceil(all.length / length))
  return Array.from({ length: count }, (_, at) => all.slice(at * length, (at + 1) * length))
}
