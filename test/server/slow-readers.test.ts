import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { PUSH_BYTES_MAX } from '../../src/server/limits.ts'
import { heldBytes } from '../support/memory.ts'
import type { RawClient } from '../support/raw-client.ts'
import { nonce, PASSWORD } from '../support/server.ts'
import { plainClient, serveHere, tlsClient } from '../support/sockets.ts'

const READERS = 4
const TEXT = 'x'.repeat(8_000)
/** At a time, until there is no room for more in connections' outboxes and the systems' buffers. */
const FILL = 100
const MORE = 900
const GROWN_BYTES_MAX = 2 * 1_048_576
const UNLIMITED = { messagesPerSecond: 1e9, messagesBurst: 1e9 }

test('what is said to frozen readers takes no more memory however much it is, and they get all of it in order', async () => {
  const server = await serveHere({ rates: UNLIMITED })
  const ann = await tlsClient(server.port)
  await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  const readers = await Promise.all(
    Array.from({ length: READERS }, async (_, at) => {
      const client = at % 2 === 0 ? await tlsClient(server.port) : await plainClient(server.port)
      await client.ask({ type: 'register', name: `reader${at}`, password: PASSWORD })
      return client
    }),
  )
  const group = (await ann.ask({ type: 'sync' })).heads[0]?.conversation ?? ''
  await say(ann, group, 1)
  const first = ann.seqs(group).at(-1) ?? 0
  for (const reader of readers) {
    await reader.push('groupEntry', ({ entry }) => entry?.seq === first)
    reader.connection.pause()
  }
  let said = FILL
  // Until all of them are full: then nothing is added any more.
  for (let before = 0; ; said += FILL) {
    await say(ann, group, FILL)
    for (const reader of readers) showLife(reader)
    const now = server.outboxBytes()
    if (now > READERS * PUSH_BYTES_MAX && now - before < PUSH_BYTES_MAX / 100) break
    before = now
  }
  const before = heldBytes()
  await say(ann, group, MORE)
  for (const reader of readers) showLife(reader)
  expect(server.outboxBytes()).toBeGreaterThan(READERS * PUSH_BYTES_MAX)
  expect(server.outboxBytes()).toBeLessThan(READERS * 2 * PUSH_BYTES_MAX)
  expect(heldBytes() - before).toBeLessThan(GROWN_BYTES_MAX)

  for (const reader of readers) reader.connection.resume()
  const last = first + said + MORE
  await Promise.all(readers.map((reader) => readTo(reader, group, first, last)))
  expect(server.outboxBytes()).toBeLessThan(PUSH_BYTES_MAX)
})

/** Who is silent for long is sent away. The answer is one more thing that it does not read. */
function showLife(reader: RawClient): void {
  reader.send({ type: 'heartbeat', request: 1_000 })
}

/** Nothing of it stays with who says it. */
async function say(client: RawClient, group: string, count: number): Promise<void> {
  for (let said = 0; said < count; said += 50) {
    const batch = Math.min(50, count - said)
    await Promise.all(
      Array.from({ length: batch }, () =>
        client.ask({ type: 'sendGroup', group, nonce: nonce(), text: TEXT }),
      ),
    )
    if (count > 1) client.pushes.splice(0)
  }
  await client.barrier()
}

/** Everything after `first` up to `last`, each once and in order; what was read is not kept. */
async function readTo(reader: RawClient, group: string, first: number, last: number) {
  let at = first
  while (at < last) {
    for (const seq of reader.seqs(group)) {
      if (seq <= first) continue
      expect(seq).toBe(at + 1)
      at = seq
    }
    reader.pushes.splice(0)
    await delay(1)
  }
}
