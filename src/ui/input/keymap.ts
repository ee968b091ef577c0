import {
  type ActionId,
  type Binding,
  MENU_KEY,
  type When,
  type Where,
  type WindowPlace,
} from './bindings.ts'

/** Where the keys go now. */
export type KeyPlace = 'compose' | 'log' | 'lists' | 'filter' | 'overlay' | WindowPlace

/** What a binding may depend on, see When. */
export type Situation = Readonly<Partial<Record<When, boolean>>>

/** What a key does; `argument` is given to the action. */
export type Meaning = Readonly<{ action: ActionId; argument: string }>

/** Keys and their actions, a value: rebinding makes another one. */
export type Keymap = Readonly<{
  bindings: readonly Binding[]
  /** By where and key, see slot; the conditional ones first. */
  slots: ReadonlyMap<string, readonly Binding[]>
}>

/** Two bindings of which one can never be reached. */
export type Conflict = Readonly<{
  key: string
  where: Where
  actions: readonly [ActionId, ActionId]
}>

/** In which order the bindings of a place are asked. A menu key is asked everywhere but in overlays. */
export const ASKED: Record<KeyPlace, readonly Where[]> = {
  compose: ['compose', 'text', 'anywhere'],
  log: ['log', 'anywhere'],
  lists: ['lists', 'anywhere'],
  filter: ['filter', 'text', 'anywhere'],
  overlay: ['overlay', 'text'],
  search: ['search', 'overlay', 'text'],
  members: ['members', 'overlay'],
  group: ['group', 'overlay'],
  account: ['account', 'overlay'],
  list: ['list', 'overlay'],
  share: ['share', 'overlay'],
  invite: ['invite', 'overlay'],
  longText: ['longText', 'overlay'],
  catchUp: ['catchUp', 'overlay'],
  peek: ['peek', 'overlay'],
  links: ['links', 'overlay'],
}

/** Whether a window of this type has keys of its own. */
export function isWindowPlace(type: string): type is WindowPlace {
  return Object.hasOwn(ASKED, type)
}

/** The bindings by place and key, as `actionFor` looks them up. */
export function createKeymap(bindings: readonly Binding[]): Keymap {
  const slots = new Map<string, Binding[]>()
  for (const binding of bindings) {
    for (const key of binding.keys) {
      const at = slot(binding.where, key)
      slots.set(at, [...(slots.get(at) ?? []), binding])
    }
  }
  for (const [at, found] of slots) slots.set(at, found.toSorted(conditionalFirst))
  return { bindings, slots }
}

/**
 * What a key means. `prefix`: the keys pressed before it that wait for another, '' or 'ctrl+x'.
 * undefined: nothing; in a place that takes text it writes what it writes.
 */
export function actionFor(
  keymap: Keymap,
  place: KeyPlace,
  key: string,
  situation: Situation,
  prefix = '',
): Meaning | undefined {
  const sequence = prefix === '' ? key : `${prefix} ${key}`
  for (const where of ASKED[place]) {
    const found = keymap.slots.get(slot(where, sequence)) ?? []
    const holding = found.find(({ when }) => when === undefined || situation[when] === true)
    if (holding) return { action: holding.action, argument: holding.argument ?? '' }
  }
  return undefined
}

/**
 * The key that a hint names, of those that the action (with this argument) has in a place: one's own
 * before those that are shipped.
 */
export function keyInPlace(
  { bindings }: Keymap,
  place: KeyPlace,
  action: ActionId,
  argument = '',
): string | undefined {
  const asked = ASKED[place]
  const meant = bindings.filter(
    (each) =>
      each.action === action &&
      (argument === '' || each.argument === argument) &&
      asked.includes(each.where),
  )
  const rank = (row: Binding): number =>
    // A key that does it with something behind it is not meant where nothing is said of that.
    (row.argument === undefined || argument !== '' ? 0 : 2 * asked.length) +
    // One's own behind the menu key is longer than what a place has by itself.
    (row.own && !isBehindMenu(row) ? 0 : asked.length) +
    asked.indexOf(row.where) -
    (row.own ? 0.5 : 0)
  return meant.toSorted((one, other) => rank(one) - rank(other))[0]?.keys[0]
}

function isBehindMenu({ keys: [first = ''] }: Binding): boolean {
  return first.startsWith(`${MENU_KEY} `)
}

