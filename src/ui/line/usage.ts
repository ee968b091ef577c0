import { type ActionName, actionNames, takesArgument } from '../commands/action-names.ts'
import type { LineContext } from './context.ts'

/** What a command does in line mode. `command`: the name it was called by, in small letters. */
export type LineCommand = (
  context: LineContext,
  argument: string,
  command: string,
) => void | Promise<void>

/** The one command that the full screen has no use for. */
export const HISTORY = 'history'

/** Why the command has nothing to do in line mode; undefined: it has. */
export function screenReason(
  { line }: Pick<LineContext, 'line'>,
  name: ActionName,
): string | undefined {
  return (line.screen as Partial<Record<ActionName, string>>)[name]
}

/** What stands behind the command's name in line mode; undefined: nothing. */
function usageOfLine({ line }: Pick<LineContext, 'line'>, name: ActionName): string | undefined {
  return (line.usages as Partial<Record<ActionName, string>>)[name] ?? actionNames[name].usage
}

/** How the command is typed: '/reply [number] text'. */
export function typedInLine(context: LineContext, name: ActionName): string {
  const usage = usageOfLine(context, name)
  const command = `/${actionNames[name].commands?.[0] ?? ''}`
  return usage === undefined ? command : `${command} ${context.look.words.usage(usage)}`
}

/** What is thrown when a command lacks something, or has too much. */
export function usageOf(context: LineContext, name: ActionName): Error {
  return new Error(context.look.words.notices.usage(typedInLine(context, name)))
}

/** Whether anything may stand behind the command's name. */
export function takesMore(context: LineContext, name: ActionName): boolean {
  return takesArgument(name) || usageOfLine(context, name) !== undefined
}
