/** An address in a text: which characters it has, and what a browser is given. */
export type Link = Readonly<{ start: number; end: number; url: string }>

/** Longer ones are text: terminals and browsers cut them. */
const URL_UNITS_MAX = 2_000

/** What an address is made of. Wide scripts end it: nothing stands between it and the next word there. */
const ADDRESS =
  /https?:\/\/[^\s<>"`“”‘’«»…\p{Cc}\u3000-\u303f\uff00-\uffef\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+/giu
const WORD_BEFORE =
  /[[\p{L}\p{N}_]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]]/v
/** What ends the sentence, not the address. */
const TRAILING = new Set(".,;:!?'*_~|)]}")
const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/** The http and https addresses of a text, in order. */
export function linksIn(text: string): readonly Link[] {
  if (!text.includes('://')) return []
  const links: Link[] = []
  ADDRESS.lastIndex = 0
  for (let match = ADDRESS.exec(text); match !== null; match = ADDRESS.exec(text)) {
    const start = match.index
    const link = linkAt(match[0], start)
    if (link === undefined || WORD_BEFORE.test(text.charAt(start - 1))) continue
    links.push(link)
    ADDRESS.lastIndex = link.end
  }
  return links
}

function linkAt(found: string, start: number): Link | undefined {
  const address = withoutTail(found)
  if (address.length > URL_UNITS_MAX) return undefined
  const url = URL.parse(address)
  if (url === null || url.hostname === '' || !/^https?:$/.test(url.protocol)) return undefined
  return { start, end: start + address.length, url: url.href }
}

/** Without the punctuation behind it; a bracket belongs to it that was opened in it. */
function withoutTail(found: string): string {
  const open = {
    ')': balance(found, '(', ')'),
    ']': balance(found, '[', ']'),
    '}': balance(found, '{', '}'),
  }
  let end = found.length
  while (end > 0) {
    const last = found.charAt(end - 1)
    if (!TRAILING.has(last)) break
    if (last in OPENING) {
      const bracket = last as keyof typeof open
      if (open[bracket] >= 0) break
      open[bracket] += 1
    }
    end -= 1
  }
  return found.slice(0, end)
}

/** How many more are opened than closed. */
function balance(text: string, opening: string, closing: string): number {
  let open = 0
  for (const char of text) {
    if (char === opening) open += 1
    else if (char === closing) open -= 1
  }
  return open
}
