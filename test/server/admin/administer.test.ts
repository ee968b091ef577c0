import { expect, test } from 'vitest'
import type { AdminVerb } from '../../../src/server/admin/verb.ts'
import { verbs } from '../../../src/server/admin/verbs.ts'
import { jsonLines } from '../../support/json-lines.ts'
import type { RawClient } from '../../support/raw-client.ts'
import { nonce, PASSWORD, startServer, type TestServer } from '../../support/server.ts'

const SECRET = Buffer.alloc(32, 7)

type Row = Readonly<Record<string, unknown>>

/** All rows of all reports. */
async function administer(
  client: RawClient,
  verb: AdminVerb,
  target = '',
  value = '',
  secret: Uint8Array = SECRET,
): Promise<readonly Row[]> {
  const rows: Row[] = []
  let after = ''
  do {
    const report = await client.ask({ type: 'administer', verb, target, value, after, secret })
    rows.push(...jsonLines<Row>(report.lines))
    after = report.next
  } while (after !== '')
  return rows
}

function start(): Promise<TestServer> {
  return startServer({ ownerSecret: SECRET })
}

async function refusal(client: RawClient, verb: AdminVerb, target = '', secret = SECRET) {
  return client.refusal({ type: 'administer', verb, target, secret })
}

test('a guest with the secret of the data folder may do everything, one without nothing', async () => {
  const server = await start()
  await server.register('ann')
  expect(await administer(server.guest(), 'users')).toMatchObject([{ user: 'ann' }])
  const none = Buffer.alloc(0)
  for (const verb of Object.keys(verbs) as AdminVerb[]) {
    expect((await refusal(server.guest(), verb, 'ann', none)).code).toBe('notLoggedIn')
    expect((await refusal(server.guest(), verb, 'ann', Buffer.alloc(32, 8))).code).toBe(
      'notAllowed',
    )
    expect((await refusal(server.guest(), verb, 'ann', Buffer.alloc(31, 7))).code).toBe(
      'notAllowed',
    )
  }
})

test('of accounts only an operator’s may, and only as long as it is one', async () => {
  const server = await start()
  const ann = await server.register('ann')
  const none = Buffer.alloc(0)
  for (const verb of Object.keys(verbs) as AdminVerb[]) {
    expect((await refusal(ann, verb, 'ann', none)).code).toBe('notAllowed')
  }
  await administer(server.guest(), 'operator', 'ann', 'on')
  expect(await administer(ann, 'operators', '', '', none)).toMatchObject([{ user: 'ann' }])
  await administer(server.guest(), 'operator', 'ann', 'off')
  expect((await refusal(ann, 'operators', '', none)).code).toBe('notAllowed')
})

test('what makes operators, or carries everything away, is for who owns the folder', async () => {
  const server = await start()
  const ann = await server.register('ann')
  await administer(server.guest(), 'operator', 'ann', 'on')
  const own = Object.entries(verbs).filter(([, verb]) => verb.owner === true)
  expect(own.map(([name]) => name).sort()).toEqual(['backup', 'export', 'operator'])
  for (const [name] of own) {
    expect((await refusal(ann, name as AdminVerb, 'x', Buffer.alloc(0))).code).toBe('notAllowed')
  }
})

test('an operator’s account cannot take over another operator', async () => {
  const server = await start()
  const ann = await server.register('ann')
  for (const name of ['bob', 'cleo']) await server.register(name)
  for (const name of ['ann', 'bob']) await administer(server.guest(), 'operator', name, 'on')
  for (const verb of ['ban', 'password', 'erase'] as const) {
    expect((await refusal(ann, verb, 'bob', Buffer.alloc(0))).code).toBe('notAllowed')
  }
  await administer(ann, 'ban', 'cleo', '', Buffer.alloc(0))
  await administer(server.guest(), 'ban', 'bob')
})

