import { expect, test } from 'vitest'
import { PASSWORD, startServer, type TestServer } from '../support/server.ts'

const DAY_MS = 24 * 60 * 60 * 1_000

function wish(name: string, invite = '') {
  return { type: 'register', name, password: PASSWORD, invite } as const
}

/** As an operator makes them. */
async function invite(server: TestServer, code: string, uses = 1, expires = DAY_MS): Promise<void> {
  const { store } = server.services
  await store.createInvite({ by: undefined, code, group: '', uses, time: 0, expires })
}

test('where registration is closed nobody makes an account, with or without an invite', async () => {
  const server = await startServer({ registration: 'closed', now: () => 0 })
  await invite(server, 'good')
  expect(await server.guest().refusal(wish('ann'))).toMatchObject({ code: 'registrationClosed' })
  const invited = await server.guest().refusal(wish('ann', 'good'))
  expect(invited.code).toBe('registrationClosed')
  expect(await server.services.store.findAccount('ann')).toBeUndefined()
})

test('where registering takes an invite, a good one lets in as many as it says', async () => {
  const server = await startServer({ registration: 'invite', now: () => 0 })
  await invite(server, 'two', 2)
  expect(await server.guest().refusal(wish('ann'))).toMatchObject({ code: 'inviteNeeded' })
  expect(await server.guest().refusal(wish('ann', 'none'))).toMatchObject({ code: 'badInvite' })
  for (const name of ['ann', 'bob']) await server.guest().ask(wish(name, 'two'))
  expect(await server.guest().refusal(wish('cleo', 'two'))).toMatchObject({ code: 'badInvite' })
  expect(await server.services.store.findAccount('cleo')).toBeUndefined()
})

test('a name that is taken uses up no invite', async () => {
  const server = await startServer({ registration: 'invite', now: () => 0 })
  await invite(server, 'two', 2)
  await server.guest().ask(wish('ann', 'two'))
  const twice = [server.guest(), server.guest()].map((guest) => guest.refusal(wish('Ann', 'two')))
  for (const { code } of await Promise.all(twice)) expect(code).toBe('nameTaken')
  await server.guest().ask(wish('bob', 'two'))
})

test('an invite that has expired lets nobody register', async () => {
  let now = 0
  const server = await startServer({ registration: 'invite', now: () => now })
  await invite(server, 'short', 5, DAY_MS)
  await server.guest().ask(wish('ann', 'short'))
  now = DAY_MS
  expect(await server.guest().refusal(wish('bob', 'short'))).toMatchObject({ code: 'badInvite' })
})

test('a member’s invite lets somebody register, and in where it leads to; both are one use', async () => {
  const server = await startServer({ registration: 'invite', now: () => 0 })
  await invite(server, 'first')
  const ann = server.guest()
  await ann.ask(wish('ann', 'first'))
  const nonce = Buffer.alloc(16, 1)
  const { group } = await ann.ask({ type: 'createGroup', nonce, name: 'ops', access: 'invite' })
  const made = await ann.ask({ type: 'createInvite', group: group?.id ?? '' })
  const code = made.invites[0]?.code ?? ''
  const bob = server.guest()
  await bob.ask(wish('bob', code))
  expect(await bob.ask({ type: 'joinGroup', group: 'ops', invite: code })).toMatchObject({
    group: { name: 'ops', joined: true },
  })
  expect(await server.guest().refusal(wish('cleo', code))).toMatchObject({ code: 'badInvite' })
})

test('where anybody may register an invite is not looked at, and not used up', async () => {
  const server = await startServer({ now: () => 0 })
  await invite(server, 'one')
  await server.guest().ask(wish('ann', 'one'))
  await server.guest().ask(wish('bob', 'made up'))
  const { items } = await server.services.store.survey({
    of: 'invites',
    user: '',
    after: '',
    limit: 9,
  })
  expect(items).toMatchObject([{ code: 'one', used: 0 }])
})
