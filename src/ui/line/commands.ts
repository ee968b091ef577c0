import { looksLikeShareLine } from '../../net/share-line.ts'
import { type ActionName, actionOfCommand } from '../commands/action-names.ts'
import { perform } from '../commands/actions.ts'
import { needlessError } from '../commands/arguments.ts'
import { unknownCommand } from '../commands/meant.ts'
import { say } from '../commands/requests.ts'
import { isCommand, textOf } from '../commands/slash.ts'
import { show } from '../context.ts'
import { openConversation } from '../state/selectors.ts'
import { accountCommands } from './account-commands.ts'
import type { LineContext } from './context.ts'
import { conversationCommands, sayHistory } from './conversation-commands.ts'
import { groupCommands, sayInvite } from './group-commands.ts'
import { helpCommands } from './help-commands.ts'
import { messageCommands } from './message-commands.ts'
import { HISTORY, type LineCommand, screenReason, takesMore, usageOf } from './usage.ts'

/** What line mode does in its own way; all the rest is as in the full screen, or is about a screen. */
const ownCommands: Readonly<Partial<Record<ActionName, LineCommand>>> = {
  ...conversationCommands,
  ...groupCommands,
  ...messageCommands,
  ...accountCommands,
  ...helpCommands,
}

/** A line that was typed or piped in: a command, or something to say. @throws what went wrong */
export async function obey(context: LineContext, line: string): Promise<void> {
  const typed = line.trim()
  if (typed === '') return
  return isCommand(typed) ? runCommand(context, typed) : sayHere(context, line)
}

async function sayHere(context: LineContext, line: string): Promise<void> {
  const open = openConversation(context.store.getSnapshot())
  if (open === undefined) throw new Error(context.line.start.nothingOpen)
  await say(context, { kind: open.kind, id: open.target }, textOf(line))
}

async function runCommand(context: LineContext, line: string): Promise<void> {
  const [, command = '', rest = ''] = /^\/(\S*)\s*(.*)$/.exec(line) ?? []
  const argument = rest.trim()
  if (command.toLowerCase() === HISTORY) return sayHistory(context, argument)
  const name = actionOfCommand(command)
  if (name === undefined) throw unknownCommand(command, context.look, [`/${HISTORY}`])
  const aboutScreen = screenReason(context, name)
  if (aboutScreen !== undefined) throw new Error(aboutScreen)
  if (argument !== '' && !takesMore(context, name)) {
    throw needlessError(context, name, argument, usageOf(context, name))
  }
  const own = ownCommands[name]
  await (own === undefined
    ? perform(context, name, argument)
    : own(context, argument, command.toLowerCase()))
  closeWindow(context, argument)
}

/** What a command would have opened over the screen is said, or that it needs one. */
function closeWindow(context: LineContext, argument: string): void {
  const { overlay } = context.store.getSnapshot()
  if (overlay === undefined) return
  show(context, undefined)
  if (overlay.type === 'invite') return sayInvite(context, overlay.invite)
  if (overlay.type === 'form' && overlay.form === 'inviteCode') {
    const name = looksLikeShareLine(argument) ? overlay.group : argument
    throw new Error(context.line.inviteNeeded(name.startsWith('#') ? name : `#${name}`))
  }
  throw new Error(context.line.overlay)
}
