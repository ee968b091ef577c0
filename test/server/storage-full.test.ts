import { expect, test } from 'vitest'
import { openSqliteStore } from '../../src/server/store/sqlite.ts'
import { type Client, nonce, PASSWORD, startServer } from '../support/server.ts'

const MAX_BYTES = 8 * 1_048_576
const LONG_TEXT = 'long '.repeat(1_600)

test('when the folder has its size one is told so, and can read, mark and delete all the same', async () => {
  const server = await startServer({
    openStore: (folder, onAppended) =>
      openSqliteStore({ folder, onAppended, maxDiskBytes: MAX_BYTES }),
  })
  const [ann, bob] = [await server.register('ann'), await server.register('bob')]
  const first = { type: 'sendDirect', to: bob.id, nonce: nonce(), text: 'first' } as const
  const { conversation } = await ann.ask(first)
  await sendUntilFull(ann, bob.id)

  const full = 'storageFull'
  const next = { type: 'sendDirect', to: bob.id, nonce: nonce(), text: 'next' } as const
  expect((await ann.refusal(next)).code).toBe(full)
  const group = { type: 'createGroup', nonce: nonce(), name: 'ops' } as const
  expect((await ann.refusal(group)).code).toBe(full)
  const account = { type: 'register', name: 'cleo', password: PASSWORD } as const
  expect((await server.guest().refusal(account)).code).toBe(full)

  expect(await ann.ask(first)).toMatchObject({ conversation, seq: 1 })
  expect((await bob.ask({ type: 'getPage', conversation, around: 1 })).entries[0]?.seq).toBe(1)
  const mark = { type: 'mark', conversation, delivered: 1, read: 1 } as const
  expect(await bob.ask(mark)).toMatchObject({ read: 1 })
  expect((await ann.ask({ type: 'deleteEntry', conversation, seq: 1 })).seq).toBeGreaterThan(2)
  expect((await server.logIn('bob')).id).toBe(bob.id)
})

async function sendUntilFull(client: Client, to: string): Promise<void> {
  for (;;) {
    const said = Array.from({ length: 20 }, () =>
      client.ask({ type: 'sendDirect', to, nonce: nonce(), text: LONG_TEXT }),
    )
    const outcomes = await Promise.allSettled(said)
    const refused = outcomes.filter(({ status }) => status === 'rejected')
    if (refused.length === said.length) return
  }
}
