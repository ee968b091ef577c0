import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { openSqliteStore } from '../../../src/server/store/sqlite.ts'
import { jsonLines } from '../../support/json-lines.ts'
import { Shell, startRealServer } from '../../support/shell.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

let alice: Shell
let bob: Shell

beforeEach(async () => {
  const { address } = await startRealServer()
  alice = await Shell.of('alice', address)
  bob = await Shell.of('bob', address)
})

async function json(shell: Shell, ...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await shell.run([...args, '--json'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return jsonLines(stdout)
}

async function text(shell: Shell, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await shell.run(args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'WHEN')
}

test('ls: what is unread, the newest first', async () => {
  await alice.run(['send', '#lobby', '@bob', 'look'])
  await alice.run(['send', 'bob', 'hello'])
  expect(await text(bob, 'ls')).toBe('alice   WHEN  1 unread\n#lobby  WHEN  1 unread, 1 name you\n')
  const [first, second] = await json(bob, 'ls')
  expect(first).toMatchObject({ conversation: 'alice', kind: 'direct', unread: 1, last: 1 })
  expect(second).toMatchObject({ conversation: '#lobby', mentions: 1, members: 2, role: 'member' })
})

describe('history', () => {
  beforeEach(async () => {
    const stdin = Array.from({ length: 120 }, (_, at) => `line ${at + 1}`).join('\n')
    await alice.run(['send', '--lines', 'bob'], { stdin })
  })

  const seqs = async (...args: string[]) =>
    (await json(bob, 'history', 'alice', ...args)).map(({ seq }) => seq)

  test('the newest fifty, the oldest first', async () => {
    const all = await seqs()
    expect([all.length, all[0], all.at(-1)]).toEqual([50, 71, 120])
  })

  test('so many, before a seq, from a seq on', async () => {
    expect(await seqs('--limit', '2')).toEqual([119, 120])
    expect(await seqs('--limit', '2', '--before', '10')).toEqual([8, 9])
    expect(await seqs('--since', '117')).toEqual([118, 119, 120])
    expect(await seqs('--since', '3', '--limit', '2')).toEqual([4, 5])
    expect(await seqs('--since', '3', '--before', '6')).toEqual([4, 5])
    expect(await seqs('--since', '0')).toHaveLength(120)
    expect(await seqs('--since', '1h')).toHaveLength(120)
    expect(await seqs('--since', '2100-01-01')).toEqual([])
    expect(await seqs('--limit', '500')).toHaveLength(120)
  })

  test('nothing counts as delivered by it', async () => {
    await seqs()
    const [head] = await json(bob, 'ls')
    expect(head).toMatchObject({ conversation: 'alice', delivered: 0, read: 0 })
  })
})

test('groups: made, found, joined, left; members added and removed', async () => {
  expect(await text(alice, 'groups', 'create', '#ops', 'bob')).toBe('#ops  public  2 members\n')
  await text(alice, 'groups', 'create', 'den', '--private')
  expect(await json(bob, 'groups')).toEqual([
    { group: '#lobby', members: 2, joined: true, topic: '', access: 'public' },
    { group: '#ops', members: 2, joined: true, topic: '', access: 'public' },
  ])
  expect(await text(bob, 'groups', 'quit', 'ops')).toBe('left #ops\n')
  expect(await json(bob, 'groups', 'find', '#op')).toEqual([
    { group: '#ops', members: 1, joined: false, topic: '', access: 'public' },
  ])
  expect(await json(bob, 'groups', 'join', 'ops')).toMatchObject([{ group: '#ops', joined: true }])
  expect(await json(bob, 'groups', 'members', '#ops')).toEqual([
    { user: 'alice', role: 'owner', online: false },
    { user: 'bob', role: 'member', online: true },
  ])
  expect(await text(alice, 'groups', 'add', 'den', 'bob')).toBe('added bob\n')
  expect(await text(alice, 'groups', 'remove', 'den', 'bob')).toBe('removed bob\n')
  expect(await text(alice, 'groups', 'members', 'den')).toBe('alice  owner  online\n')
})

test('groups find prints every group, however many pages they are', async () => {
  const folder = temporaryFolder()
  const store = await openSqliteStore({ folder, onAppended: () => undefined })
  const account = { name: 'eve', passwordHash: '', time: 1, joins: undefined }
  const { id } = await store.createAccount(account)
  const names = Array.from({ length: 130 }, (_, at) => `room-${at + 1}`)
  for (const name of names) {
    await store.createGroup({ by: id, nonce: randomBytes(16), name, members: [], time: 1 })
  }
  await store.close()
  const { address } = await startRealServer({ folder })
  const found = await json(await Shell.of('dora', address), 'groups', 'find', 'room')
  expect(found.map(({ group }) => group).sort()).toEqual(names.map((name) => `#${name}`).sort())
})