test('an operator does not put themselves out, and keeps the session in which their password changes', async () => {
  const server = await start()
  const ann = await server.register('ann')
  const other = await server.logIn('ann')
  await administer(server.guest(), 'operator', 'ann', 'on')
  for (const verb of ['kick', 'ban', 'erase'] as const) {
    expect(await refusal(ann, verb, 'ann', Buffer.alloc(0))).toMatchObject({
      code: 'notAllowed',
      text: expect.stringContaining('ann is the account that asks'),
    })
  }
  const [told] = await administer(ann, 'password', 'ann', '', Buffer.alloc(0))
  expect(told).toMatchObject({ user: 'ann', sessionsEnded: 1 })
  expect(await other.closed).toBe('revoked')
  expect(await administer(ann, 'operators', '', '', Buffer.alloc(0))).toHaveLength(1)
  const logIn = { type: 'logIn', name: 'ann', password: String(told?.['password']) } as const
  await server.guest().ask(logIn)
})

test('no password is set that could not be logged in with', async () => {
  const server = await start()
  await server.register('bob')
  const owner = server.guest()
  for (const value of ['1234567', 'é'.repeat(513)]) {
    const asked = { type: 'administer', verb: 'password', target: 'bob', value } as const
    expect((await owner.refusal({ ...asked, secret: SECRET })).code).toBe('weakPassword')
  }
  await administer(owner, 'password', 'bob', 'é'.repeat(512))
  await server.guest().ask({ type: 'logIn', name: 'bob', password: 'é'.repeat(512) })
})

test('who is kicked loses every connection and session, and can log in again', async () => {
  const server = await start()
  const bob = await server.register('bob')
  const other = await server.logIn('bob')
  const ann = await server.register('ann')
  const owner = server.guest()
  expect(await administer(owner, 'kick', 'bob')).toEqual([{ user: 'bob', sessionsEnded: 2 }])
  expect([await bob.closed, await other.closed]).toEqual(['revoked', 'revoked'])
  const again = server.guest()
  expect((await again.refusal({ type: 'logIn', token: bob.token })).code).toBe('badToken')
  await server.logIn('bob')
  await ann.barrier()
})

test('who is banned is put out, told why at the next log-in, and may come back after unban', async () => {
  const server = await start()
  const bob = await server.register('bob')
  const owner = server.guest()
  await administer(owner, 'ban', 'bob', 'spam and more')
  expect(await bob.closed).toBe('revoked')
  const logIn = { type: 'logIn', name: 'bob', password: PASSWORD } as const
  expect(await server.guest().refusal(logIn)).toMatchObject({
    code: 'banned',
    text: expect.stringContaining('spam and more'),
  })
  const wrong = { ...logIn, password: 'wrong password' }
  expect((await server.guest().refusal(wrong)).code).toBe('wrongLogin')
  expect(await administer(owner, 'users')).toMatchObject([
    { banned: true, reason: 'spam and more' },
  ])
  await administer(owner, 'unban', 'bob')
  await server.logIn('bob')
})

test('a new password works at once, and nothing of the old log-ins does', async () => {
  const server = await start()
  const bob = await server.register('bob')
  const owner = server.guest()
  const told = await administer(owner, 'password', 'bob', 'quite a new one')
  expect(told).toEqual([{ user: 'bob', sessionsEnded: 1 }])
  expect(await bob.closed).toBe('revoked')
  const logIn = { type: 'logIn', name: 'bob' } as const
  expect((await server.guest().refusal({ ...logIn, password: PASSWORD })).code).toBe('wrongLogin')
  await server.guest().ask({ ...logIn, password: 'quite a new one' })
  const [made] = await administer(owner, 'password', 'bob')
  expect(made?.['password']).toMatch(/^[a-z2-9]{16}$/)
  await server.guest().ask({ ...logIn, password: String(made?.['password']) })
  const short = { type: 'administer', verb: 'password', target: 'bob', value: '1234567' } as const
  expect((await owner.refusal({ ...short, secret: SECRET })).code).toBe('weakPassword')
})

test('sessions are listed with who they are, never with their tokens', async () => {
  const server = await start()
  const bob = await server.register('bob')
  const [row] = await administer(server.guest(), 'sessions', 'bob')
  expect(row).toMatchObject({ user: 'bob', device: 'test' })
  expect(JSON.stringify(row)).not.toContain(Buffer.from(bob.token).toString('hex'))
  expect(String(row?.['session'])).toHaveLength(16)
})

