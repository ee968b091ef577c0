import { expect, test } from 'vitest'
import type { Hint } from '../../src/server/bus/bus.ts'
import { TYPING_GAP_MS, TYPING_SHOWN_MS, TYPISTS_MAX } from '../../src/server/limits.ts'
import { Typing } from '../../src/server/presence/typing.ts'
import { Watching } from '../../src/server/presence/watching.ts'
import { type Client, nonce, startServer } from '../support/server.ts'

test('who has a group open is told at once who writes there, but not the one who writes', async () => {
  const { ann, bob, cleo, dan, group } = await village()
  for (const client of [ann, bob, dan]) await client.ask({ type: 'watch', conversation: group })
  await dan.ask({ type: 'quitGroup', group })
  await ann.ask({ type: 'typing', conversation: group })
  expect(await bob.push('typed')).toEqual({
    type: 'typed',
    conversation: group,
    user: { id: ann.id, name: 'ann' },
  })
  for (const client of [ann, bob, cleo, dan]) await client.barrier()
  expect([ann, bob, cleo, dan].map(typedAt)).toEqual([0, 1, 0, 0])
  await bob.ask({ type: 'watch', conversation: '' })
  await cleo.ask({ type: 'typing', conversation: group })
  await bob.barrier()
  expect(typedAt(bob)).toBe(1)
})

test('a block keeps writing from both sides, in groups and directly', async () => {
  const { ann, bob, cleo, group } = await village()
  const { conversation } = await ann.ask({
    type: 'sendDirect',
    to: 'bob',
    nonce: nonce(),
    text: '1',
  })
  await bob.ask({ type: 'block', user: 'ann' })
  for (const client of [bob, cleo]) await client.ask({ type: 'watch', conversation: group })
  await ann.ask({ type: 'typing', conversation: group })
  await cleo.push('typed')
  await bob.ask({ type: 'watch', conversation })
  await ann.ask({ type: 'typing', conversation })
  await bob.barrier()
  expect(typedAt(bob)).toBe(0)
})

test('in a direct conversation the other side is told, also when nothing was said since the start', async () => {
  const { server, ann } = await village()
  const { conversation } = await ann.ask({
    type: 'sendDirect',
    to: 'bob',
    nonce: nonce(),
    text: '1',
  })
  await server.stop()
  const again = await startServer({ folder: server.folder })
  const [ann2, bob2] = [await again.logIn('ann'), await again.logIn('bob')]
  await bob2.ask({ type: 'watch', conversation })
  await ann2.ask({ type: 'typing', conversation })
  expect(await bob2.push('typed')).toMatchObject({ conversation, user: { name: 'ann' } })
})

test('of each it is passed on every few seconds, and of so many of a conversation at a time', () => {
  const { say, at, told } = start()
  say('ann')
  say('ann')
  at(TYPING_GAP_MS - 1)
  say('ann')
  expect(told()).toEqual(['ann'])
  at(TYPING_GAP_MS)
  say('ann')
  for (let index = 0; index <= TYPISTS_MAX; index += 1) say(`u${index}`)
  say('other', '~other')
  expect(told()).toEqual(['ann', 'ann', ...names(TYPISTS_MAX - 1), 'other'])
  at(TYPING_GAP_MS + TYPING_SHOWN_MS)
  say(`u${TYPISTS_MAX}`)
  expect(told().at(-1)).toBe(`u${TYPISTS_MAX}`)
})

test('what is forgotten by the sweep can be said again', () => {
  const { typing, say, at, told } = start()
  say('ann')
  at(TYPING_SHOWN_MS)
  typing.sweep()
  say('ann')
  expect(told()).toEqual(['ann', 'ann'])
})

/** Ann, Bob, Cleo and Dan are in a group. */
async function village() {
  const server = await startServer()
  const [ann, bob, cleo, dan] = [
    await server.register('ann'),
    await server.register('bob'),
    await server.register('cleo'),
    await server.register('dan'),
  ]
  const members = ['bob', 'cleo', 'dan']
  const made = await ann.ask({ type: 'createGroup', nonce: nonce(), name: 'ops', members })
  return { server, ann, bob, cleo, dan, group: made.group?.id ?? '' }
}

function typedAt(client: Client): number {
  return client.pushes.filter(({ type }) => type === 'typed').length
}

function start() {
  const hints: Hint[] = []
  let now = 0
  const typing = new Typing({
    hub: { follows: () => true },
    watching: new Watching(),
    publish: (hint) => hints.push(hint),
    monotonic: () => now,
  })
  const say = (name: string, conversation = '~g') =>
    typing.say({ id: name, name }, conversation, { between: undefined, apart: [] })
  const at = (ms: number) => {
    now = ms
  }
  const told = () => hints.map((hint) => (hint.kind === 'typing' ? hint.user.name : hint.kind))
  return { typing, say, at, told }
}

function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `u${index}`)
}
