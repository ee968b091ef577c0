import { afterEach, expect, test } from 'vitest'
import type { Entry } from '../../src/protocol/messages.ts'
import { Simulation } from '../support/simulation.ts'

/**
 * `TCHAT_SEED=17` repeats the actions and faults of one, not their exact timing; `TCHAT_SEEDS=1000`
 * runs so many.
 */
const only = process.env['TCHAT_SEED']
const count = Number(process.env['TCHAT_SEEDS'] ?? 24)
const seeds =
  only === undefined ? Array.from({ length: count }, (_, seed) => seed + 1) : [Number(only)]

/** Every third server has rates that everyone runs into all the time. */
const SMALL = { messagesPerSecond: 100, messagesBurst: 2 }

let simulation: Simulation | undefined
afterEach(async () => {
  await simulation?.end()
  simulation = undefined
})

test.each(seeds)(
  'nothing is lost, doubled or out of order over faulty links: TCHAT_SEED=%i',
  { timeout: 30_000 },
  async (seed) => {
    simulation = new Simulation(seed, seed % 3 === 0 ? SMALL : {})
    await simulation.begin()
    await simulation.trouble(80)
    await simulation.heal()
    await check(simulation)
  },
)

async function check(world: Simulation): Promise<void> {
  const logs = await world.logs()
  for (const log of logs.values()) {
    expect(log.map((entry) => entry.seq)).toEqual(log.map((_, index) => index + 1))
  }
  for (const person of world.people) {
    const refused = new Set(person.client.outbox.map((item) => item.text))
    const said = person.said.filter(({ text }) => !refused.has(text))
    const texts = [...logs.values()].flatMap((log) => textsOf(log, person.id))
    expect(texts.toSorted()).toEqual(said.map(({ text }) => text).toSorted())
    for (const log of logs.values()) {
      const numbers = textsOf(log, person.id).map((text) => Number(text.split(' ')[1]))
      expect(numbers, 'in the order of saying').toEqual(numbers.toSorted((a, b) => a - b))
    }
    for (const run of person.runs) {
      for (const [conversation, entries] of run) checkRun(entries, logs.get(conversation) ?? [])
    }
  }
}

/** What a client told is a stretch of the log: the same entries, each once, without a gap. */
function checkRun(told: readonly Entry[], log: readonly Entry[]): void {
  const first = told[0]?.seq ?? 1
  const stretch = log.slice(first - 1, first - 1 + told.length)
  expect(told.map(essence)).toEqual(stretch.map(essence))
}

function essence({ seq, from, kind, text, n }: Entry): string {
  return `${seq} ${from} ${kind} ${text} ${n}`
}

function textsOf(log: readonly Entry[], from: string): string[] {
  return log.filter((entry) => entry.kind === 'text' && entry.from === from).map(({ text }) => text)
}
