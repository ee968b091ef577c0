import { expect, test } from 'vitest'
import { ownInvite } from '../../src/server/own-invite.ts'
import { PASSWORD, startServer } from '../support/server.ts'

const HOUR_MS = 60 * 60 * 1_000

test('who hosts gets an invite, the same one until it is used or nearly over', async () => {
  let now = 0
  const server = await startServer({ registration: 'invite', now: () => now })
  const invite = async () => (await ownInvite(server.services)) ?? ''
  const first = await invite()
  expect(await invite()).toBe(first)
  await server.guest().ask({ type: 'register', name: 'ann', password: PASSWORD, invite: first })
  const second = await invite()
  expect(second).not.toBe(first)
  now = 23 * HOUR_MS + 1
  const third = await invite()
  expect([first, second]).not.toContain(third)
  await server.guest().ask({ type: 'register', name: 'bob', password: PASSWORD, invite: third })
})

test('somebody else’s invite is not taken for it', async () => {
  const server = await startServer({ registration: 'invite', now: () => 0 })
  const invite = await ownInvite(server.services)
  const ann = server.guest()
  await ann.ask({ type: 'register', name: 'ann', password: PASSWORD, invite: invite ?? '' })
  const { invites } = await ann.ask({ type: 'createInvite' })
  expect(await ownInvite(server.services)).not.toBe(invites[0]?.code)
})

test.each(['open', 'closed'] as const)('where registration is %s there is none', async (how) => {
  const server = await startServer({ registration: how })
  expect(await ownInvite(server.services)).toBeUndefined()
})
