import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Cooldown, PAUSES_MAX } from '../../../src/ui/notify/cooldown.ts'

const PAUSE = 5_000

test('after the first nothing is told, until the pause ends with how much has come', () => {
  const { cooldown, told } = play([
    ['ops', false, 0],
    ['ops', false, 10],
    ['ops', false, 4_999],
  ])
  expect(told).toEqual([0])
  expect(cooldown.nextEnd).toBe(PAUSE)
  expect(cooldown.end(PAUSE)).toEqual([{ target: 'ops', count: 2, newest: 4_999 }])
  // What is summed up begins a pause of its own; without anything new that ends in silence.
  expect(cooldown.nextEnd).toBe(2 * PAUSE)
  expect(cooldown.end(2 * PAUSE)).toEqual([])
  expect(cooldown.nextEnd).toBe(undefined)
  expect(cooldown.tells('ops', false, 2 * PAUSE, 0)).toBe(true)
})

test('a mention is told in the pause of another message, but not in that of a mention', () => {
  const at = (mention: boolean, time: number) => ['ops', mention, time] as const
  expect(play([at(false, 0), at(true, 1), at(true, 2), at(false, 3)]).told).toEqual([0, 1])
  expect(play([at(true, 0), at(true, PAUSE)]).told).toEqual([0, PAUSE])
})

test('many conversations at once are told of at the end of one pause', () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const { cooldown, told } = play(names.map((name, at) => [name, false, at] as const))
  expect(told).toEqual([0, 1, 2])
  expect(cooldown.end(PAUSE + 3)).toEqual([
    { target: 'd', count: 1, newest: 3 },
    { target: 'e', count: 1, newest: 4 },
  ])
})

test('without a pause all is told', () => {
  const cooldown = new Cooldown<number>(0)
  const tells = () => cooldown.tells('ops', false, 0, 0)
  expect([tells(), tells()]).toEqual([true, true])
  expect(cooldown.nextEnd).toBe(undefined)
  expect(cooldown.size).toBe(0)
})

test.each([
  ['mentions', true],
  ['messages', false],
])('however many conversations %s come in: so many are known, the newest', (_, isMention) => {
  const cooldown = new Cooldown<number>(PAUSE)
  const all = Array.from({ length: 3 * PAUSES_MAX }, (_, at) => `group${at}`)
  for (const [at, target] of all.entries()) {
    cooldown.tells(target, isMention, 0, at)
    cooldown.tells(target, isMention, 0, at)
    expect(cooldown.size).toBeLessThanOrEqual(PAUSES_MAX)
  }
  const summaries = cooldown.end(PAUSE)
  expect(summaries.map(({ target }) => target)).toEqual(all.slice(-PAUSES_MAX))
  expect(summaries.map(({ newest }) => newest)).toEqual([...all.keys()].slice(-PAUSES_MAX))
  expect(cooldown.end(2 * PAUSE)).toEqual([])
  expect(cooldown.size).toBe(0)
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
      const cooldown = new Cooldown<number>(PAUSE)
      let now = 0
      let said = 0
      const tolds = new Map<string, { at: number; mention: boolean }[]>()
      const note = (target: string, mention: boolean) =>
        tolds.set(target, [...(tolds.get(target) ?? []), { at: now, mention }])
      const end = (until: number) => {
        for (let at = cooldown.nextEnd; at !== undefined && at <= until; at = cooldown.nextEnd) {
          now = at
          for (const { target, count } of cooldown.end(now)) {
            said += count
            note(target, false)
          }
        }
        now = until
      }
      for (const { target, mention, after } of all) {
        end(now + after)
        if (!cooldown.tells(target, mention, now, now)) continue
        said += 1
        note(target, mention)
      }
      end(now + 3 * PAUSE)
      expect(said).toBe(all.length)
      expect(cooldown.nextEnd).toBe(undefined)
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
  const cooldown = new Cooldown<number>(PAUSE)
  const told = arrivals
    .filter(([target, mention, at]) => cooldown.tells(target, mention, at, at))
    .map(([, , at]) => at)
  return { cooldown, told }
}
