import { nameKey } from '../../protocol/names.ts'

/*
 * Own and small, for three reasons: names are compared as names are (NFKC, any script), which
 * fuzzysort, uFuzzy and fzf cannot be told; lists are short (a thousand contacts at most); and an
 * equal score keeps the order in which the list came, which is by what is unread.
 */

/** What each letter of a fit is worth, by where it stands. */
const START = 16
const WORD_START = 12
const ADJACENT = 8
const ELSEWHERE = 1
/** A whole name beats every longer one that begins with it. */
const WHOLE = 32

/**
 * How well `query` fits `label`: 0 and more, higher is better; undefined when its letters do not
 * all occur in this order. An empty query fits everything equally.
 */
export function fuzzyScore(query: string, label: string): number | undefined {
  return scoreOf(lettersOf(query), label)
}

function lettersOf(query: string): readonly string[] {
  return Array.from(nameKey(query.replace(/\s+/g, '')))
}

function scoreOf(typed: readonly string[], label: string): number | undefined {
  if (typed.length === 0) return 0
  const key = nameKey(label)
  if (!hasInOrder(key, typed)) return undefined
  const letters = Array.from(key)
  const best = bestFit(typed, letters)
  if (best === undefined) return undefined
  return typed.length === letters.length ? best + WHOLE : best
}

/**
 * The items that fit, best first; those that fit equally well keep their order. Of several labels of
 * an item the one that fits best counts.
 */
export function fuzzyFilter<T>(
  query: string,
  items: readonly T[],
  labelOf: (item: T) => string | readonly string[],
): readonly T[] {
  const typed = lettersOf(query)
  return items
    .map((item) => ({ item, score: bestScore(typed, labelOf(item)) }))
    .filter((one): one is { item: T; score: number } => one.score !== undefined)
    .sort((one, other) => other.score - one.score)
    .map(({ item }) => item)
}

function bestScore(
  typed: readonly string[],
  labels: string | readonly string[],
): number | undefined {
  if (typeof labels === 'string') return scoreOf(typed, labels)
  return labels.map((label) => scoreOf(typed, label)).reduce(higher, undefined)
}

/** Asked first: of thousands of names nearly all fit in no way. */
function hasInOrder(key: string, typed: readonly string[]): boolean {
  let from = 0
  for (const letter of typed) {
    const at = key.indexOf(letter, from)
    if (at === -1) return false
    from = at + letter.length
  }
  return true
}

/**
 * The highest sum over all ways to find the letters in order. `ending[at]` is the best score of
 * the letters so far when the last of them stands at `at`: O(query × label).
 */
function bestFit(typed: readonly string[], letters: readonly string[]): number | undefined {
  let ending: (number | undefined)[] = []
  for (const [nth, letter] of typed.entries()) {
    let before = nth === 0 ? 0 : undefined
    const next: (number | undefined)[] = []
    for (const [at, here] of letters.entries()) {
      next[at] = here === letter ? fitAt(letters, at, before, ending[at - 1]) : undefined
      before = higher(before, ending[at])
    }
    ending = next
  }
  return ending.reduce(higher, undefined)
}

/** `before`: the best that ended anywhere earlier; `adjacent`: what ended right before. */
function fitAt(
  letters: readonly string[],
  at: number,
  before: number | undefined,
  adjacent: number | undefined,
): number | undefined {
  const apart = before === undefined ? undefined : before + placeValue(letters, at)
  return higher(apart, adjacent === undefined ? undefined : adjacent + ADJACENT)
}

function placeValue(letters: readonly string[], at: number): number {
  if (at === 0) return START
  const before = letters[at - 1] ?? ''
  // The sign of a group or command counts as nothing: '#ops' begins with 'o'.
  if (at === 1 && /[#@/]/.test(before)) return START
  return /[\s._#@/-]/.test(before) ? WORD_START : ELSEWHERE
}

function higher(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return Math.max(one, other)
}
