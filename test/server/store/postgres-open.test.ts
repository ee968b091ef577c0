import { mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { makeOwnerSecret } from '../../../src/server/admin/owner-secret.ts'
import { openPostgresStore } from '../../../src/server/store/postgres/postgres.ts'
import { withSharedFiles } from '../../../src/server/store/postgres/shared-files.ts'
import { emptySchema, postgresIsHere, runSql } from '../../support/postgres.ts'
import { POSTGRES_LACKS } from '../../support/postgres-server.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

beforeEach(({ skip }) => skip(!postgresIsHere, POSTGRES_LACKS))

const onAppended = () => undefined

test('a store that cannot be reached is named, without its password', async () => {
  const url = 'postgres://ann:secret@127.0.0.1:1/chat'
  const opening = openPostgresStore({ url, onAppended })
  await expect(opening).rejects.toThrow(
    'the store postgres://ann@127.0.0.1:1/chat cannot be used: nothing listens there',
  )
})

test('a database of a newer tchat is refused, and stays as it is', async () => {
  const url = await emptySchema()
  await (await openPostgresStore({ url, onAppended })).close()
  await runSql(url, 'UPDATE tchat_version SET version = 999')
  await expect(openPostgresStore({ url, onAppended })).rejects.toThrow(/version 999.*newer tchat/)
  expect(await runSql(url, 'SELECT version FROM tchat_version')).toEqual([{ version: 999 }])
})

test('other tables are not written over', async () => {
  const url = await emptySchema()
  await runSql(url, 'CREATE TABLE users (mine text)')
  await expect(openPostgresStore({ url, onAppended })).rejects.toThrow(
    /other tables are in the way/,
  )
  expect(await runSql(url, 'SELECT * FROM users')).toEqual([])
})

test('who only looks makes no tables', async () => {
  const url = await emptySchema()
  const opening = openPostgresStore({ url, onAppended, upgrade: false })
  await expect(opening).rejects.toThrow("there is no server's data")
  const made = 'SELECT 1 FROM pg_tables WHERE schemaname = current_schema()'
  expect(await runSql(url, made)).toEqual([])
})

test('two nodes that start at once have one secret; a folder with another one is refused', async () => {
  const url = await emptySchema()
  const folders = [0, 1].map(() => mkdtempSync(join(temporaryFolder(), 'node-')))
  const secrets = folders.map((folder) =>
    withSharedFiles(url, folder, async () => makeOwnerSecret(folder).toString('hex')),
  )
  const [one, other] = await Promise.all(secrets)
  expect(one).toBe(other)
  const [folder = ''] = folders
  expect(readFileSync(join(folder, 'operator.secret'), 'utf8').trim()).toBe(one)
  const strange = temporaryFolder()
  makeOwnerSecret(strange)
  await expect(withSharedFiles(url, strange, async () => '')).rejects.toThrow(
    /another server's than the one in the database/,
  )
})
