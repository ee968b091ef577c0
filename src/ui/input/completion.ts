import type { TextAndCursor } from './clusters.ts'

/** The word before the cursor, from `start` to the cursor. */
type CompletionWord = Readonly<{ start: number; text: string }>

/** A completion that further Tabs go on with: `options[0]` is what was typed. */
export type CompletionStep = Readonly<{
  start: number
  options: readonly string[]
  index: number
}>

/** The word that Tab would complete: what stands before the cursor back to a blank, if anything. */
function wordAtCursor({ clusters, cursor }: TextAndCursor): CompletionWord | undefined {
  let start = cursor
  while (start > 0 && !/^\s/u.test(clusters[start - 1] ?? '')) start--
  return start === cursor ? undefined : { start, text: clusters.slice(start, cursor).join('') }
}

/**
 * The first Tab. `candidates` are whole words with their sign: `@name`, `#group`, `/command`; a
 * command is one only at the start of the text, and a name may be begun without its sign. undefined
 * when nothing fits.
 */
export function startCompletion(
  place: TextAndCursor,
  candidates: readonly string[],
  by: 1 | -1,
): CompletionStep | undefined {
  const word = wordAtCursor(place)
  if (word === undefined) return undefined
  const fitting = candidates.filter((candidate) => fits(candidate, word))
  if (fitting.length === 0) return undefined
  const options = [word.text, ...fitting.map((candidate) => `${candidate} `)]
  return { start: word.start, options, index: by === 1 ? 1 : options.length - 1 }
}

/** Another Tab (1) or Shift-Tab (-1): the next word, round and round, by way of what was typed. */
export function stepCompletion(step: CompletionStep, by: 1 | -1): CompletionStep {
  const count = step.options.length
  return { ...step, index: (step.index + by + count) % count }
}

function fits(candidate: string, word: CompletionWord): boolean {
  if (candidate.startsWith('/') && word.start > 0) return false
  const typed = folded(word.text)
  const whole = folded(candidate)
  return whole.startsWith(typed) || (whole.startsWith('@') && whole.slice(1).startsWith(typed))
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
