import { didYouMean } from '../../protocol/near-word.ts'
import { actionNames, actionOfCommand, takesArgument } from '../commands/action-names.ts'
import { type ActionId, type Binding, DEFAULT_BINDINGS, MENU_KEY, type Where } from './bindings.ts'
import { keyName } from './key-names.ts'
import { ASKED, createKeymap, type Keymap, keyLabel } from './keymap.ts'
import { keymapWords } from './keymap-words.ts'

/** Keys, as the keymap names them → an action's name, '/command text', or NONE. */
export type OwnBindings = Readonly<Record<string, string>>
export type Profile = 'default' | 'readline'

/** Frees a key. */
const NONE = 'none'

/** Without a key for these nobody could send, or leave a window. */
const NEEDED: readonly ActionId[] = ['send', 'accept', 'close', 'focusCompose']

/** The composer's own. */
const WRITES: ReadonlySet<Where> = new Set(['compose', 'text'])

/** Where characters are written: one alone can be bound in none of these. */
const WRITING: ReadonlySet<Where> = new Set(['anywhere', 'compose', 'text', 'overlay', 'search'])

/** What a profile changes: its rows come before, and take their keys from, the ones shipped. */
const PROFILES: Readonly<Record<Profile, readonly Binding[]>> = {
  default: [],
  readline: [
    { action: 'edit.killLineEnd', keys: ['ctrl+k'], where: 'compose' },
    { action: 'edit.right', keys: ['ctrl+f'], where: 'compose' },
    { action: 'edit.historyPrevious', keys: ['ctrl+p'], where: 'compose' },
    { action: 'edit.historyNext', keys: ['ctrl+n'], where: 'compose' },
    { action: 'previousConversation', keys: [`${MENU_KEY} [`], where: 'anywhere' },
    { action: 'nextConversation', keys: [`${MENU_KEY} ]`], where: 'anywhere' },
  ],
}

/** The keys of a profile with a person's own over them. */
export function keymapOf({
  profile,
  bind,
}: Readonly<{ profile: Profile; bind: OwnBindings }>): Keymap {
  const shipped = PROFILES[profile].reduce(withBinding, DEFAULT_BINDINGS)
  return createKeymap(withOwn(shipped, bind))
}

/** One line of the person's: how the keymap calls it, or what is wrong. */
export function checkBinding(
  key: string,
  action: unknown,
): Readonly<{ key: string; action: string }> | Readonly<{ fault: string }> {
  const named = keyName(key)
  if ('fault' in named) return named
  if (named.key === MENU_KEY) {
    return { fault: `"${key}" opens the menu, by which everything can be reached: it stays` }
  }
  if (typeof action !== 'string') return { fault: `"${key}" needs an action's name in quotes` }
  const found = actionOf(action)
  return 'fault' in found ? found : { key: named.key, action: found.text }
}

/** Takes back what would leave something without any key that must have one. */
export function normalBindings(
  bind: OwnBindings,
): Readonly<{ bindings: OwnBindings; faults: readonly Readonly<{ key: string; text: string }>[] }> {
  const kept: Record<string, string> = { ...bind }
  const faults: { key: string; text: string }[] = []
  for (const needed of NEEDED) {
    const before = keysIn(DEFAULT_BINDINGS, needed)
    // One after the other, till one is left.
    for (const key of before) {
      if (keysIn(withOwn(DEFAULT_BINDINGS, kept), needed).length > 0) break
      if (kept[key] === undefined) continue
      faults.push({ key, text: `without ${keyLabel(key)} no key would be left for '${needed}'` })
      delete kept[key]
    }
  }
  return { bindings: kept, faults }
}

/** What may be bound, each once: the names of actions. */
export function bindableActions(): readonly string[] {
  return [...Object.keys(actionNames), ...Object.keys(keymapWords)]
}

function keysIn(bindings: readonly Binding[], action: ActionId): readonly string[] {
  return bindings.filter((row) => row.action === action).flatMap(({ keys }) => keys)
}