/** The keys of an action, for hints, each once. */
export function keysOfAction(keymap: Keymap, action: ActionId): readonly string[] {
  const rows = keymap.bindings.filter((binding) => binding.action === action)
  const ranked = rows.toSorted((one, other) => hintRank(one) - hintRank(other))
  return [...new Set(ranked.flatMap(({ keys }) => keys))]
}

/** The lower, the sooner a hint names it: what works in most places, as one wants it. */
function hintRank({ own, when, where, argument }: Binding): number {
  if (argument !== undefined) return 3
  // A letter of one's own counts where nothing is written, and there alone.
  if (own && where !== 'log' && where !== 'lists') return 0
  return when === undefined ? 1 : 2
}

/**
 * Rows of the menu, in the order of the table: what may follow Ctrl-X. Twins of editing keys work
 * there, too, but only the help names them.
 */
export function menuRows(keymap: Keymap): readonly Readonly<{ keys: string; action: ActionId }>[] {
  const rows = new Map<ActionId, string[]>()
  for (const { action, keys } of keymap.bindings) {
    if (action.startsWith('edit.')) continue
    for (const key of keys) {
      if (key.startsWith(`${MENU_KEY} `)) append(rows, action, key.slice(MENU_KEY.length + 1))
    }
  }
  return [...rows].map(([action, keys]) => ({ action, keys: rangeLabel(keys) }))
}

/** What is bound in one part of the screen, in the order of the table. */
export function bindingsOf({ bindings }: Keymap, where: Where): readonly Binding[] {
  return bindings.filter((binding) => binding.where === where)
}

/** Rows of the help for one part of the screen. */
export function helpRows(
  keymap: Keymap,
  where: Where,
): readonly Readonly<{ keys: string; action: ActionId }>[] {
  const rows = new Map<ActionId, string[]>()
  for (const binding of keymap.bindings) {
    if (binding.where !== where) continue
    for (const key of binding.keys) append(rows, binding.action, keyLabel(key))
  }
  return [...rows].map(([action, labels]) => ({ action, keys: rangeLabel(labels) }))
}

/** Every pair of bindings that claim one key in one place under one condition. */
export function conflictsOf(bindings: readonly Binding[]): readonly Conflict[] {
  return [...createKeymap(bindings).slots].flatMap(([at, found]) => {
    const [where, key] = splitSlot(at)
    const seen = new Map<When | undefined, ActionId>()
    return found.flatMap(({ action, when }): Conflict[] => {
      const first = seen.get(when)
      seen.set(when, action)
      return first === undefined ? [] : [{ key, where, actions: [first, action] }]
    })
  })
}

/** A key as people write it: 'Ctrl-X c', 'Alt-Enter', 'PgUp', '↑'. */
export function keyLabel(sequence: string): string {
  return sequence.split(' ').map(oneLabel).join(' ')
}

function oneLabel(key: string): string {
  // '+' itself is a key, too.
  const parts = key.split(/\+(?=.)/)
  const last = parts.at(-1) ?? ''
  const modifiers = parts.slice(0, -1).map((one) => `${capitalised(one)}-`)
  const capital = modifiers.length > 0 || /^f\d+$/.test(last)
  return modifiers.join('') + (LABELS[last] ?? (capital ? last.toUpperCase() : last))
}

const LABELS: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  enter: 'Enter',
  esc: 'Esc',
  tab: 'Tab',
  backspace: 'Backspace',
  delete: 'Del',
  space: 'Space',
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** Nine digits in a row are written as a range. */
function rangeLabel(labels: readonly string[]): string {
  const digits = labels.filter((label) => /^(?:.*[- ])?[1-9]$/.test(label))
  if (digits.length < 3) return labels.join(', ')
  const kinds = new Map<string, string[]>()
  for (const label of digits) append(kinds, label.slice(0, -1), label.slice(-1))
  const ranges = [...kinds].map(([start, ends]) => `${start}${ends[0]}…${ends.at(-1)}`)
  return [...ranges, ...labels.filter((label) => !digits.includes(label))].join(', ')
}

function append<K>(map: Map<K, string[]>, key: K, value: string): void {
  const values = map.get(key)
  if (values) values.push(value)
  else map.set(key, [value])
}

function conditionalFirst(a: Binding, b: Binding): number {
  return Number(a.when === undefined) - Number(b.when === undefined)
}

function slot(where: Where, key: string): string {
  return `${where}:${key}`
}

function splitSlot(at: string): readonly [Where, string] {
  const colon = at.indexOf(':')
  return [at.slice(0, colon) as Where, at.slice(colon + 1)]
}
