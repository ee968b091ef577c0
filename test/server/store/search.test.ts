import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import type { User } from '../../../src/protocol/messages.ts'
import { type Log, silentLog } from '../../../src/server/log.ts'
import { openFolderIndex } from '../../../src/server/store/search/index-thread.ts'
import { Search } from '../../../src/server/store/search/search.ts'
import type { SearchSource } from '../../../src/server/store/search/source.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite.ts'
import type { FoundText, Store } from '../../../src/server/store/store.ts'
import { newNonce, nextTime } from '../../support/counted.ts'
import { PLAIN_ENTRY } from '../../support/plain.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** For a busy machine: the thread of the index stands back. */

const damages: Readonly<Record<string, (path: string) => void>> = {
  'is missing': (path) => rmSync(path),
  'is no database': (path) => writeFileSync(path, 'x'.repeat(10_000)),
  'was cut': (path) => truncateSync(path, 8_192),
  'is empty': (path) => truncateSync(path, 0),
  'has damaged pages': (path) => {
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.fill(0xee, 8_192))
  },
  'has damaged pages further on': (path) => {
    const bytes = readFileSync(path)
    expect(bytes.length).toBeGreaterThan(60_000)
    writeFileSync(path, bytes.fill(0xee, 32_768))
  },
  'has lost what it knows': (path) => {
    alter(path, 'UPDATE lookup_data SET block = zeroblob(50) WHERE id > 10')
  },
  'is of another version': (path) => alter(path, 'PRAGMA user_version = 99'),
  'was made with another Unicode': (path) => alter(path, "UPDATE made SET unicode = '1.0'"),
  'lacks a table': (path) => alter(path, 'DROP TABLE made'),
  'lacks its words': (path) => alter(path, 'DROP TABLE lookup'),
}

test.each(Object.entries(damages))('an index that %s is made anew by itself', async (_, damage) => {
  const folder = temporaryFolder()
  const before = await opened(folder)
  for (let at = 0; at < 300; at += 1) await before.say(`word ${at} 数据库`)
  expect(await before.found('word 299')).toEqual(['word 299 数据库'])
  await before.store.close()
  damage(join(folder, 'search.db'))
  const after = await opened(folder)
  expect(await after.patientlyFound('word 7 数据库')).toContain('word 7 数据库')
  expect(await after.found('据')).toHaveLength(100)
  await after.say('word of today')
  expect(await after.found('today')).toEqual(['word of today'])
  expect(after.events).toContain('info the search index is being made')
  expect(after.events).toContain('info the search index is complete')
})

function indexIn(folder: string) {
  return () => openFolderIndex(folder)
}

test('an index that was whole is not made again', async () => {
  const folder = temporaryFolder()
  const before = await opened(folder)
  await before.say('word')
  expect(await before.found('word')).toHaveLength(1)
  await before.store.close()
  const after = await opened(folder)
  expect(await after.found('word')).toHaveLength(1)
  expect(after.events).toEqual([])
})

test('what was committed, but not taken in before the end, is found after the next start', async () => {
  const folder = temporaryFolder()
  const earlier = temporaryFolder()
  const before = await opened(folder)
  const { seq, conversation } = await before.say('the old word')
  expect(await before.found('word')).toEqual(['the old word'])
  await before.store.close()
  keepIndex(folder, earlier)
  const between = await opened(folder)
  await between.say('the new word')
  await between.edit(conversation, seq, 'the older saying')
  for (let at = 0; at < 600; at += 1) await between.say(`filling ${at}`)
  await between.store.close()
  keepIndex(earlier, folder)
  const after = await opened(folder)
  expect(await after.patientlyFound('word')).toEqual(['the new word'])
  expect(await after.found('old saying')).toEqual(['the older saying'])
  expect(await after.found('filling')).toHaveLength(100)
})

