import type { Where } from './bindings.ts'
import { MENU_KEY } from './bindings.ts'
import type { KeyPress } from './key.ts'
import { type Keymap, keyLabel } from './keymap.ts'

/** What a key press does in a part of the screen. */
export type KeyMeaning = Readonly<{ where: Where; action: string; argument: string }>

const BYTES_CELLS = 16
const NAME_CELLS = 14

/** Everything that a key does, in the order of the table. `prefix`: '' or the menu's key. */
export function meaningsOf(
  { bindings }: Keymap,
  name: string,
  prefix: string,
): readonly KeyMeaning[] {
  const sequence = prefix === '' ? name : `${prefix} ${name.replace(/^ctrl\+/, '')}`
  return bindings
    .filter(({ keys }) => keys.includes(sequence))
    .map(({ where, action, argument = '' }) => ({ where, action, argument }))
}

/** 'ESC[A' → '\e[A': every byte that is no printable ASCII as an escape, so that it can be pasted. */
function escaped(sent: string): string {
  return Array.from(Buffer.from(sent), (byte) => {
    if (byte === 0x1b) return '\\e'
    if (byte === 0x5c) return '\\\\'
    return byte > 0x20 && byte < 0x7f
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`
  }).join('')
}

/** One line about one key press: bytes, name, meaning. */
export function keyLine(sent: string, name: string, meaning: string): string {
  return `${escaped(sent).padEnd(BYTES_CELLS)} ${name.padEnd(NAME_CELLS)} ${meaning}`.trimEnd()
}

/** How a line calls the key: 'ctrl+x z (Ctrl-X z)'. */
export function nameOfPress({ name }: KeyPress, prefix: string): string {
  const sequence = prefix === '' ? name : `${prefix} ${name}`
  const label = keyLabel(sequence)
  return label.toLowerCase().replaceAll('-', '+') === sequence ? sequence : `${sequence} (${label})`
}

/** Whether the next key belongs to this one. */
export function isPrefix(name: string): boolean {
  return name === MENU_KEY
}
