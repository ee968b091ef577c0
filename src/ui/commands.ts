import { actionOfCommand, namedActions } from './action-names.ts'
import { act } from './actions.ts'
import { type Context, notify } from './context.ts'
import type { ClientState } from './state/model.ts'

/** A slash command: done, or one notice and the text stays. Answers whether the text is done with. */
export function runCommand(context: Context, line: string): boolean {
  const [, command = '', argument = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(line) ?? []
  const name = actionOfCommand(command)
  if (name === undefined) {
    notify(context, 'error', context.look.words.notices.unknownCommand(command))
    return false
  }
  act(context, name, argument.trim())
  return true
}

/** `//text` is a text that begins with a slash. */
export function isCommand(text: string): boolean {
  return text.startsWith('/') && !text.startsWith('//')
}

export function textOf(line: string): string {
  return line.startsWith('//') ? line.slice(1) : line
}

/** What Tab can complete to: '@alice', '#lobby', '/create'. */
export function completions(state: ClientState): readonly string[] {
  const names = new Set<string>()
  for (const { user } of state.contacts.values()) if (user) names.add(`@${user.name}`)
  for (const { user } of state.members.get(state.open ?? '') ?? []) {
    if (user) names.add(`@${user.name}`)
  }
  for (const { kind, name } of state.conversations.values()) {
    names.add(kind === 'group' ? `#${name}` : `@${name}`)
  }
  return [...names, ...namedActions().map(([command]) => command)]
}
