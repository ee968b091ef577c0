import { nearWord } from '../../protocol/near-word.ts'
import type { AdminVerb, Verb } from '../../server/admin/verb.ts'
import { verbs } from '../../server/admin/verbs.ts'
import { UsageError } from '../errors.ts'

/** What a person wrote behind `tchat admin`. */
export type Wanted = Readonly<{ verb: AnyVerb; target: string; value: string }>
type AnyVerb = AdminVerb | keyof typeof FOLDER_VERBS

/** Not verbs of a server: what is done to the folder of one. */
const FOLDER_VERBS = {
  restore: {
    args: 'FILE',
    meaning: 'make a data folder, which must be empty, of a backup; then start a server on it',
    owner: true,
  },
  copy: {
    args: '',
    meaning:
      'copy the data folder of a stopped server into an empty PostgreSQL database (--to URL)',
    owner: true,
  },
} as const

/** `endGroup` is written `end-group`. */
function verbText(verb: string): string {
  return verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** Every verb with its arguments and meaning, as the help and the documents list them. */
export function verbRows(): readonly VerbRow[] {
  const rows: Readonly<Record<string, Pick<Verb, 'args' | 'meaning' | 'owner'>>> = {
    ...verbs,
    ...FOLDER_VERBS,
  }
  return Object.entries(rows).map(([verb, { args, meaning, owner }]) => ({
    usage: `${verbText(verb)} ${args}`.trim(),
    meaning,
    owner: owner === true,
  }))
}

/** `owner`: only for who owns the data folder. */
type VerbRow = Readonly<{ usage: string; meaning: string; owner: boolean }>

/** @throws UsageError */
export function parseAdminArguments(input: readonly string[]): Wanted {
  const [word, ...rest] = input
  if (word === undefined) throw new UsageError(`what is to be done?\n${verbList()}`)
  const verb = verbOf(word)
  const { args } = isFolderVerb(verb) ? FOLDER_VERBS[verb] : verbs[verb]
  const needed = args
    .replace(/\[.*\]/, '')
    .split(' ')
    .filter(Boolean).length
  const usage = `tchat admin ${verbText(verb)} ${args}`.trim()
  if (rest.length < needed) throw new UsageError(`something is missing: '${usage}'`)
  const most = args.includes('[REASON]') ? Number.POSITIVE_INFINITY : mostOf(args)
  // What is too much may be a secret: it is not repeated.
  if (rest.length > most) throw new UsageError(`there is an argument too many: '${usage}'`)
  const [target = '', ...more] = rest
  return { verb, target, value: more.join(' ') }
}

function verbList(): string {
  const rows = verbRows()
  const width = Math.max(...rows.map(({ usage }) => usage.length)) + 2
  return rows.map(({ usage, meaning }) => `    ${usage.padEnd(width)}${meaning}`).join('\n')
}

/** Words, of alternatives the longest. */
function mostOf(args: string): number {
  const plain = args.replace(/[[\]]/g, '')
  return Math.max(...plain.split(' | ').map((part) => part.split(' ').filter(Boolean).length))
}

/** It is done here, and no server is asked. */
export function isFolderVerb(verb: AnyVerb): verb is keyof typeof FOLDER_VERBS {
  return Object.hasOwn(FOLDER_VERBS, verb)
}

function verbOf(word: string): AnyVerb {
  const names = [...Object.keys(verbs), ...Object.keys(FOLDER_VERBS)] as AnyVerb[]
  const found = names.find((name) => verbText(name) === word)
  if (found !== undefined) return found
  const near = nearWord(word, names.map(verbText))
  const guess = near === undefined ? '' : ` (did you mean '${near}'?)`
  throw new UsageError(`unknown verb '${word}'${guess}; 'tchat admin' lists what there is`)
}
