import { shownUrl } from '../shown-url.ts'
import { StoreError } from '../store-error.ts'
import { PostgresError } from './link.ts'

/** Why a database cannot be used, by what PostgreSQL or the system says; `{}`: its own words. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: is PostgreSQL running, and is the port right?',
  ENOENT: 'nothing listens there: is PostgreSQL running, and is the path right?',
  ENOTFOUND: 'the host is not known',
  EAI_AGAIN: 'the host is not known',
  '28P01': 'the password is wrong, or the user is not known',
  '28000': 'the user may not connect: {}',
  '3D000': 'there is no such database: make one with createdb',
  '42501': 'the user may not make tables there: {}',
  '42P07': 'other tables are in the way: give tchat a database, or a schema, of its own ({})',
  '53300': 'it has too many connections already',
  '57P03': 'it is just starting, or going down',
  '': 'no answer came',
}

/** One line for people. @throws what is a fault of the program */
export function openFault(error: unknown, url: string): string {
  if (error instanceof StoreError) return error.message
  if (!(error instanceof PostgresError)) throw error
  const said = error.message.split('\n')[0] ?? ''
  const words = WORDS[error.code] ?? '{}'
  return `the store ${shownUrl(url)} cannot be used: ${words.replace('{}', said)}`
}
