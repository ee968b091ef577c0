import { messageOf } from '../../../protocol/errors.ts'
import { isRead } from '../batches.ts'
import type { Call } from '../calls.ts'
import type { Blame, Caches, Transactions } from '../transactions.ts'
import type { PostgresDatabase } from './database.ts'
import { PostgresError } from './link.ts'
import { ReadAhead } from './read-ahead.ts'

/** What every writer of the database takes, alone or with others. Any number but the migrations'. */
export const LOCK = 0x74636875

/** SQLSTATE of what another transaction is to blame for: serialisation, deadlock, a key taken. */
const CONFLICTS: ReadonlySet<string> = new Set(['40001', '40P01', '23505'])
/** Disk full; it may only be read. */
const DISK: ReadonlySet<string> = new Set(['53100', '25006'])
/**
 * It is going down or coming up, has too many connections; a statement or a transaction took too long
 * for it, which is seldom the fault of what was asked.
 */
const AWAY: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '53300', '57014', '25P03'])

/**
 * Several nodes write: what is in memory is right within one transaction only.
 * @param tell why the database is away; nothing: it is there
 */
export function sharedTransactions(
  db: PostgresDatabase,
  caches: Caches,
  tell: (reason?: string) => void = () => {},
): Transactions {
  const { users, conversations, journal } = caches
  const ahead = new ReadAhead(db)
  const forget = () => {
    users.forget()
    conversations.forget()
    journal.forget()
  }
  return {
    begin: (calls) => {
      forget()
      db.exec(beginFor(calls))
      ahead.read(calls ?? [])
    },
    join: (calls) => ahead.read(calls),
    commit: () => {
      journal.settleAll()
      journal.finish()
      db.exec('COMMIT')
      tell()
    },
    undo: () => {
      forget()
      if (db.isTransaction) db.exec('ROLLBACK')
    },
    blame: (error) => {
      const found = blame(error)
      if (found === 'database') tell(messageOf(error))
      return found
    },
  }
}

function beginFor(calls: readonly Call[] | undefined): string {
  if (calls?.every(isRead) === true) return 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'
  return `BEGIN; SELECT pg_advisory_xact_lock(${LOCK})`
}

/** Whether it says that the database cannot be asked now. */
export function isAway(error: unknown): boolean {
  return error instanceof PostgresError && (error.lost || AWAY.has(error.code))
}

function blame(error: unknown): Blame {
  if (isAway(error)) return 'database'
  if (!(error instanceof PostgresError)) return 'calls'
  if (DISK.has(error.code)) return 'disk'
  return CONFLICTS.has(error.code) ? 'another' : 'calls'
}
