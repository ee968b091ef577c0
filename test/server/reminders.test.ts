import { expect, test } from 'vitest'
import type { Hint } from '../../src/server/bus/bus.ts'
import { Reminders } from '../../src/server/reminders.ts'

const before = { hideReceipts: false, status: 'available' } as const
const after = { hideReceipts: false, status: 'busy' } as const

/** Somebody with so many sessions; `read` is called when the store has looked at the settings. */
function reminders({ sessions = 2, read = (): void => undefined }) {
  const told: Hint[] = []
  let settings: typeof before | typeof after = before
  const made = new Reminders({
    store: {
      sessions: async () =>
        Array.from({ length: sessions }, (_, at) => {
          return { id: `${at}`, tokenHash: Buffer.alloc(32, at), device: '', created: 0, used: 0 }
        }),
      settings: async () => {
        const found = settings
        read()
        return found
      },
      heads: async () => ({ items: [], next: '' }),
    },
    hub: { onHint: (hint) => told.push(hint) },
    presence: { learnAgain: async () => undefined },
    receipts: { tellAgain: async () => undefined },
    now: () => 0,
  })
  const change = () => {
    settings = after
  }
  return { made, told, change }
}

test('what was heard while the store was read is not told as it was before', async () => {
  let heard = false
  const world = reminders({
    read: () => {
      if (heard) return
      heard = true
      world.change()
      world.made.onHint({ kind: 'settings', except: '', user: '~u1', settings: after })
    },
  })
  await world.made.remind('~u1')
  expect(world.told).toEqual([{ kind: 'settings', except: '', user: '~u1', settings: after }])
})

test('who has no other session is not told what only that one can have changed', async () => {
  const { made, told } = reminders({ sessions: 1 })
  await made.remind('~u1')
  expect(told).toEqual([])
})
