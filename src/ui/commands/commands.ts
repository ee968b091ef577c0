import { looksLikeShareLine } from '../../net/share-line.ts'
import type { Context } from '../context.ts'
import { type Candidate, wordCandidate } from '../input/completion.ts'
import type { Emoji } from '../input/emoji.ts'
import type { ClientState } from '../state/model.ts'
import {
  actionOfCommand,
  isLater,
  namedActions,
  takesArgument,
  takesLines,
} from './action-names.ts'
import { perform } from './actions.ts'
import { usageError } from './arguments.ts'

/** Does a slash command. Rejects with what went wrong, in words: then the text should stay. */
export async function runCommand(context: Context, line: string): Promise<void> {
  const [, command = '', argument = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(line) ?? []
  const name = actionOfCommand(command)
  if (name === undefined) {
    const { notices } = context.look.words
    throw new Error(isLater(command) ? notices.later(command) : notices.unknownCommand(command))
  }
  // Unused, it would be lost: something else was meant.
  if (argument !== '' && !takesArgument(name)) throw usageError(context, name)
  // What stands below a command was meant for something else, and nobody knows for what.
  const isLine = name === 'joinGroup' && looksLikeShareLine(argument)
  if (line.includes('\n') && !takesLines(name) && !isLine) {
    throw new Error(context.look.words.notices.commandIsOneLine)
  }
  await perform(context, name, argument.trim())
}

/** What Tab can complete to: '@alice', '#lobby', '/create', ':thumbsup'. */
export function completions(state: ClientState): readonly Candidate[] {
  const names = new Set<string>()
  for (const { user } of state.contacts.values()) if (user) names.add(`@${user.name}`)
  for (const { user } of state.members.get(state.open ?? '') ?? []) {
    if (user) names.add(`@${user.name}`)
  }
  for (const { kind, name, target } of state.conversations.values()) {
    if (state.gone.has(target)) continue
    names.add(kind === 'group' ? `#${name}` : `@${name}`)
  }
  const words = [...names, ...namedActions().map(([command]) => command)]
  return [...words.map(wordCandidate), ...state.emoji.flatMap(emojiCandidates)]
}

function emojiCandidates({ text, names }: Emoji): readonly Candidate[] {
  return names.map((name) => ({ text, key: `:${name}`, label: `${text} ${name}` }))
}
