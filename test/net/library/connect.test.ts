import { describe, expect, onTestFinished, test } from 'vitest'
import type { Chat } from '../../../src/net/library/chat.ts'
import type { ChatEntry } from '../../../src/net/library/chat-entry.ts'
import { type ConnectOptions, connect } from '../../../src/net/library/connect.ts'
import { memoryOutbox, type Outbox } from '../../../src/net/outbox.ts'
import { type RunningServer, serve } from '../../../src/server/serve.ts'
import { Relay } from '../../support/relay.ts'
import { CHEAP, PASSWORD } from '../../support/server.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

async function start(folder = temporaryFolder(), port = 0): Promise<RunningServer> {
  const server = await serve({ host: '127.0.0.1', port, folder, passwordCost: CHEAP })
  onTestFinished(() => server.close())
  return server
}

async function enter(
  port: number,
  user: string,
  more: Partial<ConnectOptions> = {},
): Promise<Chat> {
  const account = { user, password: PASSWORD, register: true }
  const chat = await connect({ server: `127.0.0.1:${port}`, ...account, ...more })
  onTestFinished(() => chat.close())
  return chat
}

async function take(entries: AsyncIterable<ChatEntry>, count: number): Promise<string[]> {
  const texts: string[] = []
  for await (const { kind, text } of entries) {
    if (kind === 'text') texts.push(text)
    if (texts.length === count) break
  }
  return texts
}

test('two programs talk, over losses of the connection and a restart of the server', async () => {
  const folder = temporaryFolder()
  const relay = await Relay.open()
  const first = await start(folder)
  relay.target = first.port
  const alice = await enter(relay.port, 'alice')
  const bob = await enter(relay.port, 'bob')
  const reading = take(bob.entries({ in: ['alice'] }), 4)
  await alice.send('bob', 'one')
  relay.cut()
  // In the order of saying, though nobody waits between.
  const said = [alice.send('bob', 'two'), alice.send('bob', 'three')]
  await Promise.all(said)
  await first.close()
  const fourth = alice.send('bob', 'four')
  relay.target = (await start(folder)).port
  await fourth
  expect(await reading).toEqual(['one', 'two', 'three', 'four'])
  await relay.close()
})

test('an entry says where it is, whose it is and whom it names', async () => {
  const { port } = await start()
  const alice = await enter(port, 'alice')
  const bob = await enter(port, 'bob')
  await alice.groups.create('tea', { members: ['bob'] })
  const { conversation, seq } = await alice.send('#Tea', 'hello @bob')
  for await (const entry of bob.entries({ in: ['#tea'] })) {
    if (entry.kind !== 'text') continue
    const own = { own: false, mentioned: true, from: 'alice', text: 'hello @bob' }
    expect(entry).toMatchObject({ conversation: '#tea', conversationId: conversation, seq, ...own })
    await bob.read(entry)
    break
  }
  const tea = (await bob.conversations()).find(({ name }) => name === 'tea')
  expect(tea).toMatchObject({ read: seq, delivered: seq })
})

test('an entry is delivered once the loop has gone on, or was left', async () => {
  const { port } = await start()
  const alice = await enter(port, 'alice')
  const bob = await enter(port, 'bob')
  for (const text of ['one', 'two', 'three']) await alice.send('bob', text)
  const direct = async () => (await bob.conversations()).find(({ kind }) => kind === 'direct')
  expect(await take(bob.entries({ in: ['alice'] }), 2)).toEqual(['one', 'two'])
  expect(await direct()).toMatchObject({ delivered: 2, read: 0 })
  expect(await take(bob.entries({ in: ['alice'], follow: false }), 9)).toEqual(['three'])
  expect(await take(bob.entries({ in: ['alice'], since: 1, follow: false }), 9)).toEqual([
    'two',
    'three',
  ])
})

test('history and search, page by page, and back', async () => {
  const { port } = await start()
  const alice = await enter(port, 'alice')
  await Promise.all(
    Array.from({ length: 700 }, (_, at) =>
      alice.send('alice', `note ${at + 1} ${'x'.repeat(200)}`),
    ),
  )
  const seqs: number[] = []
  for await (const { seq } of alice.history('alice')) seqs.push(seq)
  expect(seqs).toEqual(Array.from({ length: 700 }, (_, at) => at + 1))
  const back: number[] = []
  for await (const { seq } of alice.history('alice', { newestFirst: true, since: 10 }))
    back.push(seq)
  expect(back).toEqual(seqs.slice(10).reverse())
  const found: number[] = []
  for await (const { seq, conversation } of alice.search('note 7', 'alice')) {
    expect(conversation).toBe('alice')
    found.push(seq)
    if (found.length === 60) break
  }
  expect(found.toSorted((one, other) => other - one)).toEqual(found)
})

