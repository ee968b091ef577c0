import { verbRows } from '../admin/arguments.ts'
import {
  type CommandName,
  type CommandRow,
  commands,
  type FlagName,
  type FlagRow,
  flags,
  flagText,
} from '../command-line.ts'
import { groupVerbs } from '../pipe/commands.ts'
import { shells } from './shells.ts'

/** A flag as shells complete it. */
export type FlagWord = Readonly<{
  text: string
  help: string
  /** It is followed by a value. */
  takesValue: boolean
  /** The values that there are; none: any. */
  values: readonly string[]
  /** The value is a path. */
  isFile: boolean
}>

/** What can stand behind `tchat`, or behind `tchat COMMAND`. */
export type CommandWords = Readonly<{
  /** '' for what stands behind `tchat` alone. */
  command: string
  help: string
  /** Words that come first behind it. */
  words: readonly Readonly<{ text: string; help: string }>[]
  flags: readonly FlagWord[]
}>

/** Every command with its flags and verbs, from the table of the command line. */
export function completionTree(): readonly CommandWords[] {
  const named = (Object.keys(commands) as CommandName[]).filter(isWord)
  const top = { command: '', help: '', words: named.map(wordOf), flags: topFlags() }
  return [top, ...named.map((name) => ({ ...behind(name), words: verbsOf(name) }))]
}

function isWord(name: CommandName): boolean {
  return name !== 'start' && name !== 'serve'
}

function wordOf(name: CommandName): { text: string; help: string } {
  return { text: name, help: commands[name].help }
}

function topFlags(): readonly FlagWord[] {
  const names = [...commands.start.flags, 'serve', ...commands.serve.flags, 'version', 'help']
  return [...new Set(names as FlagName[])].filter(isShown).map(flagWord)
}

function behind(name: CommandName): Omit<CommandWords, 'words'> {
  const { help, flags: own }: CommandRow = commands[name]
  return { command: name, help, flags: [...own, 'help' as const].filter(isShown).map(flagWord) }
}

function verbsOf(name: CommandName): CommandWords['words'] {
  if (name === 'completions') return shells.map((text) => ({ text, help: `for ${text}` }))
  if (name === 'groups') {
    const verbs = Object.entries(groupVerbs)
    return verbs.map(([text, { args }]) => ({ text, help: `${text} ${args}`.trim() }))
  }
  if (name !== 'admin') return []
  return verbRows().map(({ usage, meaning }) => ({
    text: usage.split(' ')[0] ?? '',
    help: meaning,
  }))
}

function flagWord(name: FlagName): FlagWord {
  const row: FlagRow = flags[name]
  const { value, help } = row
  return {
    text: flagText(name),
    help,
    takesValue: row.type === 'string',
    values: VALUES[name] ?? [],
    isFile: value === 'FILE' || value === 'DIR',
  }
}

const VALUES: { readonly [Name in FlagName]?: readonly string[] } = {
  registration: ['open', 'invite', 'closed'],
  logLevel: ['debug', 'info', 'warn', 'error'],
  theme: ['auto', 'dark', 'light', 'colour-blind', 'mono'],
  colours: ['auto', 'truecolor', '256', '16', 'none'],
  lang: ['auto', 'en', 'zh'],
  keymap: ['default', 'readline'],
}

function isShown(name: FlagName): boolean {
  const row: FlagRow = flags[name]
  return row.hidden !== true
}