test('an invite of the operator lets in as many as it says, until it is revoked', async () => {
  const server = await start()
  const bob = await server.register('bob')
  const owner = server.guest()
  await administer(owner, 'invites')
  const [made] = await administer(owner, 'invite', '', '3 2')
  expect(made).toMatchObject({ uses: 3 })
  const code = String(made?.['code'])
  expect(await administer(owner, 'invites')).toMatchObject([{ code, uses: 3, used: 0, by: '' }])
  await administer(owner, 'revoke', code)
  expect(await administer(owner, 'invites')).toEqual([])
  expect((await refusal(owner, 'revoke', code)).code).toBe('badInvite')
  const wrong = { type: 'administer', verb: 'invite', value: 'many', secret: SECRET } as const
  expect((await owner.refusal(wrong)).code).toBe('badRequest')
  await bob.barrier()
})

test('what was erased is gone for those who were there, and its writer’s name stays taken', async () => {
  const server = await start()
  const [ann, bob] = [await server.register('ann'), await server.register('bob')]
  const say = (to: string, text: string) =>
    ann.ask({ type: 'sendDirect', to, nonce: nonce(), text })
  const { conversation } = await say(bob.id, 'one')
  for (let at = 0; at < 120; at += 1) await say(bob.id, `more ${at}`)
  await bob.ask({ type: 'sendDirect', to: ann.id, nonce: nonce(), text: 'mine' })
  const owner = server.guest()
  const rows = await administer(owner, 'erase', 'ann')
  const blanked = rows.reduce((sum, row) => sum + Number(row['textsBlanked']), 0)
  expect(blanked).toBe(121)
  expect(await ann.closed).toBe('revoked')
  const texts: string[] = []
  for (let after = 0; ; ) {
    const query = after === 0 ? { around: 1 } : { after }
    const page = await bob.ask({ type: 'getPage', conversation, ...query })
    if (page.entries.length === 0) break
    for (const entry of page.entries) if (entry.kind === 'text') texts.push(entry.text)
    after = page.entries.at(-1)?.seq ?? 0
  }
  expect(texts.filter((text) => text !== '')).toEqual(['mine'])
  expect(texts).toHaveLength(122)
  const again = { type: 'register', name: 'ANN', password: PASSWORD } as const
  expect((await server.guest().refusal(again)).code).toBe('nameTaken')
  expect(await administer(owner, 'erase', 'ann')).toEqual([{ user: 'ann', textsBlanked: 0 }])
  expect(await administer(owner, 'verify')).toMatchObject([{ faults: 0 }])
  expect((await refusal(owner, 'erase', 'nobody')).code).toBe('unknownUser')
})

test('a group that is ended is gone for its members', async () => {
  const server = await start()
  const [ann, bob] = [await server.register('ann'), await server.register('bob')]
  const made = await ann.ask({ type: 'createGroup', nonce: nonce(), name: 'ops', members: ['bob'] })
  const group = made.group?.id ?? ''
  await ann.ask({ type: 'sendGroup', group, nonce: nonce(), text: 'hi' })
  const owner = server.guest()
  expect(await administer(owner, 'endGroup', 'ops')).toEqual([{ group: 'ops', ended: true }])
  expect((await bob.refusal({ type: 'listMembers', group: 'ops' })).code).toBe('unknownGroup')
  expect(await administer(owner, 'groups')).toMatchObject([{ group: 'lobby' }])
  expect(await administer(owner, 'verify')).toMatchObject([{ faults: 0 }])
})

test('status counts, and says who is connected', async () => {
  const server = await start()
  await server.register('ann')
  const [row] = await administer(server.guest(), 'status')
  expect(row).toMatchObject({ online: 1, users: 1, groups: 1, sessions: 1 })
})

test('a verb that this server does not know is refused', async () => {
  const server = await start()
  expect((await refusal(server.guest(), 'unknown' as AdminVerb)).code).toBe('badRequest')
})

test('what operators do is logged without arguments that may be secrets', async () => {
  const lines: string[] = []
  const write = (event: string, fields = {}) => lines.push(JSON.stringify({ event, ...fields }))
  const log = { debug: write, info: write, warn: write, error: write }
  const server = await startServer({ ownerSecret: SECRET, log })
  await server.register('bob')
  await administer(server.guest(), 'password', 'bob', 'known to nobody')
  expect(lines.join()).toContain('"verb":"password"')
  expect(lines.join()).not.toContain('known to nobody')
})
