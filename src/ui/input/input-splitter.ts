/** What a terminal says that is no typing. */
export type TerminalReport =
  | Readonly<{ kind: 'focus'; focused: boolean }>
  /** A function key or Insert, which Ink cannot tell apart: 'f1', 'insert'. */
  | Readonly<{ kind: 'key'; name: string }>
  /** SGR mouse: `ESC [ < … M`. */
  | Readonly<{ kind: 'mouse'; text: string }>
  /** An answer to a question: cursor position, attributes, colours, versions. */
  | Readonly<{ kind: 'reply'; text: string }>

/** A piece of what a terminal sent: one key or a run of characters, one paste, one report. */
export type InputPart =
  | Readonly<{ kind: 'keys'; text: string }>
  | Readonly<{ kind: 'paste'; text: string }>
  | TerminalReport

/**
 * What an unfinished end of a chunk may become. `escape`: a key by itself, if nothing follows at
 * once. `sequence`: nothing but the rest of a sequence makes sense of it. `paste`: until its end.
 */
export type Waiting = 'nothing' | 'escape' | 'sequence' | 'paste'

export const PASTE_START = '\x1b[200~'
export const PASTE_END = '\x1b[201~'

/**
 * Cuts what a terminal sends into parts, however it is chopped into chunks. Stands in front of
 * Ink's parser, which takes a chunk of text with Enter in it for one key.
 */
export class InputSplitter {
  #rest = ''
  #waiting: Waiting = 'nothing'

  get waiting(): Waiting {
    return this.#waiting
  }

  /** `inForm`: what was typed goes to fields, between which Tab goes on. */
  push(chunk: string, inForm = false): InputPart[] {
    const typed = inForm && chunk.includes('\t')
    if (this.#rest === '' && !typed && isPasted(chunk)) return [{ kind: 'paste', text: chunk }]
    // Esc, and then another key's sequence: two keys, since they came apart.
    if (this.#rest === '\x1b' && chunk.startsWith('\x1b'))
      return [...this.flush(), ...this.push(chunk, inForm)]
    const input = this.#rest + chunk
    this.#keep('', 'nothing')
    const parts: InputPart[] = []
    let index = 0
    while (index < input.length) index = this.#cut(input, index, parts)
    return parts
  }

  /** Nothing followed in time: what waits becomes a key, the end of a paste, or nothing. */
  flush(): InputPart[] {
    const [rest, waiting] = [this.#rest, this.#waiting]
    this.#keep('', 'nothing')
    if (waiting === 'escape')
      return rest.length > 1 && rest.startsWith('\x1b\x1b')
        ? [escapeKey('\x1b'), escapeKey(rest.slice(1))]
        : [escapeKey(rest)]
    if (waiting === 'paste') return [{ kind: 'paste', text: rest.slice(PASTE_START.length) }]
    return []
  }

  reset(): void {
    this.#keep('', 'nothing')
  }

  /** Adds the parts that begin at `index`; the index behind them. */
  #cut(input: string, index: number, parts: InputPart[]): number {
    const escapeAt = input.indexOf('\x1b', index)
    if (escapeAt === index) return this.#cutSequence(input, index, parts)
    const end = escapeAt === -1 ? input.length : escapeAt
    parts.push(...keysOf(input.slice(index, end)))
    return end
  }

  #cutSequence(input: string, index: number, parts: InputPart[]): number {
    const pasteEnd = endOfPaste(input, index)
    if (pasteEnd !== undefined) {
      parts.push(pasted(input.slice(index, pasteEnd)))
      return pasteEnd
    }
    for (const { pattern, part } of SEQUENCES) {
      pattern.lastIndex = index
      const text = pattern.exec(input)?.[0]
      if (text === undefined) continue
      const made = part(text)
      if (made !== undefined) parts.push(made)
      return index + text.length
    }
    const rest = input.slice(index)
    if (!UNFINISHED.test(rest)) return index + brokenLength(rest, parts)
    this.#keep(rest, waitingFor(rest))
    return input.length
  }

  #keep(rest: string, waiting: Waiting): void {
    this.#rest = rest
    this.#waiting = waiting
  }
}

