import { actionNames, isActionName } from '../commands/action-names.ts'
import type { ActionId } from '../input/bindings.ts'
import { type Keymap, type KeyPlace, keyInPlace, keyLabel, keysOfAction } from '../input/keymap.ts'

/**
 * Keys in the words of a catalogue. Keys can be rebound, so no words name one: they have a mark for
 * the action in its place, and whoever shows the words puts in the key of the day. Marks are made of
 * control characters, which no text of others contains: what somebody writes is never taken for one.
 */

const [START, END, BETWEEN] = ['\u0002', '\u0003', '\u001f']
const MARK = new RegExp(`${START}([^${END}]*)${END}`, 'g')
/** Marks that follow each other are meant together. */
const MARKS = new RegExp(`(?:${START}[^${END}]*${END})+`, 'g')
/** Between the parts of a line that says what keys do. */
const PARTS = ' · '

/** Stands for the key of an action in a place; `argument`: of the row that gives the action this. */
export function key(action: ActionId, place: KeyPlace = 'overlay', argument = ''): string {
  return START + [action, place, argument].join(BETWEEN) + END
}

/** Keys that are meant together, in a window: '↑↓', 'Ctrl-P/Ctrl-N'. */
export function keys(...actions: readonly ActionId[]): string {
  return actions.map((action) => key(action)).join('')
}

/** The catalogue with the live keys in it. */
export function withLiveKeys<T>(words: T, keymap: Keymap): T {
  return everyText(words, (text) => putKeys(text, keymap)) as T
}

/** Every text of a value, also those that its functions make, as `change` has it. */
export function everyText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (typeof value === 'function') {
    return (...all: readonly unknown[]) => everyText(value(...all), change)
  }
  if (Array.isArray(value)) return value.map((each) => everyText(each, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, everyText(each, change)]),
  )
}

/** What has no key any more is left out of a line of keys; in a sentence its command stands instead. */
function putKeys(text: string, keymap: Keymap): string {
  if (!text.includes(START)) return text
  const parts = text.split(PARTS)
  const reachable = parts.filter((part) => hasKey(part, keymap))
  const shown = reachable.length === 0 ? parts : reachable
  return shown
    .map((part) => part.replace(MARKS, (marks) => joinedLabels(labelsOf(marks, keymap))))
    .join(PARTS)
}

function hasKey(part: string, keymap: Keymap): boolean {
  const marks = marksIn(part)
  return marks.length === 0 || marks.some((mark) => liveKey(mark, keymap) !== undefined)
}

function labelsOf(marks: string, keymap: Keymap): readonly string[] {
  const labels = marksIn(marks).map((mark) => labelOf(mark, keymap))
  return labels.filter((label) => label !== '')
}

function marksIn(text: string): readonly string[] {
  return Array.from(text.matchAll(MARK), ([, mark = '']) => mark)
}

/** Keys that are meant together: those of one character each need nothing between them. */
export function joinedLabels(labels: readonly string[]): string {
  return labels.join(labels.every((label) => label.length === 1) ? '' : '/')
}

function labelOf(mark: string, keymap: Keymap): string {
  const live = liveKey(mark, keymap)
  if (live !== undefined) return keyLabel(live)
  const [action = ''] = mark.split(BETWEEN)
  const command = isActionName(action) ? actionNames[action].commands?.[0] : undefined
  return command === undefined ? '' : `/${command}`
}

/** In the place where it is read, or else anywhere. */
function liveKey(mark: string, keymap: Keymap): string | undefined {
  const [action, place, argument] = mark.split(BETWEEN) as [ActionId, KeyPlace, string]
  const here = keyInPlace(keymap, place, action, argument)
  return here ?? (argument === '' ? keysOfAction(keymap, action)[0] : undefined)
}
