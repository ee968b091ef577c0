import { type Link, linksIn } from './links.ts'

/** How a part of a line is drawn. `sign`: what makes another part so, as the stars of *this*. */
export type SpanStyle = 'strong' | 'emphasis' | 'struck' | 'code' | 'sign'

/** A part of a line that is drawn in one way. `url`: it is an address. */
export type Span = Readonly<{ text: string; styles: readonly SpanStyle[]; url?: string }>

/** A line of a text. `marker`: what begins it and makes it a quote or an item: '> ', '2. '. */
export type MarkupLine = Readonly<{
  kind: 'text' | 'quote' | 'item' | 'fence' | 'code'
  marker: string
  spans: readonly Span[]
}>

/**
 * A light Markdown, line by line: *strong*, **strong**, _emphasis_, ~~struck~~, `code`, fenced blocks,
 * quotes and items, and addresses. In doubt it is plain text: 2*3*4 and snake_case are. Markers and
 * texts of all spans, joined, are the text: nothing is taken away. Takes time in proportion to its length.
 */
export function parseMarkup(text: string): readonly MarkupLine[] {
  const lines = text.split('\n')
  const fenced = fencesOf(lines)
  return lines.map((line, index) => {
    const fence = fenced[index]
    if (fence !== undefined) return { kind: fence, marker: '', spans: plainSpans(line) }
    return parseLine(line)
  })
}

/** The same without Markdown: addresses only. */
export function parseLinks(text: string): readonly MarkupLine[] {
  return text.split('\n').map((line) => {
    const spans = new Spans(line)
    for (const link of linksIn(line)) spans.addLink(link)
    return { kind: 'text', marker: '', spans: spans.end() }
  })
}

/** Whether anything of a text may be more than plain; if not, there is nothing to parse. */
export function mayBeMarkup(text: string): boolean {
  return MARKUP.test(text)
}

const MARKUP = /[*_~`]|:\/\/|^ {0,8}(?:>|[-+•] |\d{1,3}[.)] )/m
const FENCE = /^ {0,3}```[\w+#.-]*\s*$/
const FENCE_END = /^ {0,3}```\s*$/
const QUOTE = /^ {0,3}> ?/
const ITEM = /^ {0,8}(?:[-+*•]|\d{1,3}[.)]) {1,3}(?=\S)/

/** Which lines belong to blocks between fences; one that never ends is no block. */
function fencesOf(lines: readonly string[]): readonly ('fence' | 'code' | undefined)[] {
  const kinds: ('fence' | 'code' | undefined)[] = lines.map(() => undefined)
  const last = lines.findLastIndex((line) => FENCE_END.test(line))
  for (let at = 0; at < last; at++) {
    if (!FENCE.test(lines[at] ?? '')) continue
    const end = endOfFence(lines, at)
    kinds.fill('code', at, end)
    kinds[at] = 'fence'
    kinds[end] = 'fence'
    at = end
  }
  return kinds
}

/** There is one: whoever asks has seen the last. */
function endOfFence(lines: readonly string[], start: number): number {
  let end = start + 1
  while (!FENCE_END.test(lines[end] ?? '')) end += 1
  return end
}

function parseLine(line: string): MarkupLine {
  const quote = QUOTE.exec(line)?.[0]
  const item = ITEM.exec(line)?.[0]
  const kind = quote !== undefined ? 'quote' : item !== undefined ? 'item' : 'text'
  const marker = quote ?? item ?? ''
  return { kind, marker, spans: parseSpans(line.slice(marker.length)) }
}

function plainSpans(text: string): readonly Span[] {
  return text === '' ? [] : [{ text, styles: [] }]
}

/** A sign that may begin or end a style, or the stretch of a code or an address. */
type Token = Readonly<{ start: number; end: number; sign: string; link?: Link }>

const STYLE_OF: Readonly<Record<string, SpanStyle>> = {
  '*': 'strong',
  '**': 'strong',
  _: 'emphasis',
  '~~': 'struck',
}

function parseSpans(text: string): readonly Span[] {
  if (!/[*_~`]|:\/\//.test(text)) return plainSpans(text)
  const tokens = tokensOf(text)
  const pairs = pairsOf(text, tokens)
  const spans = new Spans(text)
  for (const token of tokens) {
    if (token.link !== undefined) spans.addLink(token.link)
    else if (token.sign === CODE) spans.addCode(token)
    else if (pairs.has(token))
      spans.turn(token, STYLE_OF[token.sign] ?? 'sign', pairs.get(token) === 'begin')
  }
  return spans.end()
}

