/** An emoji and what it is called. */
export type Emoji = Readonly<{
  text: string
  /** Its shortcodes, without colons, the usual one first: `thumbsup`. */
  names: readonly string[]
  /** Words that it is found by, too. */
  tags: readonly string[]
}>

/** The common ones, which need no loading; the first of them are offered before anything is typed. */
export const commonEmoji: readonly Emoji[] = (
  [
    ['👍', '+1 thumbsup', 'yes'],
    ['❤', 'heart', 'love'],
    ['😂', 'joy', 'laugh lol'],
    ['🎉', 'tada', 'party hooray'],
    ['😮', 'open_mouth', 'wow'],
    ['😢', 'cry', 'sad'],
    ['🙏', 'pray', 'thanks please'],
    ['👀', 'eyes', 'look'],
    ['✅', 'white_check_mark', 'done check'],
    ['👎', '-1 thumbsdown', 'no'],
    ['🚀', 'rocket', 'ship'],
    ['🔥', 'fire', 'hot'],
    ['💯', '100', 'hundred'],
    ['😄', 'smile', 'happy'],
    ['😉', 'wink', ''],
    ['😍', 'heart_eyes', ''],
    ['🤔', 'thinking', 'hmm'],
    ['😕', 'confused', ''],
    ['😡', 'rage', 'angry'],
    ['😭', 'sob', ''],
    ['😅', 'sweat_smile', ''],
    ['🙈', 'see_no_evil', ''],
    ['🤷', 'shrug', ''],
    ['👏', 'clap', 'bravo'],
    ['💪', 'muscle', 'strong'],
    ['👋', 'wave', 'hello bye'],
    ['🙌', 'raised_hands', ''],
    ['🤝', 'handshake', 'deal'],
    ['👌', 'ok_hand', 'ok'],
    ['💡', 'bulb', 'idea'],
    ['🐛', 'bug', ''],
    ['🔧', 'wrench', 'fix'],
    ['⭐', 'star', ''],
    ['❌', 'x', 'cross'],
    ['❓', 'question', ''],
    ['❗', 'exclamation', ''],
    ['⏳', 'hourglass_flowing_sand', 'wait'],
    ['☕', 'coffee', ''],
    ['🍻', 'beers', 'cheers'],
    ['🍕', 'pizza', ''],
    ['🎂', 'birthday', 'cake'],
    ['🌞', 'sun_with_face', 'sun'],
    ['🤖', 'robot', 'bot'],
  ] as const
).map(([text, names, tags]) => ({ text, names: wordsOf(names), tags: wordsOf(tags) }))

/** All that GitHub has a name for, the common ones first. Loaded when somebody wants one. */
export async function loadEmoji(): Promise<readonly Emoji[]> {
  const { gemoji } = await import('gemoji')
  const common = new Set(commonEmoji.map(({ text }) => text))
  const others = gemoji.filter(({ emoji }) => !common.has(bare(emoji)))
  const named = new Map(gemoji.map((one) => [bare(one.emoji), one]))
  return [
    ...commonEmoji.map((one) => withMore(one, named.get(one.text))),
    ...others.map(({ emoji, names, tags }) => ({ text: emoji, names, tags })),
  ]
}

/** The emoji that a name means exactly; undefined: none. */
export function emojiNamed(name: string, all: readonly Emoji[]): Emoji | undefined {
  const key = name.toLowerCase()
  return all.find(({ names }) => names.includes(key))
}

/** Without a variation selector: it is the same heart. */
export function bare(emoji: string): string {
  return emoji.replaceAll('\uFE0F', '')
}

function withMore(
  one: Emoji,
  more: Readonly<{ names: readonly string[]; tags: readonly string[] }> | undefined,
): Emoji {
  return {
    text: one.text,
    names: [...new Set([...one.names, ...(more?.names ?? [])])],
    tags: [...new Set([...one.tags, ...(more?.tags ?? [])])],
  }
}

function wordsOf(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '')
}