test('an index of a later log than the one that was put back does not stand in the way', async () => {
  const folder = temporaryFolder()
  const earlier = temporaryFolder()
  const before = await opened(folder)
  await before.say('kept word')
  await before.store.close()
  cpSync(folder, earlier, { recursive: true })
  const lost = await opened(folder)
  for (const text of ['lost word', 'another lost word']) await lost.say(text)
  expect(await lost.found('lost')).toHaveLength(2)
  await lost.store.close()
  for (const file of readdirSync(folder))
    if (file.startsWith('tchat.db')) rmSync(join(folder, file))
  copyFileSync(join(earlier, 'tchat.db'), join(folder, 'tchat.db'))
  const after = await opened(folder)
  expect(await after.patientlyFound('word')).toEqual(['kept word'])
  await after.say('new word')
  expect(await after.found('word')).toEqual(['new word', 'kept word'])
  await expect.poll(() => indexHas(folder, 'lost')).toBe(false)
})

test('many conversations are taken in, and only once', async () => {
  const folder = temporaryFolder()
  const { store, ann, say } = await opened(folder)
  for (let at = 0; at < 300; at += 1) {
    const account = { passwordHash: '', time: 1, joins: undefined }
    const { id } = await store.createAccount({ ...account, name: `u${at}` })
    await say(`word ${at}`, id)
  }
  await store.close()
  const after = await opened(folder)
  const texts: string[] = []
  for (let next = ''; ; ) {
    const query = { user: ann.id, text: 'word', conversation: '', limit: 40, maxBytes: 1e6 }
    const page = await after.store.search({ ...query, after: next })
    texts.push(...page.items.map(({ entry }) => entry.text))
    next = page.next
    if (next === '') break
  }
  expect(texts).toEqual(Array.from({ length: 300 }, (_, at) => `word ${299 - at}`))
})

test('a text that was deleted is not in the files of the index any more', async () => {
  const folder = temporaryFolder()
  const { say, found, edit, remove } = await opened(folder)
  const { conversation, seq } = await say('zebrafish plan')
  for (let at = 0; at < 50; at += 1) await say(`filling ${at}`)
  expect(await found('zebrafish')).toHaveLength(1)
  expect(indexHas(folder, 'zebrafish')).toBe(true)
  await edit(conversation, seq, 'hippopotamus plan')
  expect(await found('hippopotamus')).toHaveLength(1)
  await expect.poll(() => indexHas(folder, 'zebrafish')).toBe(false)
  await remove(conversation, seq)
  expect(await found('plan')).toEqual([])
  await expect.poll(() => indexHas(folder, 'hippopotamus')).toBe(false)
})

test('while the index is behind, what was deleted or edited since is not answered', async () => {
  const taken = ['same word', 'old word', 'gone word'].map((text, at) => {
    return { seq: at + 1, time: at + 1, text }
  })
  const now = new Map([
    [1, 'same word'],
    [2, 'new words'],
  ])
  const log = { conversation: 1, first: 1, last: 3 }
  const source: SearchSource = {
    readable: async () => [[1, 1]],
    extents: async (after) => (after === 0 ? [log] : []),
    changes: async () => [{ ...log, reached: 3, texts: taken }],
    hits: async (_user, places) => places.map(([, seq]) => foundAt(seq, now.get(seq))),
  }
  const search = new Search(indexIn(temporaryFolder()), source, silentLog)
  onTestFinished(() => search.close())
  const found = async (text: string) => {
    const query = { user: '~u1', text, conversation: '', after: '', limit: 9, maxBytes: 9_999 }
    return (await search.search(query)).items.map(({ entry }) => entry.text)
  }
  await expect.poll(() => found('word').catch(() => undefined)).toBeDefined()
  expect(await found('word')).toEqual(['new words', 'same word'])
  expect(await found('old')).toEqual([])
  expect(await found('gone')).toEqual([])
})

