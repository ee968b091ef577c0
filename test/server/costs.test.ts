import { expect, test } from 'vitest'
import { decode, encode } from '../../src/protocol/codec.ts'
import { LIST_ITEMS_MAX, PAGE_ENTRIES_MAX } from '../../src/protocol/limits.ts'
import type { ClientMessage, ClientMessageType, DraftMessage } from '../../src/protocol/messages.ts'
import { messages } from '../../src/protocol/messages.ts'
import { costOf } from '../../src/server/dispatch.ts'
import { defaultRates } from '../../src/server/limits.ts'
import { startServer } from '../support/server.ts'

const requests = Object.entries(messages).flatMap(([type, { from }]) =>
  from === 'client' ? [type as ClientMessageType] : [],
)

test.each(requests)('%s costs something, whoever asks', (type) => {
  expect(cost({ type } as DraftMessage)).toBeGreaterThan(0)
})

test('a command that nobody knows costs as much as a message', () => {
  expect(costOf({ type: 'unknown', request: 1, command: 9_999 })).toBe(1)
})

test('what takes the store long costs in proportion', () => {
  const page = (limit: number) => cost({ type: 'getPage', conversation: '~c1', limit })
  expect(page(0)).toBe(page(PAGE_ENTRIES_MAX))
  expect(page(PAGE_ENTRIES_MAX)).toBeCloseTo(2)
  expect(page(50)).toBeLessThan(0.5)
  const sync = (count: number) => {
    return cost({
      type: 'sync',
      conversations: Array.from({ length: count }, (_, at) => `~c${at}`),
    })
  }
  expect(sync(0)).toBeCloseTo(2)
  expect(sync(1)).toBeLessThan(0.5)
  expect(sync(LIST_ITEMS_MAX)).toBeGreaterThan(5)
  expect(cost({ type: 'listMembers' })).toBe(1)
  expect(cost({ type: 'find', text: 'a' })).toBe(5)
  expect(cost({ type: 'search', text: 'one' })).toBe(5)
  expect(cost({ type: 'search', text: 'one, two' })).toBe(6)
  expect(cost({ type: 'search', text: 'a '.repeat(100) })).toBe(12)
})

test('who comes back and reads all they have waits for nothing', () => {
  const comesBack =
    cost({ type: 'logIn' }) +
    5 * cost({ type: 'sync' }) +
    60 * cost({ type: 'getPage' }) +
    2 * cost({ type: 'listContacts' }) +
    cost({ type: 'getSettings' }) +
    cost({ type: 'watch' })
  expect(comesBack).toBeLessThan(defaultRates.messagesBurst / 5)
})

test('guests and operators have a rate, too', async () => {
  const server = await startServer({ rates: { messagesPerSecond: 0.001, messagesBurst: 5 } })
  const ann = await server.register('ann')
  const guest = server.guest()
  const administer = { type: 'administer', verb: 'status' } as const
  const codes = async (ask: () => Promise<{ code: string }>) => {
    const all = await Promise.all([ask(), ask(), ask()])
    return all.map(({ code }) => code)
  }
  expect(await codes(() => ann.refusal(administer))).toEqual([
    'notAllowed',
    'notAllowed',
    'rateLimited',
  ])
  expect(await codes(() => guest.refusal(administer))).toEqual([
    'notLoggedIn',
    'notLoggedIn',
    'rateLimited',
  ])
  // It is nobody else's.
  await server.logIn('ann')
})

function cost(draft: DraftMessage): number {
  const frame = encode({ request: 1, ...draft } as DraftMessage)
  const message = decode(frame.readUInt8(6), frame.subarray(11))
  return costOf(message as ClientMessage)
}
