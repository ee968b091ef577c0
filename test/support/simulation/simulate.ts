import { strict as assert, deepEqual } from 'node:assert/strict'
import type { Entry } from '../../../src/protocol/messages.ts'
import type { Person } from './person.ts'
import { Simulation } from './simulation.ts'

type Logs = ReadonlyMap<string, readonly Entry[]>

/** Every third server has rates that everyone runs into all the time. */
const SMALL = { messagesPerSecond: 100, messagesBurst: 2 }
const STEPS = 80

/** One life of a small world, with its seed's troubles. @throws what promise was broken, with the seed */
export async function simulate(seed: number): Promise<void> {
  const rates = seed % 3 === 0 ? SMALL : {}
  const world = new Simulation(seed, { rates, thread: seed % 10 === 0 })
  try {
    await world.begin()
    await world.trouble(STEPS)
    await world.heal()
    await check(world)
  } catch (error) {
    throw new Error(`TCHAT_SEED=${seed}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    })
  } finally {
    await world.end()
  }
}

async function check(world: Simulation): Promise<void> {
  const logs = await world.logs()
  for (const [conversation, log] of logs) checkWhole(conversation, log)
  for (const person of world.people) {
    checkSaid(person, logs)
    checkCursors(person, await world.headsOf(person))
    for (const { entries } of person.runs) {
      for (const [conversation, told] of entries) checkTold(told, logs.get(conversation) ?? [])
    }
    for (const wire of person.wires) wire.check(person.id, logs)
  }
}

/** 1, 2, 3, … and every text counted. */
function checkWhole(conversation: string, log: readonly Entry[]): void {
  let texts = 0
  for (const [index, { seq, kind, n }] of log.entries()) {
    if (kind === 'text') texts += 1
    deepEqual({ conversation, seq, n }, { conversation, seq: index + 1, n: texts })
  }
}

/** All that was accepted is there, once, in the order of saying. */
function checkSaid(person: Person, logs: Logs): void {
  const refused = new Set(person.desk.client.outbox.map((item) => item.text))
  const said = person.said.flatMap(({ text }) => (refused.has(text) ? [] : [text]))
  const texts = [...logs.values()].flatMap((log) => textsOf(log, person.id))
  deepEqual(texts.toSorted(), said.toSorted(), `what ${person.name} said`)
  for (const log of logs.values()) {
    const numbers = textsOf(log, person.id).map((text) => Number(text.split(' ')[1]))
    deepEqual(
      numbers,
      numbers.toSorted((one, other) => one - other),
      'in the order of saying',
    )
  }
}

/** Where a client was told that its cursors are, they stay or go on, also over a crash. */
function checkCursors(
  person: Person,
  heads: readonly { conversation: string; delivered: number; read: number }[],
): void {
  const now = new Map(heads.map((head) => [head.conversation, head]))
  for (const { marked } of person.runs) {
    const before = new Map<string, { delivered: number; read: number }>()
    for (const { conversation, delivered, read } of marked) {
      const known = before.get(conversation)
      const last = now.get(conversation)
      const where = `${person.name} in ${conversation}`
      assert.ok(delivered >= (known?.delivered ?? 0), `delivered of ${where} went back`)
      assert.ok(read >= (known?.read ?? 0), `read of ${where} went back`)
      assert.ok(delivered <= (last?.delivered ?? delivered), `delivered of ${where} was lost`)
      assert.ok(read <= (last?.read ?? read), `read of ${where} was lost`)
      before.set(conversation, { delivered, read })
    }
  }
}

/** What a client told is a stretch of the log: the same entries, each once, without a gap. */
function checkTold(told: readonly Entry[], log: readonly Entry[]): void {
  const first = told[0]?.seq ?? 1
  const stretch = log.slice(first - 1, first - 1 + told.length)
  deepEqual(told.map(essence), stretch.map(essence))
}

function essence({ seq, from, kind, text, n }: Entry): string {
  return `${seq} ${from} ${kind} ${text} ${n}`
}

function textsOf(log: readonly Entry[], from: string): string[] {
  return log.filter((entry) => entry.kind === 'text' && entry.from === from).map(({ text }) => text)
}
