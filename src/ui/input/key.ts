import { graphemes } from '../text/graphemes.ts'

/**
 * One key press. `name` says which key, the same however a terminal sends it: 'ctrl+x', 'alt+a',
 * 'alt+enter', 'ctrl+left', 'shift+tab', 'up', 'space', or the character itself ('j', 'J', '?');
 * 'text' for more than one character at once, '' for a key that nobody knows. `text` is what it
 * writes, '' for keys that write nothing.
 */
export type KeyPress = Readonly<{ name: string; text: string }>

/** What Ink's `useInput` says of a key; only what is read here. */
export type InkKey = Readonly<{
  upArrow: boolean
  downArrow: boolean
  leftArrow: boolean
  rightArrow: boolean
  pageUp: boolean
  pageDown: boolean
  home: boolean
  end: boolean
  return: boolean
  escape: boolean
  tab: boolean
  backspace: boolean
  delete: boolean
  ctrl: boolean
  shift: boolean
  meta: boolean
  eventType?: 'press' | 'repeat' | 'release' | undefined
}>

/** Nobody types more at once: a longer run of characters is a text that was pasted. */
const KEYS_PER_RUN_MAX = 64

const NO_KEY: KeyPress = { name: '', text: '' }

const NAMED: readonly (readonly [keyof InkKey, string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
]

/** Ink's event as key presses. Fast typing comes as one event with several characters. */
export function keysOf(input: string, key: InkKey): readonly KeyPress[] {
  const press = keyOf(input, key)
  if (press.name !== 'text') return press.name === '' ? [] : [press]
  const clusters = graphemes(input)
  return clusters.length > KEYS_PER_RUN_MAX ? [press] : clusters.map(written)
}

function keyOf(input: string, key: InkKey): KeyPress {
  if (key.eventType === 'release') return NO_KEY
  const named = NAMED.find(([flag]) => key[flag] === true)?.[1]
  if (named !== undefined) return { name: withModifiers(named, key), text: '' }
  // Ink gives Ctrl-J as the character itself.
  if (input === '\n') return { name: 'ctrl+j', text: '' }
  if (input === '') return NO_KEY
  if (key.ctrl || key.meta) return { name: modified(input, key), text: '' }
  return written(input)
}

/** Capitals count as the letter: Ctrl-A is one key, and Caps Lock shall not turn Alt-A off. */
function modified(input: string, key: InkKey): string {
  const letter = input === ' ' ? 'space' : input.toLowerCase()
  // Alt with Ctrl-J is how some terminals send Alt-Enter.
  if (key.ctrl && key.meta && letter === 'j') return 'alt+enter'
  return withModifiers(letter, { ...key, shift: false })
}

function written(input: string): KeyPress {
  if (graphemes(input).length > 1) return { name: 'text', text: input }
  return { name: input === ' ' ? 'space' : input, text: input }
}

function withModifiers(name: string, key: Pick<InkKey, 'ctrl' | 'shift' | 'meta'>): string {
  const modifiers = [key.ctrl ? 'ctrl+' : '', key.meta ? 'alt+' : '', key.shift ? 'shift+' : '']
  // Terminals that send Ctrl, Alt with Esc and the like mean the key alone.
  return name === 'esc' ? name : modifiers.join('') + name
}
