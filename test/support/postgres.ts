import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'
import { startedServer } from './postgres-server.ts'

/** Whether there is a PostgreSQL server to test with. */
export const postgresIsHere = inject('postgresFolder') !== ''

let database: Promise<string> | undefined
let schemas = 0

/**
 * Where a test finds a schema of its own, of whose name its connections are. It ends with the server of
 * the test run. Tests of another file have another database, and so locks of their own.
 */
export async function emptySchema(): Promise<string> {
  database ??= newDatabase()
  const base = await database
  schemas += 1
  const schema = `t${process.pid}_${schemas}`
  await runSql(base, `CREATE SCHEMA ${schema}`)
  return `${base}?options=-csearch_path%3D${schema}&application_name=${schema}`
}

async function newDatabase(): Promise<string> {
  const server = await startedServer(inject('postgresFolder'))
  const name = `f${randomBytes(8).toString('hex')}`
  await runSql(server, `CREATE DATABASE ${name}`)
  return server.replace(/[^/]*$/, name)
}

/** Rows of the last statement. */
export async function runSql(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(sql)
    return rows as unknown[]
  } finally {
    await client.end()
  }
}
