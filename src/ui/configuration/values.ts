import { didYouMean } from '../../protocol/near-word.ts'
import type { Choice, Count, Option } from './options.ts'

/** A value as the option wants it, or why it is none. */
export type Read = Readonly<{ value: unknown }> | Readonly<{ fault: string }>

/** Reads a value of the file, or of a flag or variable, for an option. */
export function readValue(option: Option, value: unknown): Read {
  return readers[option.kind](option as never, value)
}

/** The same of a text, as flags and variables have it. */
export function readText(option: Option, text: string): Read {
  if (option.kind === 'toggle') return readToggleText(text)
  return readValue(option, option.kind === 'count' ? Number(text || Number.NaN) : text)
}

/** What may stand there, for documents: 'one of "dark", "light"'. */
export function allowed(option: Option): string {
  return kinds[option.kind](option as never)
}

type Readers = {
  [K in Option['kind']]: (option: Extract<Option, { kind: K }>, value: unknown) => Read
}

const readers: Readers = {
  choice: readChoice,
  toggle: (_, value) =>
    typeof value === 'boolean'
      ? { value }
      : wrong(value, 'neither true nor false (without quotes)'),
  count: readCount,
  text: (_, value) => (typeof value === 'string' ? { value } : wrong(value, 'no text in quotes')),
  words: (_, value) => readWords(value),
  bindings: (_, value) => wrong(value, 'no table of keys'),
}

function readChoice({ values }: Choice, value: unknown): Read {
  if (values.some((one) => one === value)) return { value }
  const known = values.join(', ')
  const hint = typeof value === 'string' ? didYouMean(value, values) : ''
  return { fault: `${shown(value)} is none of ${known}${hint}` }
}

function readCount({ range: [least, greatest] }: Count, value: unknown): Read {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= greatest) {
    return { value }
  }
  return wrong(value, `no whole number from ${least} to ${greatest}`)
}

function readWords(value: unknown): Read {
  if (Array.isArray(value) && value.every((word) => typeof word === 'string')) return { value }
  if (typeof value !== 'string') return wrong(value, 'no list of texts, like ["notify-send"]')
  if (!/\s/.test(value)) return { value: value === '' ? [] : [value] }
  const list = value.trim().split(/\s+/).map(shown).join(', ')
  return { fault: `a command is a list of its words: [${list}]` }
}

const TOGGLES: Readonly<Record<string, boolean>> = {
  '1': true,
  true: true,
  yes: true,
  on: true,
  '0': false,
  false: false,
  no: false,
  off: false,
}

function readToggleText(text: string): Read {
  const word = text.toLowerCase()
  const value = Object.hasOwn(TOGGLES, word) ? TOGGLES[word] : undefined
  return value === undefined ? wrong(text, 'neither true nor false') : { value }
}

function wrong(value: unknown, what: string): Read {
  return { fault: `${shown(value)} is ${what}` }
}

function shown(value: unknown): string {
  return value instanceof Date ? value.toISOString() : (JSON.stringify(value) ?? String(value))
}

const kinds: { [K in Option['kind']]: (option: Extract<Option, { kind: K }>) => string } = {
  choice: ({ values }) => values.map((value) => `"${value}"`).join(', '),
  toggle: () => 'true, false',
  count: ({ range: [least, greatest] }) => `${least} to ${greatest}`,
  text: () => 'a text',
  words: () => 'a list of texts',
  bindings: () => 'a table',
}
