import type { TextAndCursor } from './clusters.ts'
import { fuzzyFilter } from './fuzzy.ts'

/** What a word can be completed to. */
export type Candidate = Readonly<{
  /** What is put in: `@alice `, `/create `, an emoji. */
  text: string
  /** What it is found by, with its sign: `@alice`, `#lobby`, `/create`, `:thumbsup`. */
  key: string
  /** How it is shown. */
  label: string
}>

/** The word before the cursor, from `start` to the cursor. */
type CompletionWord = Readonly<{ start: number; text: string }>

/** A completion that further Tabs go on with: `options[0]` is what was typed. */
export type CompletionStep = Readonly<{
  start: number
  options: readonly Candidate[]
  index: number
}>

/** More than anybody goes through. */
const OPTIONS_MAX = 40

/**
 * The word that Tab would complete: what stands before the cursor back to a blank, or to a sign that
 * follows no Latin letter or digit (Chinese has no blanks: `你好@al`; an address is one word: `a@b`).
 */
function wordAtCursor({ clusters, cursor }: TextAndCursor): CompletionWord | undefined {
  let start = cursor
  while (start > 0 && !/^\s/u.test(clusters[start - 1] ?? '')) {
    start--
    if (/^[@#:]$/.test(clusters[start] ?? '') && !/^[\w./-]$/.test(clusters[start - 1] ?? '')) break
  }
  return start === cursor ? undefined : { start, text: clusters.slice(start, cursor).join('') }
}

/** Whether the word before the cursor begins with a sign: it is meant to become something. */
export function isSigned(place: TextAndCursor): boolean {
  const word = wordAtCursor(place)
  if (word === undefined || (word.text.startsWith('/') && word.start > 0)) return false
  return /^(?:[@#/]|:[^:]{2})/u.test(word.text)
}

/** A name, group or command as Tab puts it in. */
export function wordCandidate(key: string): Candidate {
  return { text: `${key} `, key, label: key }
}

/**
 * The first Tab. A command is one only at the start of the text, and a name may be begun without
 * its sign. What begins so comes first, then, of a word with a sign, what has its letters in this
 * order. Where no word is begun what has no sign is meant. undefined when nothing fits.
 */
export function startCompletion(
  place: TextAndCursor,
  candidates: readonly Candidate[],
  by: 1 | -1,
): CompletionStep | undefined {
  const word = wordAtCursor(place) ?? { start: place.cursor, text: '' }
  const fitting =
    word.text === ''
      ? candidates.filter(({ key }) => !/^[@#/:]/.test(key))
      : fittingCandidates(word, candidates)
  if (fitting.length === 0) return undefined
  const typed = { text: word.text, key: word.text, label: word.text }
  const options = [typed, ...fitting]
  return { start: word.start, options, index: by === 1 ? 1 : options.length - 1 }
}

/** Another Tab (1) or Shift-Tab (-1): the next word, round and round, by way of what was typed. */
export function stepCompletion(step: CompletionStep, by: 1 | -1): CompletionStep {
  const count = step.options.length
  return { ...step, index: (step.index + by + count) % count }
}

function fittingCandidates(
  word: CompletionWord,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const allowed = candidates.filter(({ key }) => word.start === 0 || !key.startsWith('/'))
  const begun = allowed.filter((candidate) => begins(candidate, word))
  const sign = SIGNED.exec(word.text)?.[0]
  if (sign === undefined) return begun.slice(0, OPTIONS_MAX)
  const rest = allowed.filter((it) => it.key.startsWith(sign) && !begun.includes(it))
  const similar = fuzzyFilter(word.text.slice(1), rest, ({ key }) => key.slice(1))
  return [...begun, ...similar].slice(0, OPTIONS_MAX)
}

/** A sign and at least one character more. */
const SIGNED = /^[@#/:](?=.)/u

function begins({ key }: Candidate, word: CompletionWord): boolean {
  const typed = folded(word.text)
  const whole = folded(key)
  return whole.startsWith(typed) || (whole.startsWith('@') && whole.slice(1).startsWith(typed))
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
