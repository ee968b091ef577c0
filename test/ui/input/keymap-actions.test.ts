import { describe, expect, it } from 'vitest'
import { en } from '../../../src/ui/catalogue/en.ts'
import {
  type ActionName,
  actionNames,
  actionOfCommand,
  commandUsage,
} from '../../../src/ui/commands/action-names.ts'
import { DEFAULT_BINDINGS } from '../../../src/ui/input/bindings.ts'
import { createKeymap, menuRows } from '../../../src/ui/input/keymap.ts'
import { keymapWords } from '../../../src/ui/input/keymap-words.ts'

/** Of the 59 beside the lists: two columns, keys and the gaps between. */
const MENU_WORDS_CELLS = 24
const names = Object.keys(actionNames) as ActionName[]
const bound = new Set<string>(DEFAULT_BINDINGS.map(({ action }) => action))

/** What a key cannot say: a name, a text. */
function needsArgument(name: ActionName): boolean {
  return /^\/\S+ [^[]/.test(commandUsage(name, en)) && name !== 'nthConversation'
}

describe('actions, keys and commands', () => {
  it('an action has a key, unless it needs to be told more', () => {
    expect(names.filter((name) => !bound.has(name) && !needsArgument(name))).toEqual([])
  })

  it('an action has a command, unless it only moves from message to message', () => {
    const without = names.filter((name) => actionNames[name].commands === undefined)
    expect(without).toEqual(['selectPrevious', 'selectNext'])
  })

  it('no command means two things', () => {
    const commands = names.flatMap((name) => actionNames[name].commands ?? [])
    expect(new Set(commands).size).toBe(commands.length)
    for (const name of names) {
      for (const command of actionNames[name].commands ?? []) {
        expect(actionOfCommand(command)).toBe(name)
      }
    }
  })

  it('every action that has a key has words', () => {
    const worded = new Set([...Object.keys(en.actions), ...Object.keys(keymapWords)])
    expect([...bound].filter((action) => !worded.has(action))).toEqual([])
  })

  it('the words of the menu fit two columns of 80 cells', () => {
    const words: Readonly<Record<string, string>> = { ...en.actions, ...keymapWords }
    const rows = menuRows(createKeymap(DEFAULT_BINDINGS)).map(({ action }) => words[action] ?? '')
    expect(rows.filter((text) => text.length > MENU_WORDS_CELLS)).toEqual([])
  })
})
