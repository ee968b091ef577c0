import { looksLikeShareLine } from '../../net/share-line.ts'
import type { Context } from '../context.ts'
import { actionOfCommand, takesArgument, takesLines } from './action-names.ts'
import { perform } from './actions.ts'
import { needlessError } from './arguments.ts'
import { unknownCommand } from './meant.ts'

/** Does a slash command. Rejects with what went wrong, in words: then the text should stay. */
export async function runCommand(context: Context, line: string): Promise<void> {
  const [, command = '', argument = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(line) ?? []
  const name = actionOfCommand(command)
  if (name === undefined) throw unknownCommand(command, context.look)
  // Unused, it would be lost: something else was meant.
  if (argument !== '' && !takesArgument(name)) throw needlessError(context, name, argument)
  // What stands below a command was meant for something else, and nobody knows for what.
  const isLine = name === 'joinGroup' && looksLikeShareLine(argument)
  if (line.includes('\n') && !takesLines(name) && !isLine) {
    throw new Error(context.look.words.notices.commandIsOneLine)
  }
  await perform(context, name, argument.trim())
}
