import { didYouMean } from '../../protocol/near-word.ts'
import { graphemes } from '../text/graphemes.ts'
import { MENU_KEY } from './bindings.ts'

/** A sequence as the keymap has it, 'ctrl+x z', or why it is none that could ever arrive. */
export type KeyName = Readonly<{ key: string }> | Readonly<{ fault: string }>

const MODIFIERS: Readonly<Record<string, 'ctrl' | 'alt' | 'shift'>> = {
  ctrl: 'ctrl',
  control: 'ctrl',
  c: 'ctrl',
  alt: 'alt',
  meta: 'alt',
  option: 'alt',
  m: 'alt',
  shift: 'shift',
  s: 'shift',
}

const NAMES: readonly string[] = [
  'up',
  'down',
  'left',
  'right',
  'pageup',
  'pagedown',
  'home',
  'end',
  'enter',
  'esc',
  'tab',
  'backspace',
  'delete',
  'space',
  'insert',
  ...Array.from({ length: 12 }, (_, index) => `f${index + 1}`),
]

const OTHER_NAMES: Readonly<Record<string, string>> = {
  return: 'enter',
  escape: 'esc',
  pgup: 'pageup',
  pgdn: 'pagedown',
  pgdown: 'pagedown',
  del: 'delete',
  bs: 'backspace',
  ins: 'insert',
}

const HOW = "'tchat keys' shows what a key is called"

/** What terminals send as another key, or eat. */
const NEVER: readonly (readonly [RegExp, string])[] = [
  [/^ctrl\+i$/, 'terminals send it as Tab: bind tab, or another key'],
  [/^ctrl\+m$/, 'terminals send it as Enter: bind enter, or another key'],
  [/^ctrl\+h$/, 'many terminals send it as Backspace: take another key'],
  [/^ctrl\+\[$/, 'terminals send it as Esc: bind esc, or another key'],
  [/^ctrl\+\/$/, 'terminals send it as Ctrl-_: bind ctrl+_'],
  [/^ctrl\+\d$/, 'terminals send no Ctrl with a digit: take alt+ or ctrl+x and the digit'],
  [/^ctrl\+(?:shift\+)?(?:tab|backspace|esc)$/, 'few terminals tell it from the key alone'],
  [/^(?:alt|ctrl)\+(?:alt\+)?shift\+.$/, 'terminals do not tell Shift beside Ctrl or Alt'],
  [/^ctrl\+[^a-z_\]^\\@]$/, 'terminals send no Ctrl with this key'],
  [/^alt\+(?:\[|O)$/, 'the sequences of other keys begin with it: take another key'],
  [/\+(?:f\d+|insert)$/, 'function keys come without Ctrl, Alt and Shift here: bind the key alone'],
]

/** After the menu's key these turn the pages of the menu, or close it. */
const MENU_KEYS = new Set(['up', 'down', 'pageup', 'pagedown', 'esc', MENU_KEY, 'ctrl+c'])

/** 'Ctrl-X z', 'C-x z' and '^X z' are 'ctrl+x z'. */
export function keyName(text: string): KeyName {
  const written = text.trim().split(/\s+/)
  const [first, second, ...more] = written.map(oneKey)
  if (first === undefined || written[0] === '') return { fault: `"${text}" names no key; ${HOW}` }
  if ('fault' in first || second === undefined) return first
  if ('fault' in second) return second
  if (first.key !== MENU_KEY || more.length > 0) {
    return { fault: `"${text}": two keys in a row begin with ${MENU_KEY}, like "${MENU_KEY} z"` }
  }
  if (MENU_KEYS.has(second.key)) {
    return { fault: `"${text}": that key closes the menu, or turns its pages` }
  }
  // Who keeps Ctrl down means the same.
  return { key: `${MENU_KEY} ${second.key.replace(/^ctrl\+/, '')}` }
}

function oneKey(text: string): KeyName {
  const held = new Set<string>()
  let rest = text.replace(/^\^(?=.)/, 'ctrl+')
  for (;;) {
    const [all, word = ''] = /^([a-z]+)[+-](?=.)/i.exec(rest) ?? []
    const modifier = MODIFIERS[word.toLowerCase()]
    if (all === undefined || modifier === undefined) break
    held.add(modifier)
    rest = rest.slice(all.length)
  }
  return withModifiers(text, held, rest)
}

function withModifiers(text: string, held: Set<string>, rest: string): KeyName {
  const isCharacter = graphemes(rest).length === 1
  const small = rest.toLowerCase()
  const name = isCharacter ? characterName(held, rest) : (OTHER_NAMES[small] ?? small)
  if (!isCharacter && !NAMES.includes(name)) {
    return { fault: `"${text}" is no key${didYouMean(small, NAMES)}; ${HOW}` }
  }
  const modifiers = ['ctrl', 'alt', 'shift'].filter((one) => held.has(one))
  const key = [...modifiers, name].join('+')
  const never = NEVER.find(([pattern]) => pattern.test(key))
  if (never !== undefined) return { fault: `"${text}" cannot be bound: ${never[1]}` }
  return { key: key === 'alt+O' ? 'alt+o' : key }
}

/** Capitals count as the letter, see KeyPress; Shift with a letter alone is the capital. */
function characterName(held: Set<string>, character: string): string {
  if (held.has('ctrl')) return character.toLowerCase()
  // Alt-O begins sequences, Alt-o does not.
  if (held.has('alt')) return character === 'O' ? 'O' : character.toLowerCase()
  return held.delete('shift') ? character.toUpperCase() : character
}
