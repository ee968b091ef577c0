import { expect, test } from 'vitest'
import type { RawClient } from '../support/raw-client.ts'
import { nonce, PASSWORD } from '../support/server.ts'
import { plainClient, plainSocket } from '../support/sockets.ts'
import { TestHome } from '../support/test-home.ts'
import { wholeLog } from '../support/whole-log.ts'

const WRITERS = 4
/** Messages that each has under way at a time. */
const LANES = 8

const home = new TestHome()

test('SIGTERM under load: what was taken is durable and answered, everyone is told, nobody new comes in, exit 0', async () => {
  const first = await home.serve()
  const writers = await Promise.all(
    Array.from({ length: WRITERS }, async (_, at) => registered(first.port, `w${at}`)),
  )
  const guest = await plainClient(first.port)
  await guest.barrier()
  const acknowledged = new Set<string>()
  const busy = Promise.withResolvers<void>()
  const writing = writers.map((client, writer) =>
    Promise.all(
      Array.from({ length: LANES }, (_, lane) =>
        write(client, `${writer} ${lane}`, (text) => {
          acknowledged.add(text)
          if (acknowledged.size === 200) busy.resolve()
        }),
      ),
    ),
  )
  await busy.promise
  first.program.kill('SIGTERM')
  await Promise.all(writing)
  for (const client of [...writers, guest]) expect(await client.closed).toBe('stopping')
  await expect(plainSocket(first.port)).rejects.toThrow('ECONNREFUSED')
  const { code, stderr } = await first.program.ended
  expect(code).toBe(0)
  expect(stderr).not.toMatch(/"level":"(warn|error)"/)

  const second = await home.serve()
  const reader = await plainClient(second.port)
  await reader.ask({ type: 'logIn', name: 'w0', password: PASSWORD })
  const texts = await lobbyTexts(reader)
  expect(texts.toSorted()).toEqual([...acknowledged].toSorted())
})

async function registered(port: number, name: string): Promise<RawClient> {
  const client = await plainClient(port)
  await client.ask({ type: 'register', name, password: PASSWORD })
  return client
}

/** One message after the other, until the connection ends. */
async function write(client: RawClient, who: string, onSaid: (text: string) => void) {
  for (let count = 0; ; count += 1) {
    const text = `${who} ${count}`
    try {
      await client.ask({ type: 'sendGroup', group: 'lobby', nonce: nonce(), text })
    } catch (error) {
      expect((error as Error).message).toBe('closed: stopping')
      return
    }
    onSaid(text)
  }
}

async function lobbyTexts(client: RawClient): Promise<string[]> {
  const { heads } = await client.ask({ type: 'sync' })
  const lobby = heads.find(({ name }) => name === 'lobby')
  const log = await wholeLog(client, lobby?.conversation ?? '')
  return log.flatMap(({ kind, text }) => (kind === 'text' ? [text] : []))
}
