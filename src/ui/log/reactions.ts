import { REACTION_BYTES_MAX } from '../../protocol/limits.ts'
import { bare, commonEmoji, type Emoji, emojiNamed } from '../input/emoji.ts'

const OFFERED = 12
/** More than anybody goes through. */
const CHOICES_MAX = 40

/** A reaction that can be chosen. `names`: shortcodes, without colons; none for what was typed. */
export type ReactionChoice = Pick<Emoji, 'text' | 'names'>

/**
 * What fits the typed text: a shortcode or the beginning of one, with colons or without; a word that
 * an emoji is found by; and the text itself, which may be any emoji or short word. Without a text: the
 * common ones.
 */
export function reactionChoices(typed: string, all: readonly Emoji[]): readonly ReactionChoice[] {
  const query = typed.trim()
  if (query === '') return all.slice(0, OFFERED)
  const key = nameOf(query)
  const ranked = [
    ...all.filter(({ names }) => names.includes(key)),
    ...all.filter(({ tags }) => tags.includes(key)),
    ...all.filter(({ names }) => names.some((it) => it.startsWith(key))),
    ...all.filter(({ tags }) => tags.some((it) => it.startsWith(key))),
    ...all.filter(({ names }) => key.length > 2 && names.some((it) => it.includes(key))),
  ]
  const found = [...new Set(ranked)].slice(0, CHOICES_MAX)
  const text = reactionOf(query, all)
  const isNew = text !== undefined && !isShortcode(text) && found.every((it) => it.text !== text)
  return isNew ? [...found, { text, names: [] }] : found
}

/** The reaction that a person means: an emoji, a shortcode, a short word; undefined: none of them. */
export function reactionOf(typed: string, all: readonly Emoji[]): string | undefined {
  const query = typed.trim()
  const plain = bare(query)
  const known = all.find(({ text }) => bare(text) === plain) ?? emojiNamed(nameOf(query), all)
  const found = known ?? commonEmoji.find(({ tags }) => tags.includes(nameOf(query)))
  if (found !== undefined) return found.text
  // A name between colons that means nothing here would be shown as such to everybody.
  return isReaction(query) && !NAMED.test(query) ? query : undefined
}

const NAMED = /^:[\p{L}\p{N}_+-]{2,}:$/u

function isReaction(text: string): boolean {
  return text !== '' && !/\s/u.test(text) && Buffer.byteLength(text) <= REACTION_BYTES_MAX
}

function isShortcode(text: string): boolean {
  return /^:[^:]*:?$/.test(text)
}

function nameOf(text: string): string {
  return text.replace(/^:|:$/g, '').toLowerCase()
}
