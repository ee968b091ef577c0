import { expect, test } from 'vitest'
import { en } from '../../src/ui/catalogue/en.ts'
import { everyText, key, withLiveKeys } from '../../src/ui/catalogue/live-keys.ts'
import { defaults } from '../../src/ui/configuration/options.ts'
import { keyInPlace, keysOfAction } from '../../src/ui/input/keymap.ts'
import { keymapOf } from '../../src/ui/input/rebinding.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const shipped = keymapOf({ profile: 'default', bind: {} })

test('words name the keys that are shipped', () => {
  const words = withLiveKeys(en, shipped)
  expect(words.goTo.keys).toBe('↑↓ choose · Enter go · Esc close')
  expect(words.members.keysOwner).toBe('Enter write · a add · x remove · b ban · o A u role · Esc')
  expect(words.reading.zoomKeys).toBe('PgUp PgDn ↑↓ move · y copy · Esc back')
  expect(words.windows.search.nothing(false)).toBe(
    'Nothing found here. Ctrl-F searches everywhere.',
  )
  expect(words.notices.nothingOpen).toBe('Open a conversation first: Ctrl-K.')
})

test('no mark of a key is left, and every key that is named has one', () => {
  const wrong: string[] = []
  everyText(withLiveKeys(en, shipped), (text) => {
    if (text.includes('\u0002') || /^ |· ·|[(:] *[.)]/.test(text)) wrong.push(text)
    return text
  })
  expect(wrong).toEqual([])
})

test('a key that was bound anew stands in every line of keys', () => {
  const bind = { 'ctrl+o': 'close', esc: 'none', 'ctrl+g': 'none', 'ctrl+c': 'none' }
  const words = withLiveKeys(en, keymapOf({ profile: 'default', bind }))
  expect(words.goTo.keys).toBe('↑↓ choose · Enter go · Ctrl-O close')
  expect(words.memory.catchUp.keys).toMatch(/ · Ctrl-O to the chat$/)
  expect(words.windows.account.keys).toMatch(/ · Ctrl-O close$/)
})

test('a key of ones own is named before those that are shipped, which stay', () => {
  const bind = { 'ctrl+o': 'close', f5: 'goTo', f6: 'reply', f7: '/logout everywhere' }
  const keymap = keymapOf({ profile: 'default', bind })
  const words = withLiveKeys(en, keymap)
  expect(words.goTo.keys).toBe('↑↓ choose · Enter go · Ctrl-O close')
  expect(words.notices.nothingOpen).toBe('Open a conversation first: F5.')
  expect(keyInPlace(keymap, 'compose', 'goTo')).toBe('f5')
  // It counts in the log, too, where shipped keys stand nearer.
  expect(keyInPlace(keymap, 'log', 'reply')).toBe('f6')
  // Logging out everywhere is not what a hint at logging out means.
  expect(keyInPlace(keymap, 'compose', 'logOut')).toBe('ctrl+x O')
  expect(keysOfAction(keymap, 'logOut')[0]).toBe('ctrl+x O')
})

test('a key of ones own behind Ctrl-X is named where there is no shorter one', () => {
  const keymap = keymapOf({ profile: 'default', bind: { 'ctrl+x w': 'createGroup' } })
  expect(keyInPlace(keymap, 'compose', 'createGroup')).toBe('ctrl+x w')
  expect(keyInPlace(keymap, 'lists', 'createGroup')).toBe('n')
})

test('a letter of ones own is named where it counts, not where it would be written', () => {
  const keymap = keymapOf({ profile: 'default', bind: { x: 'goTo' } })
  expect(keyInPlace(keymap, 'log', 'goTo')).toBe('x')
  expect(keyInPlace(keymap, 'compose', 'goTo')).toBe('ctrl+k')
  // Where it is not said in which place.
  expect(keysOfAction(keymap, 'goTo')[0]).toBe('ctrl+g')
})

test('two keys of more than a character each are told apart', () => {
  const bind = { up: 'none', down: 'none', k: 'none', j: 'none' }
  const words = withLiveKeys(en, keymapOf({ profile: 'default', bind }))
  expect(words.goTo.keys).toBe('Ctrl-P/Ctrl-N choose · Enter go · Esc close')
})

test('what has no key is left out of a line of keys, and is a command in a sentence', () => {
  const bind = { a: 'none', 'ctrl+k': 'none', 'ctrl+g': 'none', 'ctrl+x g': 'none' }
  const words = withLiveKeys(en, keymapOf({ profile: 'default', bind }))
  expect(words.members.keysAdd).toBe('↑↓ choose · Enter write · Esc close')
  expect(words.notices.nothingOpen).toBe('Open a conversation first: /goto.')
})

test('what others write is never taken for the mark of a key', () => {
  const words = withLiveKeys({ said: (text: string) => `${text}: ${key('close')}` }, shipped)
  expect(words.said('{close} (close)')).toBe('{close} (close): Esc')
})

test('windows, the line to write in and the log say the keys as they are bound', async () => {
  const alice = person('alice')
  const world = new ScriptedWorld()
  world.say(world.direct(alice), alice, 12, 'hello')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  world.lastTarget = alice.id
  const moved = { up: 'none', down: 'none', 'ctrl+p': 'selectPrevious', 'ctrl+n': 'selectNext' }
  const freed = { k: 'none', j: 'none', esc: 'none' }
  const bind = { ...moved, ...freed, 'ctrl+e': 'focusCompose', 'ctrl+o': 'focusLog' }
  const configuration = { ...defaults, keys: { profile: 'default', bind } } as const
  const parts = { connector: world, now: () => NINE }
  const screen = Screen.open({ columns: 80, rows: 24 }, { configuration }, parts)
  await screen.waitFor('hello')
  screen.type('\x0b')
  await screen.waitFor('Go to')
  expect(screen.text).toContain('Enter go · Ctrl-C close')
  screen.type('\x03')
  await screen.waitFor(({ text }) => !text.includes('Go to'))
  screen.type('\x0f')
  await screen.waitFor('reading back · Ctrl-E to write')
  expect(screen.text).toContain('Ctrl-P/Ctrl-N choose')
})
