import { nearWord } from '../../protocol/near-word.ts'
import type { Look } from '../look.ts'
import { type ActionName, allCommands, commandUsage, namedActions } from './action-names.ts'

/** What people type in other programs, where there is a command for that here under another name. */
const ELSEWHERE: Readonly<Record<string, ActionName>> = {
  action: 'me',
  channels: 'joinGroup',
  chat: 'goTo',
  clear: 'redraw',
  connect: 'reconnect',
  contacts: 'goTo',
  describe: 'me',
  deop: 'setRole',
  disconnect: 'quit',
  dm: 'message',
  friends: 'goTo',
  groups: 'joinGroup',
  kickban: 'ban',
  list: 'joinGroup',
  mode: 'setRole',
  nicks: 'members',
  notice: 'message',
  op: 'setRole',
  open: 'goTo',
  pm: 'message',
  rooms: 'joinGroup',
  server: 'reconnect',
  set: 'account',
  switch: 'goTo',
  users: 'members',
  w: 'message',
  whisper: 'message',
}

/** What is to be said of a command that there is not. `others`: what can be typed besides. */
export function unknownCommand(
  command: string,
  { words }: Pick<Look, 'words'>,
  others: readonly string[] = [],
): Error {
  const { notices } = words
  const typed = command.toLowerCase()
  const explained: Readonly<Record<string, string>> = notices.elsewhere
  const said = Object.hasOwn(explained, typed) ? explained[typed] : undefined
  if (said !== undefined) return new Error(said)
  const meant = meantBy(typed, words, others)
  return new Error(
    meant === undefined ? notices.unknownCommand(command) : notices.otherCommand(command, meant),
  )
}

function meantBy(
  typed: string,
  words: Look['words'],
  others: readonly string[],
): string | undefined {
  const same = Object.hasOwn(ELSEWHERE, typed) ? ELSEWHERE[typed] : undefined
  if (same !== undefined) return commandUsage(same, words)
  const known = namedActions().flatMap(([, name]) => allCommands(name))
  return nearWord(`/${typed}`, [...known, ...others])
}
