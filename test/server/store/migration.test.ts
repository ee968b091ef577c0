import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import type { Entry, Head } from '../../../src/protocol/messages.ts'
import { Passwords } from '../../../src/server/passwords.ts'
import { nonceOf, OldDatabase } from '../../support/old-database.ts'
import type { RawClient } from '../../support/raw-client.ts'
import { CHEAP, nonce, PASSWORD, startServer } from '../../support/server.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { wholeLog } from '../../support/whole-log.ts'

const ANN_TOKEN = 7
const OLD_TOKEN = 8
const OPS_NONCE = 9
const TALK = 300
/** The last so many were still in the journal when the old server was killed. */
const IN_JOURNAL = 20
const UNREAD = 50
const LONG = '长'.repeat(2_000)

test('a database full of what the first version kept is upgraded, with a copy made before', async () => {
  const folder = await oldFolder()
  const before = countsIn(join(folder, 'tchat.db'))
  const server = await startServer({ folder })
  const { store } = server.services
  expect(await store.verify()).toMatchObject({ users: 4, conversations: 5, faults: [] })

  const copy = join(folder, 'tchat.db.v1')
  expect(countsIn(copy)).toEqual(before)
  expect(statSync(copy).mode & 0o777).toBe(0o600)
})

test('people of the first version come back with token and password and find what was theirs', async () => {
  const server = await startServer({ folder: await oldFolder() })
  const ann = server.guest()
  const token = Buffer.alloc(32, ANN_TOKEN)
  expect((await ann.ask({ type: 'logIn', token })).user?.name).toBe('Ann')
  const late = server.guest()
  const expired = { type: 'logIn', token: Buffer.alloc(32, OLD_TOKEN) } as const
  expect((await late.refusal(expired)).code).toBe('badToken')
  const zhang = await server.logIn('张三')

  const heads = await headsOf(ann)
  expect(unreadOf(heads)).toEqual({ lobby: 0, ops: 1, 张三: UNREAD })
  expect((await ann.ask({ type: 'listContacts' })).contacts).toMatchObject([
    { user: { name: '张三' } },
  ])
  const { members } = await ann.ask({ type: 'listMembers', group: 'ops' })
  expect(members.map(({ user, role }) => [user?.name, role])).toEqual([
    ['Ann', 'owner'],
    ['张三', 'member'],
  ])
  const talk = await wholeLog(ann, idOf(heads, '张三'))
  expect(talk.map(({ text }) => text)).toEqual(
    Array.from({ length: TALK }, (_, index) => saidIn(index)),
  )
  expect(await wholeLog(zhang, idOf(heads, '张三'))).toEqual(talk)
  expect(essence(await wholeLog(ann, idOf(heads, 'ops')))).toEqual([
    'created Ann',
    'added Ann bob',
    'joined 张三',
    'text bob 早上好 everyone',
    'quit bob',
    `text 张三 ${LONG}`,
  ])
  const { groups } = await ann.ask({ type: 'find', text: 'old' })
  expect(groups).toMatchObject([{ name: 'old', members: 0 }])
})

test('what was sent to the first version and is repeated keeps its place', async () => {
  const server = await startServer({ folder: await oldFolder() })
  const ann = await server.logIn('ann')
  const zhang = await server.logIn('张三')
  const heads = await headsOf(ann)
  const conversation = idOf(heads, '张三')
  // In its place, and in the journal.
  for (const { by, to, seq } of [
    { by: ann, to: '张三', seq: 1 },
    { by: zhang, to: 'Ann', seq: TALK },
  ]) {
    const draft = { type: 'sendDirect', to, nonce: nonceOf(numberOf(conversation), seq) } as const
    const again = await by.ask({ ...draft, text: saidIn(seq - 1) })
    expect(again).toMatchObject({ conversation, seq })
    expect((await by.refusal({ ...draft, text: 'another' })).code).toBe('nonceReused')
  }
  const made = { type: 'createGroup', name: 'ops', members: ['bob'] } as const
  const { group } = await ann.ask({ ...made, nonce: Buffer.alloc(16, OPS_NONCE) })
  expect(group?.id).toBe(idOf(heads, 'ops'))
})

test('what is new is there for what is old: edits, reactions, answers, search, roles, invites', async () => {
  const server = await startServer({ folder: await oldFolder() })
  const ann = await server.logIn('ann')
  const zhang = await server.logIn('张三')
  const heads = await headsOf(ann)
  const conversation = idOf(heads, '张三')
  await ann.ask({ type: 'edit', conversation, seq: 1, text: 'hello, edited' })
  await zhang.ask({ type: 'react', conversation, seq: 1, text: '👍' })
  await ann.ask({ type: 'deleteEntry', conversation, seq: 3 })
  const reply = { type: 'sendDirect', to: 'ann', nonce: nonce(), text: 'yes', reply: 1 } as const
  await zhang.ask(reply)
  const log = await wholeLog(ann, conversation)
  expect(log[0]).toMatchObject({ text: 'hello, edited', edited: true, reactions: [{ text: '👍' }] })
  expect(log[2]).toMatchObject({ kind: 'text', text: '' })
  expect(log.at(-1)).toMatchObject({ text: 'yes', target: 1 })
  expect(unreadOf(await headsOf(ann))).toMatchObject({ 张三: UNREAD + 1 })

  await expect.poll(() => found(ann, '早上')).toEqual(['早上好 everyone'])
  await expect.poll(() => found(zhang, 'edited')).toEqual(['hello, edited'])
  const group = idOf(heads, 'ops')
  await ann.ask({ type: 'setRole', group, user: '张三', role: 'admin' })
  expect((await zhang.ask({ type: 'createInvite', group })).invites).toHaveLength(1)
  expect((await server.services.store.verify()).faults).toEqual([])
})

