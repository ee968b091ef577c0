import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { batchesOn } from '../../../src/server/store/operations.ts'
import { migrations } from '../../../src/server/store/schema.ts'

/** What may look through a table, and why that does not keep others waiting. */
const allowed: readonly (readonly [table: string, statement: RegExp, why: string])[] = [
  ['journal', /^SELECT id, .* FROM journal ORDER BY id$/, 'once, at the start'],
  ['journal', /^DELETE FROM journal WHERE (conversation|time) /, 'the journal is bounded'],
  ['journal', /^SELECT sender AS user FROM/, 'for operators only; the journal is bounded'],
  ['ended', /LIMIT 1$/, 'one row'],
  ['', /AS users, .* AS banned, .* AS freeBytes$/, 'for operators only, who are to be patient'],
]

/** Keeps what is prepared on it. */
class Listening extends DatabaseSync {
  readonly prepared: string[] = []

  override prepare(sql: string) {
    this.prepared.push(sql)
    return super.prepare(sql)
  }
}

test('no statement of the store looks through a table, but for some that say why they may', () => {
  const db = new Listening(':memory:')
  for (const migration of migrations) db.exec(migration)
  batchesOn(db)
  const statements = new Set(db.prepared.filter((sql) => !/^(BEGIN|COMMIT|PRAGMA)/.test(sql)))
  expect(statements.size).toBeGreaterThan(100)
  const found = [...statements].flatMap((sql) => scansOf(db, sql))
  const used = found.map(({ table, sql }) =>
    allowed.find(([where, which]) => table.startsWith(where) && which.test(sql)),
  )
  expect(found.filter((_, at) => used[at] === undefined)).toEqual([])
  expect(new Set(used)).toEqual(new Set(allowed))
})

function scansOf(db: DatabaseSync, sql: string): readonly { table: string; sql: string }[] {
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]
  return plan.flatMap(({ detail }) => {
    const [, table] = /^SCAN (.+)$/.exec(detail) ?? []
    // A result that was computed before is no table, nor is one that the statement names.
    const isTable = table !== undefined && !/^(CONSTANT ROW|\(|\d)/.test(table)
    return isTable && !sql.includes(`) AS ${table}`)
      ? [{ table, sql: sql.replace(/\s+/g, ' ') }]
      : []
  })
}
