import { expect, test } from 'vitest'
import { PASSWORD, startServer } from '../support/server.ts'

const OTHER = 'battery staple'

test('a new password takes the place of the old one, and the other sessions end', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const phone = await server.logIn('ann')
  const samePlace = server.guest()
  await samePlace.ask({ type: 'logIn', token: ann.token })
  await ann.ask({ type: 'changePassword', old: PASSWORD, password: OTHER })
  expect(await phone.closed).toBe('revoked')
  const stale = await server.guest().refusal({ type: 'logIn', token: phone.token })
  expect(stale.code).toBe('badToken')
  const old = await server.guest().refusal({ type: 'logIn', name: 'ann', password: PASSWORD })
  expect(old.code).toBe('wrongLogin')
  await server.guest().ask({ type: 'logIn', name: 'ann', password: OTHER })
  await server.guest().ask({ type: 'logIn', token: ann.token })
  await ann.barrier()
  await samePlace.barrier()
})

test('a wrong or a weak password changes nothing', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const phone = await server.logIn('ann')
  const wrong = await ann.refusal({ type: 'changePassword', old: 'a guess', password: OTHER })
  expect(wrong).toMatchObject({ code: 'wrongLogin', text: 'the password is wrong' })
  const weak = await ann.refusal({ type: 'changePassword', old: PASSWORD, password: '1234567' })
  expect(weak.code).toBe('weakPassword')
  await phone.barrier()
  await server.logIn('ann')
})

test('who has a session guesses its password no faster than at the door', async () => {
  let now = 0
  const server = await startServer({ now: () => now, rates: { failedLogInsPerAccount: 3 } })
  const ann = await server.register('ann')
  const guess = { old: 'a guess', password: OTHER } as const
  for (const type of ['changePassword', 'deleteAccount', 'changePassword'] as const) {
    const draft = type === 'deleteAccount' ? { type, password: 'a guess' } : { type, ...guess }
    expect((await ann.refusal(draft)).code).toBe('wrongLogin')
  }
  const limited = await ann.refusal({ type: 'changePassword', ...guess })
  expect(limited).toMatchObject({ code: 'rateLimited', retryMs: 20_000 })
  now = 20_000
  await ann.ask({ type: 'changePassword', old: PASSWORD, password: OTHER })
})

test('a log-in that was let in by the old password comes too late', async () => {
  const { promise: changed, resolve: change } = Promise.withResolvers<void>()
  let holds = false
  const server = await startServer({
    wrapStore: (store) => ({
      ...store,
      createSession: async (session) => {
        if (holds) await changed
        return store.createSession(session)
      },
    }),
  })
  const ann = await server.register('ann')
  holds = true
  const late = server.guest().refusal({ type: 'logIn', name: 'ann', password: PASSWORD })
  // The same order in the store: the check of that log-in was made before.
  await ann.ask({ type: 'changePassword', old: PASSWORD, password: OTHER })
  change()
  expect(await late).toMatchObject({ code: 'wrongLogin' })
})
