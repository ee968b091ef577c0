import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { probeTerminal } from '../../../src/cli/doctor/probe.ts'
import { FakeClock } from '../../support/fake-clock.ts'

test('an answer that a slow line brings late is still read, and the last one ends it', async () => {
  const { keyboard, clock, probe } = asked()
  await clock.advance(1_900)
  keyboard.emit('data', '\x1bP>|slow 1.0\x1b\\')
  expect(keyboard.isRaw).toBe(true)
  keyboard.emit('data', '\x1b[?62;c')
  expect(await probe).toMatchObject({ answers: true, name: 'slow 1.0' })
  expect([keyboard.isRaw, clock.pending]).toEqual([false, 0])
})

test('a terminal that says nothing keeps nobody for ever', async () => {
  const { keyboard, clock, probe } = asked()
  await clock.advance(2_000)
  expect(await probe).toMatchObject({ answers: false, name: undefined })
  expect([keyboard.isRaw, clock.pending]).toEqual([false, 0])
})

class FakeKeyboard extends EventEmitter {
  isRaw = false

  setRawMode(on: boolean): this {
    this.isRaw = on
    return this
  }

  resume(): this {
    return this
  }

  pause(): this {
    return this
  }
}

function asked() {
  const [keyboard, clock] = [new FakeKeyboard(), new FakeClock()]
  const stdin = keyboard as unknown as NodeJS.ReadStream
  return { keyboard, clock, probe: probeTerminal(stdin, { write: () => true }, [], clock) }
}
