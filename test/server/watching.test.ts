import { expect, test } from 'vitest'
import type { Store } from '../../src/server/store/store.ts'
import { nonce, startServer } from '../support/server.ts'

test.each(['removed', 'quit', 'ended'] as const)(
  'who is out of a group (%s) when the store answers has it not open, and is told of nobody there',
  async (how) => {
    const { server, ann, bob, group, answers } = await withLateAnswers()
    const watched = bob.refusal({ type: 'watch', conversation: group })
    await answers.asked
    if (how === 'removed') await ann.ask({ type: 'removeMember', group, user: 'bob' })
    if (how === 'quit') await (await server.logIn('bob')).ask({ type: 'quitGroup', group })
    if (how === 'ended') await ann.ask({ type: 'deleteGroup', group })
    answers.give()
    expect((await watched).code).toBe('unknownConversation')
    expect(server.services.watching.has(group)).toBe(false)
    const cleo = await server.logIn('cleo')
    await server.leave(cleo)
    server.sweep()
    await bob.barrier()
    expect(bob.pushes.filter(({ type }) => type === 'presences')).toEqual([])
  },
)

test('who leaves a group has it open no more', async () => {
  const { server, ann, bob, group, answers } = await withLateAnswers()
  answers.give()
  await bob.ask({ type: 'watch', conversation: group })
  expect(server.services.watching.has(group)).toBe(true)
  await ann.ask({ type: 'removeMember', group, user: 'bob' })
  expect(server.services.watching.has(group)).toBe(false)
})

test('what was opened last is open, although the store answers late what was asked first', async () => {
  const { server, ann, bob, group, answers } = await withLateAnswers()
  const first = bob.ask({ type: 'watch', conversation: group })
  await answers.asked
  const { conversation } = await ann.ask({
    type: 'sendDirect',
    to: 'bob',
    nonce: nonce(),
    text: 'hi',
  })
  await bob.ask({ type: 'watch', conversation: '' })
  answers.give()
  expect((await first).conversation).toBe(group)
  expect(server.services.watching.has(group)).toBe(false)
  await bob.ask({ type: 'watch', conversation })
  expect(server.services.watching.has(conversation)).toBe(true)
})

test('who writes while the store answers what they open is told how far that has got', async () => {
  const { server, ann, bob, group, answers } = await withLateAnswers()
  const watched = ann.ask({ type: 'watch', conversation: group })
  await answers.asked
  const { seq } = await ann.ask({ type: 'sendGroup', group, nonce: nonce(), text: 'hi' })
  answers.give()
  await watched
  await bob.ask({ type: 'mark', conversation: group, delivered: seq, read: seq })
  server.sweep()
  const told = await ann.push('receipts')
  expect(told).toMatchObject({ conversation: group, members: [{ delivered: seq, read: seq }] })
})

/** Ann's group with Bob and Cleo; who its first members are is answered once `give` is called. */
async function withLateAnswers() {
  const asked = Promise.withResolvers<void>()
  const given = Promise.withResolvers<void>()
  const wrapStore = (store: Store): Store => ({
    ...store,
    firstMembers: async (...query) => {
      const members = await store.firstMembers(...query)
      asked.resolve()
      await given.promise
      return members
    },
  })
  const server = await startServer({ wrapStore })
  const ann = await server.register('ann')
  const bob = await server.register('bob')
  await server.leave(await server.register('cleo'))
  const members = ['bob', 'cleo']
  const draft = { type: 'createGroup', nonce: nonce(), name: 'ops', members } as const
  const group = (await ann.ask(draft)).group?.id ?? ''
  await bob.push('groupCreated')
  server.sweep()
  await bob.barrier()
  bob.pushes.splice(0)
  return { server, ann, bob, group, answers: { asked: asked.promise, give: given.resolve } }
}