function withOwn(shipped: readonly Binding[], bind: OwnBindings): readonly Binding[] {
  const free = Object.keys(bind).reduce(
    (rows, key) => (bind[key] === NONE ? without(rows, key, () => true) : rows),
    shipped,
  )
  const own = Object.entries(bind).flatMap(([key, text]) => ownRows(shipped, key, text))
  return own.reduce(withBinding, free)
}

function ownRows(shipped: readonly Binding[], key: string, text: string): readonly Binding[] {
  const found = actionOf(text)
  if ('fault' in found || found.action === undefined) return []
  const { action, argument } = found
  return placesOf(shipped, action, key).map((where) => ({
    action,
    keys: [key],
    where,
    own: true,
    ...(argument === '' ? {} : { argument }),
  }))
}

/**
 * A key does one thing: whatever would be asked before the new row for its key gives it up. So does
 * what counts anywhere for a key of the composer: the help shall be true where one mostly is.
 */
function withBinding(rows: readonly Binding[], row: Binding): readonly Binding[] {
  const before = Object.values(ASKED).flatMap((wheres) =>
    wheres.slice(0, wheres.indexOf(row.where) + 1),
  )
  const composing: readonly Where[] = WRITES.has(row.where) ? ['anywhere'] : []
  const concerned = new Set([...before, ...composing])
  const freed = row.keys.reduce(
    (left, key) => without(left, key, ({ where }) => concerned.has(where)),
    rows,
  )
  // Beside its other keys, so that the help names them in one place.
  const at = freed.findLastIndex(
    ({ action, where }) => action === row.action && where === row.where,
  )
  return at === -1 ? [...freed, row] : freed.toSpliced(at + 1, 0, row)
}

function without(
  rows: readonly Binding[],
  key: string,
  concerns: (row: Binding) => boolean,
): readonly Binding[] {
  return rows.flatMap((row) => {
    if (!row.keys.includes(key) || !concerns(row)) return [row]
    const keys = row.keys.filter((one) => one !== key)
    return keys.length === 0 ? [] : [{ ...row, keys }]
  })
}

/** Where the key counts: where the action has keys already, as far as the key can be heard there. */
function placesOf(shipped: readonly Binding[], action: ActionId, key: string): readonly Where[] {
  const places = [
    ...new Set(shipped.filter((row) => row.action === action).map(({ where }) => where)),
  ]
  const writes = !key.includes(' ') && [...key].length === 1
  if (writes || key === 'space') {
    const quiet = places.filter((where) => !WRITING.has(where))
    return quiet.length > 0 ? quiet : ['log', 'lists']
  }
  return places.length === 0 || places.includes('anywhere') || key.includes(' ')
    ? ['anywhere']
    : places
}

type Found =
  | Readonly<{ action: ActionId | undefined; argument: string; text: string }>
  | Readonly<{ fault: string }>

function actionOf(text: string): Found {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed === NONE) return { action: undefined, argument: '', text: NONE }
  if (trimmed.startsWith('/')) return commandOf(trimmed)
  const action = bindableActions().find((name) => plain(name) === plain(trimmed))
  if (action !== undefined) return { action: action as ActionId, argument: '', text: action }
  const hint = didYouMean(trimmed, bindableActions())
  return { fault: `there is no action "${trimmed}"${hint}; docs/CONFIGURATION.md lists them` }
}

function commandOf(text: string): Found {
  const [, command = '', argument = ''] = /^\/(\S*)\s*(.*)$/.exec(text) ?? []
  const action = actionOfCommand(command)
  if (action === undefined) {
    const hint = didYouMean(command, commandNames())
    return { fault: `there is no command /${command}${hint}` }
  }
  if (argument !== '' && !takesArgument(action)) {
    return { fault: `/${command} takes nothing behind it, but "${argument}" is there` }
  }
  return { action: action as ActionId, argument, text }
}

function commandNames(): readonly string[] {
  return Object.values(actionNames).flatMap(({ commands = [] }) => commands)
}

/** 'next-unread', 'next_unread' and 'nextUnread' are one name. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[-_.\s]/g, '')
}
