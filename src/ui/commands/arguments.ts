import { nameOf } from '../../protocol/names.ts'
import type { Context } from '../context.ts'
import { type ActionName, commandUsage } from './action-names.ts'

/** What stands behind a slash command. */

/** Names with spaces or commas between. */
export function namesOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '')
}

/** What is thrown when a command lacks something, or has too much. */
export function usageError({ look }: Context, name: ActionName): Error {
  return new Error(look.words.notices.usage(commandUsage(name, look.words)))
}

/** What is thrown when a command takes nothing and something stands behind it. `usage`: what it takes. */
export function needlessError(
  context: Context,
  name: ActionName,
  argument: string,
  usage: Error = usageError(context, name),
): Error {
  const { notices } = context.look.words
  const [group = ''] = namesOf(argument)
  return name === 'group' ? new Error(notices.groupIsHere(nameOf(group))) : usage
}
