import { REACTION_BYTES_MAX } from '../../protocol/limits.ts'

/** Reactions and what they are called; the first of them are offered before anything is typed. */
const SHORTCODES: readonly (readonly [string, string])[] = [
  ['👍', '+1 thumbsup yes'],
  ['❤', 'heart love'],
  ['😂', 'joy laugh lol'],
  ['🎉', 'tada party hooray'],
  ['😮', 'open_mouth wow'],
  ['😢', 'cry sad'],
  ['🙏', 'pray thanks please'],
  ['👀', 'eyes look'],
  ['✅', 'white_check_mark done check'],
  ['👎', '-1 thumbsdown no'],
  ['🚀', 'rocket ship'],
  ['🔥', 'fire hot'],
  ['💯', '100 hundred'],
  ['😄', 'smile happy'],
  ['😉', 'wink'],
  ['😍', 'heart_eyes'],
  ['🤔', 'thinking hmm'],
  ['😕', 'confused'],
  ['😡', 'rage angry'],
  ['😭', 'sob'],
  ['😅', 'sweat_smile'],
  ['🙈', 'see_no_evil'],
  ['🤷', 'shrug'],
  ['👏', 'clap bravo'],
  ['💪', 'muscle strong'],
  ['👋', 'wave hello bye'],
  ['🙌', 'raised_hands'],
  ['🤝', 'handshake deal'],
  ['👌', 'ok_hand ok'],
  ['💡', 'bulb idea'],
  ['🐛', 'bug'],
  ['🔧', 'wrench fix'],
  ['⭐', 'star'],
  ['❌', 'x cross'],
  ['❓', 'question'],
  ['❗', 'exclamation'],
  ['⏳', 'hourglass wait'],
  ['☕', 'coffee'],
  ['🍻', 'beers cheers'],
  ['🍕', 'pizza'],
  ['🎂', 'birthday cake'],
  ['🌞', 'sun'],
  ['🤖', 'robot bot'],
]

const OFFERED = 12

/** A reaction that can be chosen. `names`: shortcodes, without colons; '' for what was typed. */
export type ReactionChoice = Readonly<{ text: string; names: string }>

/**
 * What fits the typed text: a shortcode or the beginning of one, with colons or without; and the text
 * itself, which may be any emoji or short word. Without a text: the common ones.
 */
export function reactionChoices(typed: string): readonly ReactionChoice[] {
  const all = SHORTCODES.map(([text, names]) => ({ text, names }))
  const query = typed.trim()
  if (query === '') return all.slice(0, OFFERED)
  const key = bare(query)
  const exact = all.filter(({ names }) => names.split(' ').includes(key))
  const begun = all.filter(
    (choice) => !exact.includes(choice) && choice.names.split(' ').some((it) => it.startsWith(key)),
  )
  const text = reactionOf(query)
  const own = text === undefined ? [] : [{ text, names: '' }]
  const isListed = (choice: ReactionChoice) =>
    [...exact, ...begun].some((it) => it.text === choice.text)
  return [...exact, ...begun, ...own.filter((it) => !isListed(it) && !isShortcode(it.text))]
}

/** The reaction that a person means: an emoji, a shortcode, a short word; undefined: none of them. */
export function reactionOf(typed: string): string | undefined {
  const query = typed.trim()
  // With a variation selector or without: it is the same heart.
  const plain = query.replaceAll('\uFE0F', '')
  const known = SHORTCODES.find(
    ([text, names]) => text === plain || names.split(' ').includes(bare(query)),
  )
  if (known !== undefined) return known[0]
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

function bare(text: string): string {
  return text.replace(/^:|:$/g, '').toLowerCase()
}