test('an answer that took several looks at the index has no more bytes than were asked for', async () => {
  const long = `word ${'x'.repeat(1_000)}`
  const log = { conversation: 1, first: 1, last: 4 }
  const texts = [1, 2, 3, 4].map((seq) => ({ seq, time: seq, text: long }))
  const source: SearchSource = {
    readable: async () => [[1, 1]],
    extents: async (after) => (after === 0 ? [log] : []),
    changes: async () => [{ ...log, reached: 4, texts }],
    // As the store does, at least one; that at 4 is gone by now.
    hits: async (_user, places) =>
      places.slice(0, 2).map(([, seq]) => foundAt(seq, seq === 4 ? undefined : long)),
  }
  const search = new Search(indexIn(temporaryFolder()), source, silentLog)
  onTestFinished(() => search.close())
  const page = (after: string) => {
    const query = { user: '~u1', text: 'word', conversation: '', after, limit: 2, maxBytes: 1_500 }
    return search.search(query).catch(() => undefined)
  }
  await expect.poll(() => page('')).toBeDefined()
  const seqs: number[][] = []
  for (let after = ''; ; ) {
    const { items, next } = (await page(after)) ?? { items: [], next: '' }
    seqs.push(items.map(({ entry }) => entry.seq))
    after = next
    if (next === '') break
  }
  expect(seqs).toEqual([[3], [2], [1]])
})

test('while the index is being made the answer says so', async () => {
  const never: SearchSource = {
    readable: async () => [[1, 1]],
    extents: () => new Promise(() => undefined),
    changes: async () => [],
    hits: async () => [],
  }
  const search = new Search(indexIn(temporaryFolder()), never, logInto([]), { patienceMs: 1 })
  const query = { user: '~u1', text: 'word', conversation: '', after: '', limit: 9, maxBytes: 999 }
  await expect(search.search(query)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('being made'),
    retryMs: expect.any(Number),
  })
})

test('a place where no index can be made stops search only, and is told to the log', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'search.db', 'in', 'the', 'way'), { recursive: true })
  const { say, found, events } = await opened(folder)
  await say('word')
  await expect(found('word')).rejects.toMatchObject({ code: 'unavailable' })
  await say('another word')
  expect(events).toContain('error the search index cannot be kept up')
})

async function opened(folder: string) {
  const events: string[] = []
  const store = await openSqliteStore({ folder, onAppended: () => {}, log: logInto(events) })
  onTestFinished(() => store.close())
  const [ann, bob] = [await person(store, 'ann'), await person(store, 'bob')]
  const say = (text: string, target = bob.id) => {
    const message = { sender: ann.id, kind: 'direct', target, nonce: newNonce(), text } as const
    return store.append({ ...message, time: nextTime() })
  }
  const found = async (text: string): Promise<readonly string[]> => {
    const query = { user: bob.id, text, conversation: '', after: '', limit: 100, maxBytes: 1e6 }
    return (await store.search(query)).items.map(({ entry }) => entry.text)
  }
  /** Asks again as long as the index is still being made. */
  const patientlyFound = async (text: string) => {
    await expect.poll(() => found(text).catch(() => undefined)).toBeDefined()
    return found(text)
  }
  const edit = (conversation: string, seq: number, text: string) =>
    store.edit({ user: ann.id, conversation, seq, text, time: nextTime() })
  const remove = (conversation: string, seq: number) =>
    store.deleteEntry({ user: ann.id, conversation, seq, time: nextTime() })
  return { store, ann, bob, say, found, patientlyFound, edit, remove, events }
}

async function person(store: Store, name: string): Promise<User> {
  const known = await store.findUser(name)
  return known ?? store.createAccount({ name, passwordHash: '', time: 1, joins: undefined })
}

function logInto(events: string[]): Log {
  const writer = (level: string) => (event: string) => events.push(`${level} ${event}`)
  return {
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
  }
}

function alter(path: string, sql: string): void {
  const db = new DatabaseSync(path, { defensive: false })
  db.exec(sql)
  db.close()
}

function keepIndex(from: string, to: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(join(to, `search.db${suffix}`), { force: true })
    const file = join(from, `search.db${suffix}`)
    if (existsSync(file)) copyFileSync(file, join(to, `search.db${suffix}`))
  }
}

function foundAt(seq: number, text: string | undefined): FoundText | undefined {
  if (text === undefined) return undefined
  const from = { from: '~u1', name: 'ann', kind: 'text', nonce: Buffer.alloc(0) } as const
  return { conversation: '~c1', entry: { ...PLAIN_ENTRY, ...from, seq, text, time: 1, n: 1 } }
}

function indexHas(folder: string, word: string): boolean {
  const files = readdirSync(folder).filter((file) => /^search\.db(-wal)?$/.test(file))
  return files.some((file) => readFileSync(join(folder, file)).includes(word))
}
