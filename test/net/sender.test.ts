import { expect, test } from 'vitest'
import type { OutboxItem } from '../../src/net/events.ts'
import { memoryOutbox, type Outbox } from '../../src/net/outbox.ts'
import { Sender } from '../../src/net/sender.ts'
import { systemTimers } from '../../src/net/timers.ts'

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