/** What a token is called that is a whole code. */
const CODE = 'code'
const SIGNS = /`+|\*+|_+|~+/g

/** Addresses, codes, and the signs outside of them, in order. */
function tokensOf(text: string): readonly Token[] {
  const links = linksIn(text)
  const codes = codesOf(text)
  const tokens: Token[] = []
  let nextLink = 0
  let nextCode = 0
  let from = 0
  for (const match of text.matchAll(SIGNS)) {
    while ((links[nextLink]?.start ?? Infinity) < match.index) {
      const link = links[nextLink++]
      if (link === undefined || link.start < from) continue
      tokens.push({ start: link.start, end: link.end, sign: '', link })
      from = link.end
    }
    if (match.index < from) continue
    while ((codes[nextCode]?.start ?? Infinity) < match.index) nextCode += 1
    const code = codes[nextCode]
    const token =
      code?.start === match.index
        ? code
        : { start: match.index, end: match.index + match[0].length, sign: match[0] }
    tokens.push(token)
    from = token.end
  }
  for (const link of links.slice(nextLink)) {
    if (link.start >= from) tokens.push({ start: link.start, end: link.end, sign: '', link })
  }
  return tokens
}

/** What stands between two runs of as many backticks each. */
function codesOf(text: string): readonly Token[] {
  const runs = [...text.matchAll(/`+/g)].map(({ 0: { length }, index }) => ({ index, length }))
  const nextSame: (number | undefined)[] = []
  const seen = new Map<number, number>()
  for (let at = runs.length - 1; at >= 0; at--) {
    const length = runs[at]?.length ?? 0
    nextSame[at] = seen.get(length)
    seen.set(length, at)
  }
  const codes: Token[] = []
  for (let at = 0; at < runs.length; at++) {
    const [open, close] = [runs[at], runs[nextSame[at] ?? -1]]
    if (open === undefined || close === undefined) continue
    codes.push({ start: open.index, end: close.index + close.length, sign: CODE })
    at = nextSame[at] ?? at
  }
  return codes
}

/** The signs that belong together, the inner ones before the outer ones. */
function pairsOf(text: string, tokens: readonly Token[]): ReadonlyMap<Token, 'begin' | 'end'> {
  const pairs = new Map<Token, 'begin' | 'end'>()
  const open: Token[] = []
  const waiting = new Map<string, number>()
  const count = (sign: string, by: number) => waiting.set(sign, (waiting.get(sign) ?? 0) + by)
  for (const token of tokens) {
    if (STYLE_OF[token.sign] === undefined) continue
    if (mayEnd(text, token) && (waiting.get(token.sign) ?? 0) > 0) {
      let begin = open.pop()
      while (begin !== undefined && begin.sign !== token.sign) {
        count(begin.sign, -1)
        begin = open.pop()
      }
      if (begin === undefined) continue
      count(begin.sign, -1)
      pairs.set(begin, 'begin').set(token, 'end')
    } else if (mayBegin(text, token)) {
      open.push(token)
      count(token.sign, 1)
    }
  }
  return pairs
}

/** Scripts that put no blanks between words. */
const WIDE = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}'
const BEFORE_BEGIN = new RegExp(`^[\\s([{"'“‘«„¿¡—–,.;:!?…*_~、。「『（${WIDE}]?$`, 'u')
const AFTER_END = new RegExp(`^[\\s)\\]}"'”’»—–,.;:!?…*_~、。」』）！？，；：${WIDE}]?$`, 'u')

function mayBegin(text: string, { start, end }: Token): boolean {
  return BEFORE_BEGIN.test(charBefore(text, start)) && /^\S/.test(text.charAt(end))
}

function mayEnd(text: string, { start, end }: Token): boolean {
  return AFTER_END.test(charAt(text, end)) && /^\S/.test(text.charAt(start - 1))
}

function charAt(text: string, at: number): string {
  const point = text.codePointAt(at)
  return point === undefined ? '' : String.fromCodePoint(point)
}

/** The whole character that ends there. */
function charBefore(text: string, at: number): string {
  const isHalf = /[\udc00-\udfff]/.test(text.charAt(at - 1))
  return text.slice(Math.max(0, at - (isHalf ? 2 : 1)), at)
}

/** Makes spans of a text from left to right. */
class Spans {
  readonly #text: string
  readonly #spans: Span[] = []
  #styles: readonly SpanStyle[] = []
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  addLink({ start, end, url }: Link): void {
    this.#plainUpTo(start)
    this.#add(end, this.#styles, url)
  }

  addCode({ start, end }: Token): void {
    this.#plainUpTo(start)
    this.#add(end, [...this.#styles, 'code'])
  }

  /** A style begins or ends. */
  turn({ start, end }: Token, style: SpanStyle, begins: boolean): void {
    this.#plainUpTo(start)
    if (!begins) this.#styles = this.#styles.toSpliced(this.#styles.lastIndexOf(style), 1)
    this.#add(end, ['sign'])
    if (begins) this.#styles = [...this.#styles, style]
  }

  end(): readonly Span[] {
    this.#plainUpTo(this.#text.length)
    return this.#spans
  }

  #plainUpTo(end: number): void {
    this.#add(end, this.#styles)
  }

  #add(end: number, styles: readonly SpanStyle[], url?: string): void {
    if (end <= this.#at) return
    const text = this.#text.slice(this.#at, end)
    this.#spans.push(url === undefined ? { text, styles } : { text, styles, url })
    this.#at = end
  }
}
