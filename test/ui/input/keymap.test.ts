import { describe, expect, it } from 'vitest'
import { type Binding, DEFAULT_BINDINGS } from '../../../src/ui/input/bindings.ts'
import {
  actionFor,
  conflictsOf,
  createKeymap,
  helpRows,
  type KeyPlace,
  keyLabel,
  keysOfAction,
  menuRows,
} from '../../../src/ui/input/keymap.ts'
import { keymapWords } from '../../../src/ui/input/keymap-words.ts'

const keymap = createKeymap(DEFAULT_BINDINGS)
const NEITHER = { empty: false, atEnd: false }
const EMPTY = { empty: true, atEnd: true }
const END = { empty: false, atEnd: true }

describe('actionFor', () => {
  it.each<[KeyPlace, string, typeof NEITHER, string, string | undefined]>([
    ['compose', 'enter', NEITHER, '', 'send'],
    ['compose', 'ctrl+j', NEITHER, '', 'edit.newline'],
    ['compose', 'ctrl+k', NEITHER, '', 'edit.killLineEnd'],
    ['compose', 'ctrl+k', END, '', 'goTo'],
    ['log', 'ctrl+k', NEITHER, '', 'goTo'],
    ['lists', 'ctrl+k', NEITHER, '', 'goTo'],
    ['compose', '?', NEITHER, '', undefined],
    ['compose', '?', EMPTY, '', 'help'],
    ['compose', 'tab', EMPTY, '', 'focusNext'],
    ['compose', 'tab', END, '', 'edit.completeNext'],
    ['compose', 'ctrl+c', END, '', 'edit.clear'],
    ['compose', 'ctrl+c', EMPTY, '', 'quitTwice'],
    ['compose', 'n', EMPTY, '', undefined],
    ['compose', 'alt+a', END, '', 'nextUnread'],
    ['compose', 'c', END, 'ctrl+x', 'createGroup'],
    ['lists', 'j', END, 'ctrl+x', 'joinGroup'],
    ['compose', 'w', END, 'ctrl+x', 'edit.killWordLeft'],
    ['lists', 'j', EMPTY, '', 'chooseNext'],
    ['lists', 'J', EMPTY, '', 'joinGroup'],
    ['lists', 'n', EMPTY, '', 'createGroup'],
    ['log', 'j', EMPTY, '', 'selectNext'],
    ['log', 'ctrl+c', EMPTY, '', 'quitTwice'],
    ['overlay', 'ctrl+n', EMPTY, '', 'chooseNext'],
    ['overlay', 'alt+a', EMPTY, '', undefined],
    ['overlay', 'ctrl+w', EMPTY, '', 'edit.killBlankLeft'],
  ])('in %s, %s', (place, key, situation, prefix, action) => {
    expect(actionFor(keymap, place, key, situation, prefix)?.action).toBe(action)
  })

  it('tells which conversation a digit means', () => {
    const meaning = { action: 'nthConversation', argument: '7' }
    expect(actionFor(keymap, 'compose', 'alt+7', END)).toEqual(meaning)
    expect(actionFor(keymap, 'log', '7', END, 'ctrl+x')).toEqual(meaning)
  })
})

describe('the keys as shipped', () => {
  it('have no conflict', () => {
    expect(conflictsOf(DEFAULT_BINDINGS)).toEqual([])
  })

  it('need no Alt and no key that few terminals send: each has a twin in the same place', () => {
    const unsure = /alt\+|shift\+enter|ctrl\+(?:left|right|up|down|home|end|delete|backspace)/
    const alone = DEFAULT_BINDINGS.filter(({ keys }) => keys.every((key) => unsure.test(key)))
    expect(alone).toEqual([])
  })

  it('use no key that terminals cannot send or outer layers take', () => {
    const unsure = [
      'ctrl+h',
      'ctrl+i',
      'ctrl+m',
      'ctrl+[',
      'ctrl+s',
      'ctrl+q',
      'ctrl+\\',
      'alt+[',
      'alt+o',
    ]
    const used = DEFAULT_BINDINGS.flatMap(({ keys }) => keys)
    expect(used.filter((key) => unsure.includes(key) || /^f\d/.test(key))).toEqual([])
  })

  it('write nothing where text is taken', () => {
    const writing = DEFAULT_BINDINGS.filter(({ where, when, keys }) => {
      const takesText = ['anywhere', 'compose', 'text', 'overlay'].includes(where)
      return takesText && when !== 'empty' && keys.some((key) => /^.$/u.test(key))
    })
    expect(writing).toEqual([])
  })

  it('all have words', () => {
    const own = DEFAULT_BINDINGS.filter(({ action }) => action.startsWith('edit.'))
    for (const { action } of own) expect(keymapWords).toHaveProperty([action])
  })
})

describe('conflictsOf', () => {
  it('finds two actions on one key', () => {
    const more: Binding = { action: 'redraw', keys: ['alt+a'], where: 'anywhere' }
    expect(conflictsOf([...DEFAULT_BINDINGS, more])).toEqual([
      { key: 'alt+a', where: 'anywhere', actions: ['nextUnread', 'redraw'] },
    ])
  })

  it('lets a condition take a key from the rest', () => {
    const more: Binding = { action: 'redraw', keys: ['enter'], where: 'compose', when: 'empty' }
    expect(conflictsOf([...DEFAULT_BINDINGS, more])).toEqual([])
  })
})

describe('what is drawn from the table', () => {
  it('is the menu', () => {
    const rows = menuRows(keymap)
    expect(rows).toContainEqual({ action: 'createGroup', keys: 'c' })
    expect(rows).toContainEqual({ action: 'nthConversation', keys: '1…9' })
    expect(rows).toContainEqual({ action: 'help', keys: 'k, ?' })
    expect(rows.filter(({ action }) => action.startsWith('edit.'))).toEqual([])
  })

  it('is the help', () => {
    const rows = helpRows(keymap, 'anywhere')
    expect(rows).toContainEqual({ action: 'nextUnread', keys: 'Alt-A, Ctrl-X n' })
    expect(rows).toContainEqual({ action: 'nthConversation', keys: 'Alt-1…9, Ctrl-X 1…9' })
    expect(helpRows(keymap, 'lists')).toContainEqual({ action: 'joinGroup', keys: 'J' })
  })

  it('follows a rebinding', () => {
    const rebound = DEFAULT_BINDINGS.map((binding) =>
      binding.keys[0] === 'ctrl+x c' ? { ...binding, keys: ['ctrl+x w'] } : binding,
    )
    expect(menuRows(createKeymap(rebound))).toContainEqual({ action: 'createGroup', keys: 'w' })
  })

  it('is the hint for an action', () => {
    expect(keysOfAction(keymap, 'goTo')[0]).toBe('ctrl+g')
    expect(keysOfAction(keymap, 'send')).toEqual(['enter'])
  })

  it.each([
    ['ctrl+x c', 'Ctrl-X c'],
    ['alt+enter', 'Alt-Enter'],
    ['shift+tab', 'Shift-Tab'],
    ['pageup', 'PgUp'],
    ['ctrl+left', 'Ctrl-←'],
    ['J', 'J'],
    ['?', '?'],
    ['ctrl+_', 'Ctrl-_'],
    ['alt++', 'Alt-+'],
  ])('writes %s as %s', (key, label) => {
    expect(keyLabel(key)).toBe(label)
  })
})