type Sequence = Readonly<{ pattern: RegExp; part: (text: string) => InputPart | undefined }>

/* biome-ignore-start lint/suspicious/noControlCharactersInRegex: terminals send them. */

/** Whole sequences; the first that fits counts. */
const SEQUENCES: readonly Sequence[] = [
  { pattern: /\x1b\x1b?(?!\[200~)\[\[?[0-?]*[ -/]*[@-~]/y, part: control },
  { pattern: /\x1b\x1b?O[0-9;]*[@-~]/y, part: control },
  // Operating system command, device control and application strings: only what looks like an
  // answer, so that Alt-] and Alt-Shift-P before other keys stay keys.
  {
    pattern: /\x1b(?:\]\d|P[\d>!?$+=|]|_G)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|(?=\x1b[^\\]))/y,
    part: reply,
  },
  // Esc, and quickly another key: nothing means Alt with Ctrl.
  {
    pattern: /\x1b(?=\x1b(?:[^[O]|\[200~)|[\x00-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f])/y,
    part: escapeKey,
  },
  { pattern: /\x1b[^\x1b[O\]P_]/uy, part: keys },
]
/** What can still become one of them. */
const UNFINISHED =
  /^\x1b(?:\[200~[\s\S]*|\x1b?(?:\[\[?[0-?]*[ -/]*|O[0-9;]*)?|(?:\](?:\d[^\x07\x1b\x9c]*)?|P(?:[\d>!?$+=|][^\x07\x1b\x9c]*)?|_(?:G[^\x07\x1b\x9c]*)?)\x1b?)$/
/** What can not: it breaks off, and what was there of it means nothing. */
const BROKEN = /\x1b\x1b?(?:\[\[?[0-?]*[ -/]*|O[0-9;]*|[\]P_])/y

const FOCUS = /^\x1b\[[IO]$/
const MOUSE = /^\x1b\[<[\d;]*[Mm]$/
/** xterm's modifyOtherKeys, which Ink drops; the kitty form of the same says the same. */
const OTHER_KEY = /^\x1b\[27;(\d+);(\d+)~$/
/** What Ink has keys for: arrows, Home, End, the editing keys, rxvt's and kitty's forms of them. */
const INK_KEY = /^\x1b\x1b?(?:O[0-9;]*[A-HMa-e]|\[[0-9;:]*[A-HZa-e~^$u]|\[\?\d+u|\[\[[56]~)$/
const FUNCTION_KEYS: readonly (readonly [RegExp, string])[] = [
  [/^\x1b(?:O|\[(?:1;\d+)?|\[1;\d+)P$|^\x1b\[11(?:;\d+)?~$|^\x1b\[\[A$/, 'f1'],
  [/^\x1b(?:O|\[(?:1;\d+)?)Q$|^\x1b\[12(?:;\d+)?~$|^\x1b\[\[B$/, 'f2'],
  [/^\x1bOR$|^\x1b\[13(?:;\d+)?~$|^\x1b\[\[C$/, 'f3'],
  [/^\x1b(?:O|\[(?:1;\d+)?)S$|^\x1b\[14(?:;\d+)?~$|^\x1b\[\[D$/, 'f4'],
  [/^\x1b\[15(?:;\d+)?[~^$]$|^\x1b\[\[E$/, 'f5'],
  [/^\x1b\[17(?:;\d+)?[~^$]$/, 'f6'],
  [/^\x1b\[18(?:;\d+)?[~^$]$/, 'f7'],
  [/^\x1b\[19(?:;\d+)?[~^$]$/, 'f8'],
  [/^\x1b\[20(?:;\d+)?[~^$]$/, 'f9'],
  [/^\x1b\[21(?:;\d+)?[~^$]$/, 'f10'],
  [/^\x1b\[23(?:;\d+)?[~^$]$/, 'f11'],
  [/^\x1b\[24(?:;\d+)?[~^$]$/, 'f12'],
  [/^\x1b\[2(?:;\d+)?[~^$]$/, 'insert'],
]
const CONTROL_OR_TEXT = /\r\n|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/g
const MARKER = /\x1b\[20[01]~/
const OTHER_CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/
/** Alone it is Esc, or Alt with this key; with more it begins a sequence. */
const AMBIGUOUS = /^\x1b\x1b?[[O\]P_]?$/

/* biome-ignore-end lint/suspicious/noControlCharactersInRegex: terminals send them. */

/**
 * Whether a chunk was pasted into a terminal without bracketed paste: text in two or more lines and
 * no other key in it. Two presses of Enter alone are keys.
 */
function isPasted(chunk: string): boolean {
  if (OTHER_CONTROL.test(chunk)) return false
  const ends = chunk.match(/\r\n?|\n/g)?.length ?? 0
  return ends >= 2 && /[^\r\n]/.test(chunk)
}

/** Alt with a character that begins sequences, when nothing came of it; else half a sequence. */
function brokenLength(rest: string, parts: InputPart[]): number {
  BROKEN.lastIndex = 0
  const text = BROKEN.exec(rest)?.[0] ?? '\x1b'
  if (text.length <= 2) parts.push(escapeKey(text))
  return text.length
}

function waitingFor(rest: string): Waiting {
  if (rest.startsWith(PASTE_START)) return 'paste'
  return AMBIGUOUS.test(rest) ? 'escape' : 'sequence'
}

/** Every control key by itself; characters in a row stay together, as a paste into one line does. */
function keysOf(text: string): InputPart[] {
  return (text.match(CONTROL_OR_TEXT) ?? []).map((run) => keys(run === '\r\n' ? '\r' : run))
}

function keys(text: string): InputPart {
  return { kind: 'keys', text }
}

function reply(text: string): InputPart {
  return { kind: 'reply', text }
}

/**
 * Where the paste that begins there ends; undefined: none does. A text that was made to be pasted may
 * have the sign of the end in it, where its terminal does not take that out, and what stands behind it
 * would be keys: Enter, a command. So all that came at once is pasted, up to the last end in it. Where
 * the terminal's own end comes in a later piece nothing tells what was pasted from what was typed.
 */
function endOfPaste(input: string, index: number): number | undefined {
  if (!input.startsWith(PASTE_START, index)) return undefined
  const last = input.lastIndexOf(PASTE_END)
  return last < index ? undefined : last + PASTE_END.length
}

function pasted(text: string): InputPart {
  const whole = text.slice(PASTE_START.length, -PASTE_END.length)
  return { kind: 'paste', text: MARKER.test(whole) ? withoutMarkers(whole) : whole }
}

/** In one go, also where what is left around a marker is another one, and so on. */
function withoutMarkers(text: string): string {
  const kept: string[] = []
  for (const char of text) {
    kept.push(char)
    const isMarker = char === '~' && MARKER.test(kept.slice(-PASTE_END.length).join(''))
    if (isMarker) kept.length -= PASTE_END.length
  }
  return kept.join('')
}

/**
 * Esc, or Alt with a character that begins sequences, in kitty's form: Ink need not wait whether
 * more is coming, which the splitter has done already.
 */
function escapeKey(text: string): InputPart {
  const last = text.slice(-1)
  return keys(last === '\x1b' ? '\x1b[27u' : `\x1b[${last.charCodeAt(0)};3u`)
}

function control(text: string): InputPart | undefined {
  if (text === PASTE_END) return undefined
  if (FOCUS.test(text)) return { kind: 'focus', focused: text.endsWith('I') }
  if (MOUSE.test(text)) return { kind: 'mouse', text }
  const other = OTHER_KEY.exec(text)
  if (other) return keys(`\x1b[${other[2]};${other[1]}u`)
  const name = FUNCTION_KEYS.find(([pattern]) => pattern.test(text))?.[1]
  if (name !== undefined) return { kind: 'key', name }
  return INK_KEY.test(text) ? keys(text) : reply(text)
}