async function oldFolder(): Promise<string> {
  const folder = temporaryFolder()
  const hash = await new Passwords(CHEAP).hash(PASSWORD)
  using old = new OldDatabase(folder)
  const [ann, bob, zhang] = ['Ann', 'bob', '张三', 'Zoë'].map((name) => old.user(name, hash))
  if (ann === undefined || bob === undefined || zhang === undefined) throw new Error('nobody')
  old.session(ann, ANN_TOKEN, Date.now() + 86_400_000)
  old.session(ann, OLD_TOKEN, 1)
  old.contact(ann, zhang)
  makeLobby(old, [ann, bob, zhang])
  makeOps(old, ann, bob, zhang)
  makeTalk(old, ann, zhang)
  const notes = old.direct(bob, bob)
  old.entry(notes, bob, 'text', { text: 'milk' })
  old.member(notes, bob, 1, old.last(notes))
  const left = old.group('old')
  old.entry(left, bob, 'created')
  old.entry(left, bob, 'quit')
  return folder
}

function makeLobby(old: OldDatabase, users: readonly number[]): void {
  const lobby = old.group('lobby')
  const joined = users.map((user) => ({ user, seq: old.entry(lobby, user, 'joined') }))
  for (const { user, seq } of joined) old.member(lobby, user, seq, { seq, n: 0 })
}

/** Bob was added by Ann and has quit; Ann has not read what 张三 said last. */
function makeOps(old: OldDatabase, ann: number, bob: number, zhang: number): void {
  const ops = old.group('ops')
  old.groupNonce(ann, OPS_NONCE, ops, ['ops', 'bob'])
  old.entry(ops, ann, 'created')
  old.entry(ops, ann, 'added', { subject: bob })
  const joined = old.entry(ops, zhang, 'joined')
  old.entry(ops, bob, 'text', { text: '早上好 everyone' })
  const read = old.last(ops)
  old.entry(ops, bob, 'quit')
  old.entry(ops, zhang, 'text', { text: LONG })
  old.member(ops, ann, 1, read, 'owner')
  old.member(ops, zhang, joined, old.last(ops))
}

/** They took turns; the last fifty are 张三's, and Ann has not read them. */
function makeTalk(old: OldDatabase, ann: number, zhang: number): void {
  const talk = old.direct(ann, zhang)
  let read = old.last(talk)
  for (let index = 0; index < TALK; index += 1) {
    const place = index < TALK - IN_JOURNAL ? 'entries' : 'journal'
    const sender = index % 2 === 0 && index < TALK - UNREAD ? ann : zhang
    old.entry(talk, sender, 'text', { text: saidIn(index), place })
    if (index + 1 === TALK - UNREAD) read = old.last(talk)
  }
  old.member(talk, ann, 1, read)
  old.member(talk, zhang, 1, old.last(talk))
}

function saidIn(index: number): string {
  return `${index}: ${['hello', '你好', '👋🏽 \t tab', "it's; --"][index % 4]}`
}

function countsIn(path: string): Readonly<Record<string, unknown>> {
  using db = new DatabaseSync(path, { readOnly: true })
  const tables = ['users', 'sessions', 'conversations', 'entries', 'journal', 'nonces']
  const all = [...tables, 'group_nonces', 'memberships', 'contacts']
  return Object.fromEntries(
    all.map((table) => [table, db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']]),
  )
}

async function headsOf(client: RawClient): Promise<readonly Head[]> {
  return (await client.ask({ type: 'sync' })).heads
}

function unreadOf(heads: readonly Head[]): Record<string, number> {
  return Object.fromEntries(heads.map((head) => [nameOf(head), head.n - head.readN]))
}

function idOf(heads: readonly Head[], name: string): string {
  return heads.find((head) => nameOf(head) === name)?.conversation ?? ''
}

/** Of the group, or of the other side. */
function nameOf({ name, peer }: Head): string {
  return peer?.name ?? name
}

function numberOf(conversation: string): number {
  return Number(/\d+/.exec(conversation)?.[0])
}

function essence(log: readonly Entry[]): readonly string[] {
  return log.map(({ kind, name, text, subject }) =>
    [kind, name, subject?.name ?? text].filter((word) => word !== '').join(' '),
  )
}

async function found(client: RawClient, text: string): Promise<readonly string[]> {
  const { hits } = await client.ask({ type: 'search', text })
  return hits.map(({ entry }) => entry?.text ?? '')
}
