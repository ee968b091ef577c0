import { spawnSync } from 'node:child_process'
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

test('a second signal ends it at once: exit code 1, a line in the log, and what was taken is there', async () => {
  const first = await home.serve()
  const client = await registered(first.port, 'ann')
  await client.ask({ type: 'sendGroup', group: 'lobby', nonce: nonce(), text: 'kept' })
  const { program } = first
  // Both come before it can do anything, however fast it would have stopped.
  program.kill('SIGSTOP')
  await expect.poll(() => stateOf(program.pid)).toMatch(/^T/)
  program.kill('SIGTERM')
  program.kill('SIGINT')
  program.kill('SIGCONT')
  const { code, stderr } = await program.ended
  expect(code).toBe(1)
  expect(stderr).toMatch(/"event":"ended at once, by a second signal","by":"SIG(INT|TERM)"/)
  expect(stderr).not.toContain('"event":"stopped"')
  const second = await home.serve()
  const reader = await plainClient(second.port)
  await reader.ask({ type: 'logIn', name: 'ann', password: PASSWORD })
  expect(await lobbyTexts(reader)).toEqual(['kept'])
})

/** As ps has it: T is stopped. */
function stateOf(pid: number): string {
  return spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' }).stdout
}

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
