import { setTimeout } from 'node:timers/promises'
import { FakeTerminal } from './fake-terminal.ts'
import { pour } from './pour.ts'
import { pressKeys } from './press.ts'
import { Seat } from './seat.ts'
import type { ClientTask } from './task.ts'

/** One task in a process of its own: what it costs is its own. */

// React decides when it is loaded, and its development build is slow.
process.env['NODE_ENV'] = 'production'

const NOBODY = { groups: 5, people: 5, members: 0 }
/** As many messages as are told in one go while memory is filled. */
const GO = 500
/** After the last message: what is under way is done. */
const SETTLE_MS = 1_000

type Does = { [K in ClientTask['kind']]: (task: Extract<ClientTask, { kind: K }>) => Promise<void> }

const does: Does = {
  keys: async ({ size, beside, perSecond, presses, bare }) => {
    const terminal = new FakeTerminal(size)
    if (bare) {
      const { drawBareInk } = await import('./bare-ink.ts')
      drawBareInk(terminal, size)
      process.send?.(await pressKeys(terminal, presses))
      return
    }
    const seat = await Seat.take(terminal, beside)
    const stop = perSecond === 0 ? undefined : pour(perSecond, (count) => seat.room.say(count))
    const times = await pressKeys(terminal, presses)
    stop?.()
    await seat.leave(terminal)
    process.send?.(times)
  },
  memory: async ({ size, messages }) => {
    const terminal = new FakeTerminal(size)
    const seat = await Seat.take(terminal, NOBODY)
    const before = memoryNow()
    for (let said = 0; said < messages; said += GO) {
      seat.room.say(GO)
      await setTimeout(1)
    }
    await setTimeout(SETTLE_MS)
    const after = memoryNow()
    process.send?.([after.heap - before.heap, after.resident - before.resident])
    await seat.leave(terminal)
  },
  display: async ({ perSecond }) => {
    const seat = await Seat.at(process.stdin, process.stdout, NOBODY)
    pour(perSecond, (count) => seat.room.say(count))
  },
  writes: ({ bytes, everyMs }) => {
    const text = 'x'.repeat(bytes)
    setInterval(() => process.stdout.write(text), everyMs)
    return Promise.resolve()
  },
}

function memoryNow(): Readonly<{ heap: number; resident: number }> {
  // The second finds what the first has finalised.
  for (let round = 0; round < 2; round++) globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, resident: rss }
}

const task = JSON.parse(process.argv[2] ?? '{}') as ClientTask
await (does[task.kind] as (task: ClientTask) => Promise<void>)(task)
if (process.connected) process.disconnect()
