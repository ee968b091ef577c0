import { describe, expect, it } from 'vitest'
import { DEFAULT_BINDINGS } from '../../../src/ui/input/bindings.ts'
import { keyName } from '../../../src/ui/input/key-names.ts'
import {
  actionFor,
  conflictsOf,
  helpRows,
  type KeyPlace,
  keysOfAction,
  menuRows,
} from '../../../src/ui/input/keymap.ts'
import { checkBinding, keymapOf, normalBindings } from '../../../src/ui/input/rebinding.ts'

function keymap(bind: Record<string, string>, profile: 'default' | 'readline' = 'default') {
  return keymapOf({ profile, bind })
}

function meant(bind: Record<string, string>, place: KeyPlace, key: string, prefix = '') {
  const meaning = actionFor(keymap(bind), place, key, { empty: true, atEnd: true }, prefix)
  return meaning?.action
}

describe('a key of ones own', () => {
  it('does what it is bound to, and no more what it did before', () => {
    const bind = { 'ctrl+d': 'deleteMessage' }
    expect(meant(bind, 'compose', 'ctrl+d')).toBe('deleteMessage')
    expect(meant(bind, 'log', 'ctrl+d')).toBe('deleteMessage')
    expect(keysOfAction(keymap(bind), 'edit.deleteRight')).toEqual(['delete'])
  })

  it('stands in the help and in the menu, where what it took is gone', () => {
    const bind = { 'ctrl+x c': 'nextUnread', 'ctrl+o': 'createGroup' }
    expect(helpRows(keymap(bind), 'anywhere')).toContainEqual({
      action: 'createGroup',
      keys: 'Ctrl-O',
    })
    const menu = menuRows(keymap(bind))
    expect(menu.find(({ action }) => action === 'createGroup')).toBeUndefined()
    expect(menu).toContainEqual({ action: 'nextUnread', keys: 'n, c' })
  })

  it('of a character counts where nothing is written', () => {
    const bind = { x: 'deleteMessage', N: 'nextUnread' }
    expect(meant(bind, 'log', 'x')).toBe('deleteMessage')
    expect(meant(bind, 'log', 'N')).toBe('nextUnread')
    expect(meant(bind, 'lists', 'N')).toBe('nextUnread')
    expect(meant(bind, 'compose', 'x')).toBeUndefined()
    expect(meant(bind, 'compose', 'N')).toBeUndefined()
  })

  it('can be a function key, or behind the menu key', () => {
    const bind = { f5: 'nextUnread', 'ctrl+x h': '/msg bob lunch?' }
    expect(meant(bind, 'compose', 'f5')).toBe('nextUnread')
    const meaning = actionFor(keymap(bind), 'compose', 'h', {}, 'ctrl+x')
    expect(meaning).toEqual({ action: 'message', argument: 'bob lunch?' })
  })

  it('is freed by none, everywhere', () => {
    const bind = { 'ctrl+g': 'none' }
    expect(meant(bind, 'compose', 'ctrl+g')).toBeUndefined()
    expect(meant(bind, 'overlay', 'ctrl+g')).toBeUndefined()
    expect(meant(bind, 'overlay', 'esc')).toBe('close')
  })

  it('can exchange Enter and Alt-Enter', () => {
    const bind = { enter: 'edit.newline', 'alt+enter': 'send' }
    expect(meant(bind, 'compose', 'enter')).toBe('edit.newline')
    expect(meant(bind, 'compose', 'alt+enter')).toBe('send')
    expect(normalBindings(bind).faults).toEqual([])
  })

  it('never leaves nothing to send with', () => {
    const { bindings, faults } = normalBindings({ enter: 'edit.newline', 'ctrl+o': 'help' })
    expect(bindings).toEqual({ 'ctrl+o': 'help' })
    expect(faults).toEqual([
      { key: 'enter', text: "without Enter no key would be left for 'send'" },
    ])
  })

  it('cannot be the key of the menu', () => {
    expect(checkBinding('ctrl+x', 'quit')).toEqual({
      fault: expect.stringContaining('opens the menu') as string,
    })
  })
})

describe('the profiles', () => {
  it('have no two actions on one key in one place', () => {
    for (const profile of ['default', 'readline'] as const) {
      expect(conflictsOf(keymap({}, profile).bindings)).toEqual([])
    }
    expect(keymap({}).bindings).toEqual(DEFAULT_BINDINGS)
  })

  it('readline: Ctrl-K kills at the end of the text, too, Ctrl-F goes forward', () => {
    const readline = keymap({}, 'readline')
    const situation = { atEnd: true, empty: false }
    expect(actionFor(readline, 'compose', 'ctrl+k', situation)?.action).toBe('edit.killLineEnd')
    expect(actionFor(readline, 'compose', 'ctrl+f', situation)?.action).toBe('edit.right')
    expect(actionFor(readline, 'compose', 'ctrl+p', situation)?.action).toBe('edit.historyPrevious')
    expect(actionFor(readline, 'search', 'ctrl+f', situation)?.action).toBe('searchAll')
  })

  it('readline leaves every action a key', () => {
    const bound = new Set(keymap({}, 'readline').bindings.map(({ action }) => action))
    expect(DEFAULT_BINDINGS.filter(({ action }) => !bound.has(action))).toEqual([])
  })
})

describe('how a key is written', () => {
  it.each([
    ['ctrl+o', 'ctrl+o'],
    ['Ctrl-O', 'ctrl+o'],
    ['C-o', 'ctrl+o'],
    ['^O', 'ctrl+o'],
    ['M-a', 'alt+a'],
    ['Alt-A', 'alt+a'],
    ['ALT+Enter', 'alt+enter'],
    ['Return', 'enter'],
    ['PgUp', 'pageup'],
    ['F5', 'f5'],
    ['shift+a', 'A'],
    ['A', 'A'],
    ['é', 'é'],
    ['+', '+'],
    ['ctrl+_', 'ctrl+_'],
    ['C-x z', 'ctrl+x z'],
    ['ctrl+x ctrl+e', 'ctrl+x e'],
    ['shift+ctrl+left', 'ctrl+shift+left'],
    ['ctrl+space', 'ctrl+space'],
  ])('%s is %s', (text, key) => {
    expect(keyName(text)).toEqual({ key })
  })

  it.each([
    ['ctrl+i', 'Tab'],
    ['ctrl+m', 'Enter'],
    ['ctrl+h', 'Backspace'],
    ['ctrl+[', 'Esc'],
    ['ctrl+1', 'no Ctrl with a digit'],
    ['ctrl+shift+a', 'Shift beside Ctrl'],
    ['ctrl+.', 'no Ctrl with this key'],
    ['ctrl+/', 'ctrl+_'],
    ['alt+[', 'sequences of other keys'],
    ['alt+O', 'sequences of other keys'],
    ['shift+f5', 'the key alone'],
    ['f13', 'is no key'],
    ['escpe', "did you mean 'esc'"],
    ['', 'names no key'],
    ['ctrl+k z', 'begin with ctrl+x'],
    ['ctrl+x z z', 'begin with ctrl+x'],
    ['ctrl+x down', 'turns its pages'],
  ])('%s is refused with the reason', (text, reason) => {
    expect(keyName(text)).toEqual({ fault: expect.stringContaining(reason) as string })
  })
})
