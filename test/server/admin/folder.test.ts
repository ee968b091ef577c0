import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { openFolder, verifyOffline } from '../../../src/server/admin/folder.ts'
import { OldDatabase } from '../../support/old-database.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('who looks at an older database does not upgrade it', async () => {
  const folder = temporaryFolder()
  {
    using old = new OldDatabase(folder)
    old.user('ann', 'hash')
  }
  const words = /was written by an older tchat: start a server on it once/
  await expect(openFolder(folder)).rejects.toThrow(words)
  expect(() => verifyOffline(folder)).toThrow(words)
  expect(readdirSync(folder)).not.toContain('tchat.db.v1')
  using db = new DatabaseSync(join(folder, 'tchat.db'))
  expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 })
})
