import type { Where } from '../input/bindings.ts'
import { helpRows, menuRows } from '../input/keymap.ts'
import type { Look } from '../look.ts'
import { commandUsage, isActionName, namedActions, otherCommands } from './action-names.ts'

/** What it is called, and what it does. Without the second it is a heading. */
export type HelpLine = readonly [string, string]

const PLACES: readonly Where[] = [
  'anywhere',
  'compose',
  'log',
  'lists',
  'filter',
  'text',
  'overlay',
  'search',
  'members',
  'group',
  'account',
  'list',
  'share',
  'longText',
  'links',
  'catchUp',
  'peek',
]

/** The help, drawn from the live keymap and the commands. */
export function helpLines(look: Look): readonly HelpLine[] {
  return [...keyLines(look), [look.words.help.commands, ''], ...commandLines(look)]
}

/** What the keys do, place by place. */
export function keyLines(look: Look): readonly HelpLine[] {
  return PLACES.flatMap((place): readonly HelpLine[] => [
    [look.words.help.places[place], ''],
    ...helpRows(look.keymap, place).map(
      ({ keys, action }): HelpLine => [keys, meaningOf(action, look)],
    ),
    ['', ''],
  ])
}

/** What the slash commands do. */
export function commandLines({ words }: Look): readonly HelpLine[] {
  return namedActions().map(([, name]): HelpLine => {
    const others = otherCommands(name)
    const meaning = words.actions[name]
    return [commandUsage(name, words), others === '' ? meaning : words.help.also(meaning, others)]
  })
}

/** Rows of the Ctrl-X menu: key and meaning. */
export function menuLines(look: Look): readonly HelpLine[] {
  return menuRows(look.keymap).map(({ keys, action }) => [keys, meaningOf(action, look)])
}

/** What an action does, in words. */
export function meaningOf(action: string, { words }: Look): string {
  if (isActionName(action)) return words.actions[action]
  return words.keys[action as keyof typeof words.keys]
}
