import { expect, test } from 'vitest'
import { TEXT_BYTES_MAX } from '../../src/protocol/limits.ts'
import type { Log } from '../../src/server/log.ts'
import type { RawClient } from '../support/raw-client.ts'
import { type Client, nonce, startServer, type TestServer } from '../support/server.ts'

test('a member finds what was said, on any connection, in its present form', async () => {
  const { server, ann, bob, group } = await withGroup()
  const direct = await ann.ask({ type: 'sendDirect', to: bob.id, nonce: nonce(), text: '部署完成' })
  await say(ann, group, 'the deploy 部署 failed')
  const again = await server.logIn(bob.name)
  expect(await found(again, '部署')).toEqual(['the deploy 部署 failed', '部署完成'])
  expect(await found(again, 'DEPL 署')).toEqual(['the deploy 部署 failed'])
  const here = await again.ask({ type: 'search', text: '部', conversation: direct.conversation })
  expect(here.hits).toMatchObject([
    { conversation: direct.conversation, entry: { seq: 1, from: ann.id, text: '部署完成' } },
  ])
})

test('a search sees what its own connection sent before it without waiting for the answer', async () => {
  const { ann, group } = await withGroup()
  for (let at = 0; at < 20; at += 1) {
    ann.send({ type: 'sendGroup', request: 100 + at, group, nonce: nonce(), text: `now ${at}` })
  }
  expect(await found(ann, 'now')).toHaveLength(20)
})

test('who was never there, or has left, finds nothing', async () => {
  const { server, ann, bob, group } = await withGroup()
  const eve = await server.register('eve')
  await say(ann, group, 'secret plan')
  expect(await found(bob, 'secret')).toEqual(['secret plan'])
  await bob.ask({ type: 'quitGroup', group })
  for (const client of [eve, bob]) {
    expect(await found(client, 'secret')).toEqual([])
    const refused = await client.refusal({ type: 'search', text: 'secret', conversation: group })
    expect(refused.code).toBe('unknownConversation')
  }
})

test('long texts come in several answers, each within a frame', async () => {
  const { ann, group } = await withGroup()
  const long = (at: number) => `word${at} ${'长'.repeat((TEXT_BYTES_MAX - 9) / 3)}`
  for (let at = 0; at < 20; at += 1) await say(ann, group, long(at))
  const texts: string[] = []
  let answers = 0
  for (let after = ''; answers === 0 || after !== ''; answers += 1) {
    const { hits, next } = await ann.ask({ type: 'search', text: '长长', after })
    texts.push(...hits.map(({ entry }) => entry?.text.split(' ')[0] ?? ''))
    after = next
  }
  expect(texts).toEqual(Array.from({ length: 20 }, (_, at) => `word${19 - at}`))
  expect(answers).toBe(3)
})

test('a search counts as several messages of the account’s rate', async () => {
  const server = await startServer({ rates: { messagesPerSecond: 0.001, messagesBurst: 10 } })
  const ann = await server.register('ann')
  for (let at = 0; at < 2; at += 1) await ann.ask({ type: 'search', text: 'word' })
  const refused = await ann.refusal({ type: 'search', text: 'word' })
  expect(refused.code).toBe('rateLimited')
})

test('the log never has what was searched for', async () => {
  const lines: string[] = []
  const write = (event: string, fields?: object) => lines.push(JSON.stringify([event, fields]))
  const log: Log = { debug: write, info: write, warn: write, error: write }
  const { ann, group } = await withGroup(await startServer({ log }))
  await say(ann, group, 'xyzzy plugh')
  await found(ann, 'xyzzy')
  expect(lines.join()).not.toMatch(/xyzzy|plugh/)
})

async function withGroup(server?: TestServer) {
  const running = server ?? (await startServer())
  const [ann, bob] = [await running.register('ann'), await running.register('bob')]
  const made = await ann.ask({ type: 'createGroup', nonce: nonce(), name: 'ops', members: ['bob'] })
  return { server: running, ann, bob, group: made.group?.id ?? '' }
}

function say(client: Client, group: string, text: string) {
  return client.ask({ type: 'sendGroup', group, nonce: nonce(), text })
}

async function found(client: RawClient, text: string): Promise<readonly string[]> {
  const { hits } = await client.ask({ type: 'search', text })
  return hits.map(({ entry }) => entry?.text ?? '')
}
