import type { Call } from './calls.ts'
import type { Conversations } from './log/conversations.ts'
import type { Journal } from './log/journal.ts'
import type { Users } from './people/users.ts'
import { type Database, prepare } from './statements.ts'

/** What the rules keep in memory between the statements of a transaction, and after it. */
export type Caches = Readonly<{ users: Users; conversations: Conversations; journal: Journal }>

/**
 * Whose fault it is that a transaction failed: the `disk` takes nothing, the `database` is away,
 * `another` transaction was in the way, or that of the `calls` themselves.
 */
export type Blame = 'disk' | 'database' | 'another' | 'calls'

/** How a transaction begins and ends on one kind of database, and what memory is worth in it. */
export interface Transactions {
  /** `calls`: what is carried out in it; none: the store's own work. */
  begin(calls?: readonly Call[]): void
  /** Further calls that came while it waited for its turn to write; undefined: it never waits. */
  join?(calls: readonly Call[]): void
  /** What was appended is durable, and will be found. */
  commit(): void
  /** After a failure: memory says what the tables say. */
  undo(): void
  blame(error: unknown): Blame
}

/** SQLite's result codes for a disk or a memory that fails: NOMEM, READONLY, IOERR, CORRUPT, FULL. */
const DISK_CODES: ReadonlySet<unknown> = new Set([7, 8, 10, 11, 13])

/** Nobody else writes: memory is right as long as no transaction fails. */
export function ownTransactions(db: Database, caches: Caches): Transactions {
  const { users, conversations, journal } = caches
  const begin = prepare(db, 'BEGIN')
  const commit = prepare(db, 'COMMIT')
  return {
    begin: () => {
      begin.run()
    },
    commit: () => {
      journal.finish()
      commit.run()
    },
    undo: () => {
      if (db.isTransaction) db.exec('ROLLBACK')
      users.forget()
      conversations.forget()
      journal.recover()
    },
    blame: (error) => (isOfDisk(error) ? 'disk' : 'calls'),
  }
}

function isOfDisk(error: unknown): boolean {
  const { errcode } = error as { errcode?: number }
  // The low byte; the rest says more exactly what failed.
  return errcode !== undefined && DISK_CODES.has(errcode & 0xff)
}
