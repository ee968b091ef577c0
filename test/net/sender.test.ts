import { expect, test, vi } from 'vitest'
import type { OutboxItem } from '../../src/net/events.ts'
import { memoryOutbox, type Outbox } from '../../src/net/outbox.ts'
import { Sender } from '../../src/net/sender.ts'
import { systemTimers } from '../../src/net/timers.ts'
import { ChatError } from '../../src/protocol/errors.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { PATIENCE } from '../support/patience.ts'

function senderOn(outbox: Outbox): { sender: Sender; shown: string[][] } {
  const shown: string[][] = []
  const sender = new Sender({
    outbox,
    timers: systemTimers,
    now: () => 0,
    randomNonce: () => crypto.getRandomValues(new Uint8Array(16)),
    onChange: (items: readonly OutboxItem[]) => shown.push(items.map(({ text }) => text)),
  })
  return { sender, shown }
}

test('what is shown as waiting is on disk', async () => {
  const disk = Promise.withResolvers<void>()
  const { sender, shown } = senderOn({ ...memoryOutbox(), add: () => disk.promise })
  const saying = sender.say({ kind: 'group', id: 'tea' }, 'hello')
  expect(shown).toEqual([])
  expect(sender.items).toEqual([])
  disk.resolve()
  await saying
  expect(shown).toEqual([['hello']])
})

test('what cannot be kept is never shown as waiting', async () => {
  const full = new Error('no space left on device')
  const { sender, shown } = senderOn({ ...memoryOutbox(), add: () => Promise.reject(full) })
  await expect(sender.say({ kind: 'group', id: 'tea' }, 'hello')).rejects.toBe(full)
  expect(shown).toEqual([])
  expect(sender.items).toEqual([])
})

test('where something stands is told once, and a refusal is told with its reason', async () => {
  const told: unknown[] = []
  const sender = new Sender({
    outbox: memoryOutbox(),
    timers: systemTimers,
    now: () => 0,
    randomNonce: () => crypto.getRandomValues(new Uint8Array(16)),
    onChange: () => undefined,
    onSent: ({ seq, conversation }) => told.push({ seq, conversation }),
    onRefused: (_nonce, error) => told.push(error.message),
  })
  const place = { type: 'sent', request: 1, conversation: '~c', seq: 4, time: 9 } as const
  sender.attach((item) =>
    item.text === 'bad' ? Promise.reject(new ChatError('blocked')) : Promise.resolve(place),
  )
  const nonce = await sender.say({ kind: 'direct', id: 'bob' }, 'good')
  await vi.waitFor(() => expect(told).toEqual([{ seq: 4, conversation: '~c' }]), PATIENCE)
  // As its own push says it, too.
  sender.acknowledge(nonce, place)
  await sender.say({ kind: 'direct', id: 'bob' }, 'bad')
  await vi.waitFor(
    () => expect(told.slice(1)).toEqual([new ChatError('blocked').message]),
    PATIENCE,
  )
})

test.each([true, false])(
  'what the server has is not shown; kept for who said it: %s',
  async (keepSent) => {
    const removed: string[] = []
    const answered = Promise.withResolvers<string>()
    const sender = new Sender({
      outbox: { ...memoryOutbox(), remove: async (nonce) => void removed.push(nonce) },
      timers: systemTimers,
      now: () => 0,
      randomNonce: () => crypto.getRandomValues(new Uint8Array(16)),
      onChange: () => undefined,
      onSent: ({ nonce }) => answered.resolve(nonce),
      keepSent,
    })
    const nonce = await sender.say({ kind: 'group', id: 'tea' }, 'hello')
    expect(() => sender.forget(nonce)).toThrow('the server does not have')
    sender.attach(async () => ({ type: 'sent', request: 1, conversation: '~c', seq: 4, time: 9 }))
    expect(await answered.promise).toBe(nonce)
    expect(sender.items).toEqual([])
    expect(removed).toEqual(keepSent ? [] : [nonce])
    if (keepSent) sender.forget(nonce)
    expect(removed).toEqual([nonce])
  },
)

test('what is taken back says whether it may have reached the server', async () => {
  const { sender } = senderOn(memoryOutbox())
  const nonce = await sender.say({ kind: 'group', id: 'tea' }, 'hello')
  expect(sender.discard(nonce)).toBe(false)
  sender.attach(() => new Promise(() => undefined))
  const tried = await sender.say({ kind: 'group', id: 'tea' }, 'hello')
  sender.detach()
  expect(sender.discard(tried)).toBe(true)
  expect(sender.discard(tried)).toBe(false)
  expect(sender.items).toEqual([])
})

test('what the server puts off keeps its place before what was sent behind it', async () => {
  const clock = new FakeClock()
  const sender = new Sender({
    outbox: memoryOutbox(),
    timers: clock,
    now: () => 0,
    randomNonce: () => crypto.getRandomValues(new Uint8Array(16)),
    onChange: () => undefined,
  })
  const carried: string[] = []
  const refusals: (() => void)[] = []
  sender.attach((item) => {
    carried.push(item.text)
    return new Promise((_resolve, reject) => {
      refusals.push(() => reject(new ChatError('rateLimited', undefined, 100)))
    })
  })
  for (const text of ['one', 'two', 'three']) await sender.say({ kind: 'group', id: 'tea' }, text)
  refusals[0]?.()
  await clock.advance(100)
  expect(carried).toEqual(['one', 'two', 'three'])
  refusals[1]?.()
  refusals[2]?.()
  await clock.advance(100)
  expect(carried.slice(3)).toEqual(['one', 'two', 'three'])
})
