import type { Argon2Parameters } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { nonce, PASSWORD, startServer } from '../support/server.ts'

/** What passwords were hashed with. */
const derived = vi.hoisted((): Argon2Parameters[] => [])

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>()
  const argon2: typeof crypto.argon2 = (algorithm, parameters, done) => {
    derived.push(parameters)
    crypto.argon2(algorithm, parameters, done)
  }
  return { ...crypto, argon2 }
})

test('who deletes their account is answered, then all their connections close', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const phone = await server.logIn('ann')
  expect(await ann.ask({ type: 'deleteAccount', password: PASSWORD })).toMatchObject({
    type: 'done',
  })
  expect(await ann.closed).toBe('revoked')
  expect(await phone.closed).toBe('revoked')
})

test('a wrong password deletes nothing', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const refused = await ann.refusal({ type: 'deleteAccount', password: 'a guess' })
  expect(refused.code).toBe('wrongLogin')
  await ann.barrier()
  await server.logIn('ann')
})

test('nobody can log in to a deleted account, and its name stays taken', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  await server.register('bob')
  await ann.ask({ type: 'deleteAccount', password: PASSWORD })
  const guest = server.guest()
  const { request, ...gone } = await guest.refusal({
    type: 'logIn',
    name: 'ann',
    password: PASSWORD,
  })
  const wrong = await guest.refusal({ type: 'logIn', name: 'bob', password: 'a guess' })
  expect(wrong).toMatchObject(gone)
  expect(gone.code).toBe('wrongLogin')
  expect((await guest.refusal({ type: 'logIn', token: ann.token })).code).toBe('badToken')
  const again = await guest.refusal({ type: 'register', name: 'ANN', password: PASSWORD })
  expect(again.code).toBe('nameTaken')
})

test('a deleted account takes as long to be refused as a wrong password: it is hashed, too', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  await ann.ask({ type: 'deleteAccount', password: PASSWORD })
  await server.register('bob')
  const costs = async (name: string) => {
    derived.length = 0
    await server.guest().refusal({ type: 'logIn', name, password: 'a guess' })
    return derived.map(({ memory, passes, parallelism, tagLength }) => {
      return { memory, passes, parallelism, tagLength }
    })
  }
  const wrong = await costs('bob')
  expect(wrong).toHaveLength(1)
  expect(await costs('ann')).toEqual(wrong)
  expect(await costs('nobody')).toEqual(wrong)
})

test('their groups go on without them, with an entry that says so; what they said stays', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const bob = await server.register('bob')
  const { group } = await ann.ask({ type: 'createGroup', nonce: nonce(), name: 'ops' })
  const id = group?.id ?? ''
  await bob.ask({ type: 'joinGroup', group: id })
  await ann.ask({ type: 'sendGroup', group: id, nonce: nonce(), text: 'hello' })
  await ann.ask({ type: 'deleteAccount', password: PASSWORD })
  await bob.push('groupEntry', ({ conversation, entry }) => {
    return conversation === id && entry?.kind === 'quit'
  })
  const kinds = bob.entries(id).map(({ kind, name }) => `${kind} ${name}`)
  expect(kinds).toEqual(['joined bob', 'text ann', 'role ann', 'quit ann'])
  const { members } = await bob.ask({ type: 'listMembers', group: id })
  expect(members).toMatchObject([{ user: { name: 'bob' }, role: 'owner' }])
  const page = await bob.ask({ type: 'getPage', conversation: id })
  expect(page.entries.map(({ text }) => text)).toContain('hello')
})

test('who has deleted their account is on no list and cannot be found, added or written to', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const bob = await server.register('bob')
  await bob.ask({ type: 'addContact', user: 'ann' })
  const said = { type: 'sendDirect', to: 'ann', nonce: nonce(), text: 'hi' } as const
  const { conversation, seq } = await bob.ask(said)
  await ann.ask({ type: 'block', user: 'bob' })
  await ann.ask({ type: 'deleteAccount', password: PASSWORD })
  expect((await bob.ask({ type: 'listContacts' })).contacts).toEqual([])
  expect((await bob.ask({ type: 'find', text: 'an' })).users).toEqual([])
  expect((await bob.refusal({ type: 'addContact', user: 'ann' })).code).toBe('unknownUser')
  const members = ['ann']
  const named = { type: 'createGroup', nonce: nonce(), name: 'ops', members } as const
  expect((await bob.refusal(named)).code).toBe('unknownUser')
  const more = { ...said, to: ann.id, nonce: nonce() }
  expect(await bob.refusal(more)).toMatchObject({
    code: 'unknownUser',
    text: 'there is no user ann',
  })
  // What reached them once is acknowledged again, as rule 3 asks.
  expect(await bob.ask(said)).toMatchObject({ conversation, seq })
  const { heads } = await bob.ask({ type: 'sync', conversations: [conversation] })
  expect(heads).toMatchObject([{ peer: { name: 'ann' }, last: seq }])
})

test('the invites of a deleted account let nobody in any more', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const { group } = await ann.ask({
    type: 'createGroup',
    nonce: nonce(),
    name: 'ops',
    access: 'invite',
  })
  const { invites } = await ann.ask({ type: 'createInvite', group: group?.id ?? '' })
  const bob = await server.register('bob')
  await ann.ask({ type: 'deleteAccount', password: PASSWORD })
  const invite = invites[0]?.code ?? ''
  const refused = await bob.refusal({ type: 'joinGroup', group: group?.id ?? '', invite })
  expect(['badInvite', 'unknownGroup']).toContain(refused.code)
})

test('who is banned is told so, after the right password only', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  await server.services.store.setBanned('ann', true, 'spam')
  const wrong = await server.guest().refusal({ type: 'logIn', name: 'ann', password: 'a guess' })
  expect(wrong.code).toBe('wrongLogin')
  const right = await server.guest().refusal({ type: 'logIn', name: 'ann', password: PASSWORD })
  expect(right).toMatchObject({ code: 'banned', text: 'you are banned from this server: spam' })
  const back = await server.guest().refusal({ type: 'logIn', token: ann.token })
  expect(back.code).toBe('badToken')
  await server.services.store.setBanned('ann', false, '')
  await server.logIn('ann')
})
