import {
  type ActionName,
  actionOfCommand,
  namedActions,
  otherCommands,
} from '../commands/action-names.ts'
import { unknownCommand } from '../commands/meant.ts'
import type { LineContext } from './context.ts'
import { HISTORY, type LineCommand, screenReason, typedInLine } from './usage.ts'

/** What there is to type. */
export const helpCommands = {
  help: (context, wanted) => {
    const { say, line } = context
    if (wanted !== '') return sayOne(context, wanted.replace(/^\//, ''))
    say(`/${HISTORY} ${line.history.usage}: ${line.history.meaning}`)
    for (const [, name] of namedActions()) {
      if (screenReason(context, name) === undefined) say(helpLine(context, name))
    }
    say(line.helpTexts)
  },
} as const satisfies Partial<Record<ActionName, LineCommand>>

function sayOne(context: LineContext, command: string): void {
  const { line, look, say } = context
  if (command === HISTORY) return say(`/${HISTORY} ${line.history.usage}: ${line.history.meaning}`)
  const name = actionOfCommand(command)
  if (name === undefined) throw unknownCommand(command, look, [`/${HISTORY}`])
  say(screenReason(context, name) ?? helpLine(context, name))
}

/** '/join [group [invite]]: join a group' */
function helpLine(context: LineContext, name: ActionName): string {
  const { actions, help } = context.look.words
  const others = otherCommands(name)
  const meaning = others === '' ? actions[name] : help.also(actions[name], others)
  return `${typedInLine(context, name)}: ${meaning}`
}
