import type { Duplex } from 'node:stream'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ChatClient } from '../../src/net/chat-client.ts'
import { ChangedKeyError, dial } from '../../src/net/dial.ts'
import type { ClientEvent } from '../../src/net/events.ts'
import { memoryPins } from '../../src/net/files/pins.ts'
import { memoryOutbox } from '../../src/net/outbox.ts'
import { type RunningServer, serve } from '../../src/server/serve.ts'
import { PATIENCE } from '../support/patience.ts'
import { CHEAP, PASSWORD } from '../support/server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A real server on a real port. */
async function start(folder: string, port = 0): Promise<RunningServer> {
  const server = await serve({ host: '127.0.0.1', port, folder, passwordCost: CHEAP })
  onTestFinished(() => server.close())
  return server
}

/** A client whose dials and events are noted. */
function makeClient(port: number) {
  const events: ClientEvent[] = []
  const streams: Duplex[] = []
  const pins = memoryPins()
  const client = new ChatClient({
    dial: async (signal) => {
      const dialed = await dial({ host: '127.0.0.1', port }, { security: 'tls', pins, signal })
      streams.push(dialed.stream)
      return dialed
    },
    outbox: memoryOutbox(),
    onEvent: (event) => events.push(event),
    device: 'test',
  })
  onTestFinished(() => client.close())
  const texts = () => events.flatMap((event) => (event.type === 'entry' ? [event.entry.text] : []))
  return { client, streams, texts }
}

test('two people talk over TLS, across a restart of the server', async () => {
  const folder = await temporaryFolder()
  const first = await start(folder)
  const alice = makeClient(first.port)
  const bob = makeClient(first.port)
  await alice.client.register('alice', PASSWORD)
  const { user } = await bob.client.register('bob', PASSWORD)
  await alice.client.say({ kind: 'direct', id: user.id }, '你好')
  await vi.waitFor(() => expect(bob.texts()).toContain('你好'), PATIENCE)
  await first.close()
  await vi.waitFor(() => expect(alice.client.link.state).not.toBe('online'), PATIENCE)
  await alice.client.say({ kind: 'group', id: 'lobby' }, 'are you there?')
  await start(folder, first.port)
  alice.client.reconnect()
  bob.client.reconnect()
  await vi.waitFor(() => expect(bob.texts()).toContain('are you there?'), PATIENCE)
  expect(bob.texts().filter((text) => text !== '')).toEqual(['你好', 'are you there?'])
  expect(alice.client.outbox).toEqual([])
})

test('a server with another key is never sent the token', async () => {
  const first = await start(await temporaryFolder())
  const { client, streams } = makeClient(first.port)
  await client.register('alice', PASSWORD)
  await first.close()
  await start(await temporaryFolder(), first.port)
  await vi.waitFor(() => {
    if (client.link.state === 'waiting') client.reconnect()
    expect(client.link).toMatchObject({ state: 'blocked', error: expect.any(ChangedKeyError) })
  }, PATIENCE)
  expect(streams).toHaveLength(1)
})
