import type { Look } from '../look.ts'
import { breakLine, isBlank } from '../text/breaks.ts'
import { graphemes } from '../text/graphemes.ts'
import {
  type MarkupLine,
  mayBeMarkup,
  parseLinks,
  parseMarkup,
  type Span,
  type SpanStyle,
} from '../text/markup.ts'
import { widestCells, widestWidth } from '../text/widest.ts'
import { textWidth } from '../text/width.ts'
import { expandTabs, fitting, wrapText } from '../text/wrap.ts'
import type { Style, Theme } from '../theme.ts'
import { linked } from './hyperlink.ts'

/** A row of a message's text: drawn, and how many cells it takes at most. */
export type TextRow = Readonly<{ row: string; cells: number }>

/** Stands left of what is quoted, and of the lines of a code. */
const BAR = '▏'
const NEWLINE = /\r\n|[\n\r\u2028\u2029]/g

/**
 * The rows of a message's text. `bare`: as it was written, every row filled, so that it can be copied
 * from the screen; else with its Markdown drawn, where that is wanted. `key`: tells its links from all
 * others.
 */
export function textRows(
  text: string,
  width: number,
  key: string,
  bare: boolean,
  look: Look,
): readonly TextRow[] {
  const { markdown, links } = look.configured
  const plain = text.replace(NEWLINE, '\n')
  if (!bare && !mayBeMarkup(plain)) {
    return wrapText(plain, width).map((row) => ({ row, cells: widestWidth(row) }))
  }
  const expanded = plain.split('\n').map(expandTabs).join('\n')
  const lines = markdown && !bare ? parseMarkup(expanded) : parseLinks(expanded)
  const pen = new Pen(look.theme, links ? key : undefined)
  return lines.flatMap((line) => lineRows(line, width, bare, pen))
}

function lineRows(line: MarkupLine, width: number, bare: boolean, pen: Pen): readonly TextRow[] {
  if (line.kind === 'fence') return []
  const isCode = line.kind === 'code'
  const isBarred = isCode || line.kind === 'quote'
  const first = isCode ? BAR : line.kind === 'quote' ? `${BAR} ` : line.marker
  const indent = isBarred ? first : ' '.repeat(textWidth(first))
  // Where there is hardly any room it is for the text.
  const room = width - textWidth(first)
  const [lead, rest, cells] = room < 4 ? ['', '', Math.max(1, width)] : [first, indent, room]
  const style = isBarred ? pen.faint : pen.plain
  const rows = isCode || bare ? filledRows(line.spans, cells) : wrappedRows(line.spans, cells)
  return rows.map((pieces, index) => {
    const head = index === 0 ? lead : rest
    const said = pieces.map((piece) => pen.draw(piece)).join('')
    const taken = pieces.reduce((sum, { text }) => sum + widestWidth(text), widestWidth(head))
    return { row: (head === '' ? '' : style(head)) + said, cells: taken }
  })
}

/** A stretch of a row that is drawn in one way. */
type Piece = Readonly<{ text: string; span: Span }>

/** A line as what a person calls characters, and how each is drawn. */
class Clusters {
  readonly all: readonly string[]
  readonly #spans: readonly Span[]

  constructor(spans: readonly Span[]) {
    this.all = graphemes(spans.map(({ text }) => text).join(''))
    this.#spans = spansOf(this.all, spans)
  }

  /** Those from `start` up to `end`, in a column of so many cells. */
  pieces(start: number, end: number, width: number): readonly Piece[] {
    const pieces: Piece[] = []
    let text = ''
    for (let at = start; at < end; at++) {
      const span = this.#spans[at]
      text += fitting(this.all[at] ?? '', width)
      if (span === undefined || (at + 1 < end && this.#spans[at + 1] === span)) continue
      pieces.push({ text, span })
      text = ''
    }
    return pieces
  }
}

/** The span of each; of one that belongs to two, the first. */
function spansOf(clusters: readonly string[], spans: readonly Span[]): readonly Span[] {
  const found: Span[] = []
  let index = 0
  let left = spans[0]?.text.length ?? 0
  for (const cluster of clusters) {
    while (left <= 0 && index < spans.length - 1) {
      index += 1
      left += spans[index]?.text.length ?? 0
    }
    const span = spans[index]
    if (span !== undefined) found.push(span)
    left -= cluster.length
  }
  return found
}

/** Broken between words. */
function wrappedRows(spans: readonly Span[], width: number): readonly (readonly Piece[])[] {
  const fits = widestWidth(spans.map(({ text }) => text).join('')) <= width
  if (fits) return [spans.map((span) => ({ text: span.text, span }))]
  const clusters = new Clusters(spans)
  return breakLine(clusters.all, width).map(({ start, end }) => {
    let last = end
    while (last > start && isBlank(clusters.all[last - 1] ?? '')) last--
    return clusters.pieces(start, last, width)
  })
}

/** Every row full, wherever words end. */
function filledRows(spans: readonly Span[], width: number): readonly (readonly Piece[])[] {
  const clusters = new Clusters(spans)
  const rows: (readonly Piece[])[] = []
  let start = 0
  let cells = 0
  for (const [at, cluster] of clusters.all.entries()) {
    const more = widestCells(cluster)
    if (at > start && cells + more > width) {
      rows.push(clusters.pieces(start, at, width))
      start = at
      cells = 0
    }
    cells += more
  }
  return [...rows, clusters.pieces(start, clusters.all.length, width)]
}

/** Draws pieces of one message; parts of one link, on several rows, belong together. */
class Pen {
  readonly #theme: Theme
  readonly #key: string | undefined
  readonly #links = new Map<Span, string>()

  /** `key`: of the message; undefined: addresses are no links. */
  constructor(theme: Theme, key: string | undefined) {
    this.#theme = theme
    this.#key = key
  }

  get faint(): Style {
    return this.#theme.faint
  }

  readonly plain: Style = (text) => text

  draw({ text, span }: Piece): string {
    const styled = span.styles.reduce((drawn, style) => this.#styleOf(style)(drawn), text)
    return span.url === undefined ? styled : this.#link(this.#theme.link(styled), span, span.url)
  }

  #styleOf(style: SpanStyle): Style {
    return style === 'sign' ? this.#theme.faint : this.#theme[style]
  }

  #link(drawn: string, span: Span, url: string): string {
    if (this.#key === undefined) return drawn
    const id = this.#links.get(span) ?? `${this.#key}.${this.#links.size}`
    this.#links.set(span, id)
    return linked(drawn, url, id)
  }
}
