import { expect, test } from 'vitest'
import { Store, type StoreClock } from '../../src/ui/state/store.ts'

/** A clock that stands still until it is moved. */
class HandClock implements StoreClock {
  #now = 1_000
  #waiting: { at: number; run: () => void }[] = []

  now = (): number => this.#now

  after = (ms: number, run: () => void): (() => void) => {
    const one = { at: this.#now + ms, run }
    this.#waiting.push(one)
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== one)
    }
  }

  move(ms: number): void {
    this.#now += ms
    const due = this.#waiting.filter(({ at }) => at <= this.#now)
    this.#waiting = this.#waiting.filter(({ at }) => at > this.#now)
    for (const { run } of due) run()
  }
}

function open() {
  const clock = new HandClock()
  const store = new Store((sum: number, by: number) => sum + by, 0, clock, 60)
  const seen: number[] = []
  store.subscribe(() => seen.push(store.getSnapshot()))
  return { clock, store, seen }
}

test('what the person does is shown at once, each time', () => {
  const { store, seen } = open()
  store.dispatch(1)
  store.dispatch(1)
  expect(seen).toEqual([1, 2])
})

test('what comes after a quiet time is shown at once', () => {
  const { clock, store, seen } = open()
  store.receive(1)
  clock.move(0)
  expect(seen).toEqual([1])
})

test('a burst becomes one notification in the fold time, and the last of it is not lost', () => {
  const { clock, store, seen } = open()
  for (let ms = 0; ms < 1_000; ms++) {
    store.receive(1)
    clock.move(1)
  }
  clock.move(60)
  expect(seen.at(-1)).toBe(1_000)
  expect(seen.length).toBeGreaterThan(14)
  expect(seen.length).toBeLessThan(20)
})

test('where drawing takes long there is less of it, and a key is shown at once all the same', async () => {
  const { clock, store, seen } = open()
  store.subscribe(() => clock.move(20))
  for (let drawn = 0; drawn < 8; drawn++) {
    store.receive(1)
    clock.move(500)
    // Drawing counts until everything that follows from a notification has happened.
    await Promise.resolve()
  }
  const before = seen.length
  store.receive(1)
  clock.move(100)
  expect(seen).toHaveLength(before)
  clock.move(60)
  expect(seen).toHaveLength(before + 1)
  store.receive(1)
  store.dispatch(1)
  expect(seen).toHaveLength(before + 2)
})

test('a key in the middle of a burst is shown at once, with all that came before it', () => {
  const { clock, store, seen } = open()
  store.receive(1)
  clock.move(0)
  store.receive(10)
  store.dispatch(100)
  expect(seen).toEqual([1, 111])
  clock.move(100)
  expect(seen).toEqual([1, 111])
})

test('who has unsubscribed is not told', () => {
  const { store } = open()
  const told: number[] = []
  const stop = store.subscribe(() => told.push(store.getSnapshot()))
  store.dispatch(1)
  stop()
  store.dispatch(1)
  expect(told).toEqual([1])
})
