import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyOffline } from '../../../src/server/admin/folder.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite.ts'
import { verifyDatabase } from '../../../src/server/store/upkeep/verify.ts'
import { makeFolder } from '../../support/server.ts'

let folder = ''

/** A closed data folder: ann and bob in a group, and with a conversation of their own. */
beforeAll(async () => {
  folder = await makeFolder()
  const store = await openSqliteStore({ folder, onAppended: () => undefined })
  const account = (name: string) => ({ name, passwordHash: 'x', time: 1, joins: 'lobby' })
  const ann = await store.createAccount({ ...account('ann'), invite: undefined })
  const bob = await store.createAccount({ ...account('bob'), invite: undefined })
  const say = (sender: string, kind: 'direct' | 'group', target: string, time: number) =>
    store.append({ sender, kind, target, nonce: randomBytes(16), text: 'hi', time })
  for (let at = 0; at < 9; at += 1) await say(ann.id, 'group', 'lobby', 10 + at)
  for (let at = 0; at < 9; at += 1) await say(bob.id, 'direct', 'ann', 10 + at)
  const session = { device: 'd', time: 4, expires: 9, passwordHash: undefined }
  await store.createSession({ ...session, user: ann.id, tokenHash: Buffer.alloc(32, 1) })
  await store.close()
})

afterAll(() => rm(folder, { recursive: true }))

test('an untouched folder is sound, and counts what it has', () => {
  expect(verifyOffline(folder)).toEqual({ users: 2, conversations: 2, entries: 20, faults: [] })
})

test.each([
  [
    'preferences of nobody',
    'INSERT INTO preferences VALUES (99, 1, 1, 0, 1, 0, 0)',
    'has preferences of who does not exist',
  ],
  ['a missing entry', 'DELETE FROM entries WHERE conversation = 1 AND seq = 5', 'entry 6 stands'],
  [
    'a missing beginning',
    'DELETE FROM entries WHERE conversation = 2 AND seq = 1',
    'entry 2 stands',
  ],
  ['a wrong count', 'UPDATE entries SET n = n + 1 WHERE conversation = 2 AND seq = 9', 'counts 10'],
  [
    'time that runs back',
    'UPDATE entries SET time = 1 WHERE conversation = 2 AND seq = 9',
    'older',
  ],
  [
    'another entry in the journal',
    `INSERT INTO journal (conversation, seq, time, sender, kind, n)
     SELECT conversation, seq, time, 1, kind, n FROM entries WHERE conversation = 2 AND seq = 9`,
    'another one in the journal',
  ],
  [
    'a hole before the journal',
    `INSERT INTO journal (conversation, seq, time, sender, kind, n)
     SELECT conversation, seq + 2, time, sender, kind, n + 1 FROM entries
     WHERE conversation = 2 AND seq = 9`,
    'entry 11 stands where 10 should',
  ],
  ['a cursor beyond the log', 'UPDATE memberships SET delivered = 99', 'are beyond'],
  [
    'read beyond delivered',
    'UPDATE memberships SET delivered = 0 WHERE read > 0',
    'the cursors of',
  ],
  [
    'a wrong count of what was read',
    'UPDATE memberships SET read_n = 0 WHERE read_n > 0',
    'has read 0',
  ],
  ['a wrong number of members', 'UPDATE conversations SET members = 7 WHERE id = 1', '7 members'],
  ['a lost nonce', 'DELETE FROM nonces WHERE conversation = 2', 'under its nonce'],
  ['a nonce of another entry', 'UPDATE nonces SET seq = 1 WHERE seq = 9', 'under its nonce'],
  ['an unknown writer', 'UPDATE entries SET sender = 9 WHERE seq = 2', 'a user who does not exist'],
  [
    'entries without a conversation',
    'DELETE FROM conversations WHERE id = 2',
    'in no conversation',
  ],
  ['sessions of a banned user', 'UPDATE users SET banned = 1', 'but has sessions'],
  ['sessions of nobody', 'UPDATE sessions SET user = 9', 'has sessions but does not exist'],
  [
    'a change by nothing',
    'UPDATE entries SET changed = 99 WHERE seq = 3',
    'was changed by an entry',
  ],
  [
    'a reaction to no text',
    "INSERT INTO reactions (conversation, seq, text, user) VALUES (1, 1, 'ok', 1)",
    'has a reaction but is no text',
  ],
  [
    'an invite used too often',
    "INSERT INTO invites (code, uses, used, created, expires) VALUES ('abcdefgh', 1, 2, 0, 0)",
    'has let in more people',
  ],
])('%s is found', (_, damage, words) => {
  const db = new DatabaseSync(join(folder, 'tchat.db'))
  try {
    db.exec('SAVEPOINT sound')
    db.exec(damage)
    const { faults } = verifyDatabase(db)
    expect(faults.join('\n')).toContain(words)
  } finally {
    db.exec('ROLLBACK TO sound; RELEASE sound')
    db.close()
  }
})

test('a file that SQLite finds damaged is not looked at any further', () => {
  const path = join(folder, 'damaged.db')
  const bytes = readFileSync(join(folder, 'tchat.db'))
  // In the header: how many pages are free.
  bytes.writeUInt32BE(5, 36)
  writeFileSync(path, bytes)
  const db = new DatabaseSync(path)
  const { faults, entries } = verifyDatabase(db)
  db.close()
  expect(faults.join('\n')).toMatch(/^the file: .*[Ff]reelist/)
  expect(entries).toBe(0)
})

test('of many faults the first hundred are named and the others counted', () => {
  const db = new DatabaseSync(join(folder, 'tchat.db'))
  try {
    db.exec('SAVEPOINT sound')
    db.exec(`WITH RECURSIVE one(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM one WHERE at < 250)
      INSERT INTO invites (code, uses, used, created, expires) SELECT 'c' || at, 1, 2, 0, 0 FROM one`)
    const { faults } = verifyDatabase(db)
    expect(faults).toHaveLength(101)
    expect(faults.at(-1)).toBe('and 150 more')
  } finally {
    db.exec('ROLLBACK TO sound; RELEASE sound')
    db.close()
  }
})

test('a folder without data, and one that is served, are not checked', async () => {
  expect(() => verifyOffline(join(folder, 'none'))).toThrow(/there is no server's data/)
  const store = await openSqliteStore({ folder, onAppended: () => undefined })
  try {
    expect(() => verifyOffline(folder)).toThrow(/is being served/)
  } finally {
    await store.close()
  }
})
