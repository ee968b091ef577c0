import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ended, NO_PAUSES, nextEnd, type Pauses, taken } from '../../../src/ui/notify/cooldown.ts'

const PAUSE = 5_000

test('after the first nothing is told, until the pause ends with how much has come', () => {
  const { pauses, told } = play([
    ['ops', false, 0],
    ['ops', false, 10],
    ['ops', false, 4_999],
  ])
  expect(told).toEqual([0])
  expect(nextEnd(pauses)).toBe(PAUSE)
  const end = ended(pauses, PAUSE, PAUSE)
  expect(end.summaries).toEqual([{ target: 'ops', count: 2 }])
  // What is summed up begins a pause of its own; without anything new that ends in silence.
  expect(taken(end.pauses, 'ops', false, PAUSE + 1, PAUSE).tell).toBe(false)
  expect(ended(end.pauses, 2 * PAUSE, PAUSE)).toEqual({ pauses: new Map(), summaries: [] })
})

test('a mention is told in the pause of another message, but not in that of a mention', () => {
  const at = (mention: boolean, time: number) => ['ops', mention, time] as const
  expect(play([at(false, 0), at(true, 1), at(true, 2), at(false, 3)]).told).toEqual([0, 1])
  expect(play([at(true, 0), at(true, PAUSE)]).told).toEqual([0, PAUSE])
})

test('many conversations at once are told of at the end of their pauses', () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const { pauses, told } = play(names.map((name, at) => [name, false, at] as const))
  expect(told).toEqual([0, 1, 2])
  expect(ended(pauses, PAUSE + 4, PAUSE).summaries).toEqual([
    { target: 'd', count: 1 },
    { target: 'e', count: 1 },
  ])
})

test('without a pause all is told', () => {
  expect(taken(NO_PAUSES, 'ops', false, 0, 0)).toEqual({ pauses: NO_PAUSES, tell: true })
})

const arrivals = fc.array(
  fc.record({
    target: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    mention: fc.boolean(),
    after: fc.integer({ min: 0, max: 4_000 }),
  }),
  { maxLength: 60 },
)

test('whatever comes when: each is told or counted once, and a conversation never twice in a pause', () => {
  fc.assert(
    fc.property(arrivals, (all) => {
      let pauses: Pauses = NO_PAUSES
      let now = 0
      let said = 0
      const tolds = new Map<string, { at: number; mention: boolean }[]>()
      const note = (target: string, mention: boolean) =>
        tolds.set(target, [...(tolds.get(target) ?? []), { at: now, mention }])
      const end = (until: number) => {
        for (let at = nextEnd(pauses); at !== undefined && at <= until; at = nextEnd(pauses)) {
          now = at
          const done = ended(pauses, now, PAUSE)
          pauses = done.pauses
          for (const { target, count } of done.summaries) {
            said += count
            note(target, false)
          }
        }
        now = until
      }
      for (const { target, mention, after } of all) {
        end(now + after)
        const next = taken(pauses, target, mention, now, PAUSE)
        pauses = next.pauses
        if (!next.tell) continue
        said += 1
        note(target, mention)
      }
      end(now + 3 * PAUSE)
      expect(said).toBe(all.length)
      expect(pauses.size).toBe(0)
      for (const times of tolds.values()) {
        for (const [index, { at, mention }] of times.entries()) {
          const before = times[index - 1]
          if (before !== undefined && !mention) {
            expect(at - before.at).toBeGreaterThanOrEqual(before.mention ? 0 : PAUSE)
          }
        }
      }
    }),
  )
})

/** What is told of what comes at these times. */
function play(arrivals: readonly (readonly [target: string, mention: boolean, at: number])[]) {
  let pauses: Pauses = NO_PAUSES
  const told: number[] = []
  for (const [target, mention, at] of arrivals) {
    const next = taken(pauses, target, mention, at, PAUSE)
    pauses = next.pauses
    if (next.tell) told.push(at)
  }
  return { pauses, told }
}
