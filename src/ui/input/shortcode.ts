import type { TextAndCursor } from './clusters.ts'
import { type Emoji, emojiNamed } from './emoji.ts'

/** Longer names there are none. */
const NAME_MAX = 40
const NAME = /^[\w+-]$/
/** What stands before a colon that begins no shortcode: `10:30:45`, `http://a:80:`, `::`. */
const NO_START = /^[\w:./-]$/

/**
 * The emoji whose name stands between colons right before the cursor, and how many clusters that is;
 * undefined: there is none. What is written as code (after an odd number of backticks) is none.
 */
export function shortcodeBefore(
  { clusters, cursor }: TextAndCursor,
  all: readonly Emoji[],
): Readonly<{ text: string; count: number }> | undefined {
  const end = cursor - 1
  if (clusters[end] !== ':') return undefined
  let start = end - 1
  while (start > end - NAME_MAX && NAME.test(clusters[start] ?? '')) start--
  if (clusters[start] !== ':' || NO_START.test(clusters[start - 1] ?? '')) return undefined
  const found = emojiNamed(clusters.slice(start + 1, end).join(''), all)
  if (found === undefined || isCode(clusters, start)) return undefined
  return { text: found.text, count: cursor - start }
}

function isCode(clusters: readonly string[], end: number): boolean {
  let ticks = 0
  for (let index = 0; index < end; index++) if (clusters[index] === '`') ticks++
  return ticks % 2 === 1
}