describe('what goes wrong', () => {
  test('at connecting', async () => {
    const { port } = await start()
    const server = `127.0.0.1:${port}`
    await enter(port, 'alice')
    const to = (more: Partial<ConnectOptions>) => connect({ server, user: 'alice', ...more })
    await expect(to({ password: 'wrong, sorry' })).rejects.toMatchObject({ code: 'wrongLogin' })
    await expect(to({ token: Buffer.alloc(32) })).rejects.toMatchObject({ code: 'badToken' })
    await expect(to({})).rejects.toThrow('Give user and password, or token')
    await expect(to({ server: 'a:b' })).rejects.toThrow('is not an address')
    await expect(to({ trust: 'sha256:1' })).rejects.toThrow('of 64 digits')
    await expect(
      to({ password: PASSWORD, trust: `sha256:${'0'.repeat(64)}` }),
    ).rejects.toMatchObject({ name: 'OtherKeyError' })
    await expect(to({ password: PASSWORD, server: '127.0.0.1:1' })).rejects.toMatchObject({
      kind: 'refused',
    })
  })

  test('at sending: nothing is left that would be sent later', async () => {
    const { port } = await start()
    const outbox = memoryOutbox()
    const alice = await enter(port, 'alice', { outbox })
    await expect(alice.send('nobody', 'x')).rejects.toMatchObject({ code: 'unknownUser' })
    await expect(alice.send('a/b', 'x')).rejects.toThrow("Write NAME, or '#group'")
    await expect(alice.send('#lobby', '')).rejects.toThrow('a message needs a text')
    const given = AbortSignal.abort(new Error('too late'))
    await expect(alice.send('#lobby', 'x', { signal: given })).rejects.toThrow('too late')
    expect(alice.client.outbox).toEqual([])
    await alice.close()
    await expect(alice.send('#lobby', 'x')).rejects.toMatchObject({ name: 'ClosedError' })
  })

  test('a session that is ended elsewhere ends the loops, and what waits is taken back', async () => {
    const { port } = await start()
    const alice = await enter(port, 'alice')
    const other = await connect({ server: `127.0.0.1:${port}`, user: 'alice', password: PASSWORD })
    onTestFinished(() => other.close())
    const reading = take(alice.entries({ since: 0, in: ['alice'] }), 1)
    reading.catch(() => undefined)
    await other.client.request({ type: 'endSession', session: '' })
    await expect(reading).rejects.toMatchObject({ name: 'SessionOverError' })
    await expect(alice.send('#lobby', 'x')).rejects.toMatchObject({ name: 'SessionOverError' })
  })

  test('what is being kept when it ends is taken back, and nobody waits for it', async () => {
    const { port } = await start()
    for (const end of ['close', 'revoke'] as const) {
      const kept = Promise.withResolvers<void>()
      const adding = Promise.withResolvers<void>()
      const removed: string[] = []
      const outbox: Outbox = {
        ...memoryOutbox(),
        add: () => {
          adding.resolve()
          return kept.promise
        },
        remove: async (nonce) => void removed.push(nonce),
      }
      const alice = await enter(port, `alice-${end}`, { outbox })
      const sending = alice.send('#lobby', 'x')
      sending.catch(() => undefined)
      await adding.promise
      if (end === 'close') await alice.close()
      else {
        const account = { user: `alice-${end}`, password: PASSWORD }
        const other = await connect({ server: `127.0.0.1:${port}`, ...account })
        await other.client.request({ type: 'endSession', session: '' })
        await other.close()
        await expect.poll(() => alice.link.state).toBe('offline')
      }
      kept.resolve()
      await expect(sending).rejects.toMatchObject({ name: 'WithdrawnError' })
      expect(removed).toHaveLength(1)
    }
  })

  test('closing ends the loops quietly, and says of what is under way that it is taken back', async () => {
    const relay = await Relay.open()
    relay.target = (await start()).port
    const alice = await enter(relay.port, 'alice')
    const reading = take(alice.entries({ in: ['alice'] }), 1)
    relay.target = undefined
    relay.cut()
    const sending = alice.send('#lobby', 'x')
    sending.catch(() => undefined)
    await alice.close()
    expect(await reading).toEqual([])
    await expect(sending).rejects.toMatchObject({ name: 'WithdrawnError' })
    await relay.close()
  })
})
