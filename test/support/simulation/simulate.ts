import { strict as assert, deepEqual } from 'node:assert/strict'
import type { Entry } from '../../../src/protocol/messages.ts'
import { applyChange } from '../../../src/protocol/present.ts'
import type { Person } from './person.ts'
import { Simulation } from './simulation.ts'

type Logs = ReadonlyMap<string, readonly Entry[]>

/** Every third server has rates that everyone runs into all the time. */
const SMALL = { messagesPerSecond: 100, messagesBurst: 2 }
const STEPS = 60
/** Of a seed: the clock is the machine's, not the seed's. */
const REPEATS =
  'repeats what is done and which faults there are, not when exactly: it may take several runs'

/** One life of a small world with so many servers, with its seed's troubles. @throws what promise was broken, with the seed */
export async function simulate(seed: number, nodes = 1): Promise<void> {
  const rates = seed % 3 === 0 ? SMALL : {}
  const world = new Simulation(seed, { rates, thread: seed % 20 === 0, nodes })
  try {
    await world.begin()
    await world.trouble(STEPS)
    await settle(world)
  } catch (error) {
    const again = `${nodes === 1 ? 'TCHAT_SEED' : 'TCHAT_CLUSTER_SEED'}=${seed}`
    const what = error instanceof Error ? error.message : error
    throw new Error(`${what} (${again} ${REPEATS})`, { cause: error })
  } finally {
    await world.end()
  }
}

/** What a broken connection had asked for can come late: a check counts when nothing came meanwhile. */
async function settle(world: Simulation): Promise<void> {
  for (;;) {
    await world.heal()
    const before = await world.ends()
    try {
      return await check(world)
    } catch (error) {
      if ((await world.ends()) === before) throw error
    }
  }
}

async function check(world: Simulation): Promise<void> {
  const logs = await world.logs()
  for (const [conversation, log] of logs) checkWhole(conversation, log)
  for (const person of world.people) {
    checkSaid(world, person, logs)
    checkCursors(person, await world.headsOf(person))
    for (const { entries } of person.runs) {
      for (const [conversation, told] of entries) checkTold(told, logs.get(conversation) ?? [])
    }
    await checkPresent(world, person)
    for (const wire of person.wires) {
      wire.check(person.id, logs)
      if (world.ordered) wire.checkCursors(person.id)
    }
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

/**
 * All that was accepted is there, once and in one conversation, in the order of saying; what was deleted
 * left its place.
 */
function checkSaid(world: Simulation, person: Person, logs: Logs): void {
  const refused = new Set(person.desk.client.outbox.map((item) => item.text))
  const said = person.said.filter((text) => !refused.has(text))
  const texts = [...logs.values()].flatMap((log) => textsOf(log, person.id))
  const found = texts.map(({ text }) => text).join(', ')
  const counted = `${person.name} said '${said.join(', ')}', and there is '${found}'`
  assert.equal(texts.length, said.length, counted)
  const kept = texts.filter(({ text }) => text !== '').map(({ text }) => wordsOf(text))
  assert.equal(new Set(kept).size, kept.length, `what ${person.name} said is there twice`)
  for (const words of kept) assert.ok(said.includes(words), `${person.name} never said '${words}'`)
  for (const [conversation, log] of logs) {
    const deleted = new Set(log.flatMap(({ kind, target }) => (kind === 'deleted' ? [target] : [])))
    const own = textsOf(log, person.id)
    const blank = own.filter(({ text }) => text === '')
    for (const { seq } of blank) assert.ok(deleted.has(seq), `${seq} was never deleted`)
    if (!world.keepsOrder(conversation)) continue
    const numbers = own.flatMap(({ text }) => (text === '' ? [] : [Number(text.split(' ')[1])]))
    const sorted = numbers.toSorted((one, other) => one - other)
    deepEqual(numbers, sorted, `${person.name} did not say it in this order`)
  }
}

/** Without what edits have put behind them. */
function wordsOf(text: string): string {
  return text.split(' ').slice(0, 2).join(' ')
}

/** Where a client told that its cursors are, they stay or go on, also over a crash. */
function checkCursors(
  person: Person,
  heads: readonly { conversation: string; delivered: number; read: number }[],
): void {
  const now = new Map(heads.map((head) => [head.conversation, head]))
  for (const { marked } of person.runs) {
    const before = new Map<string, { delivered: number; read: number }>()
    for (const { conversation, delivered, read, stay } of marked) {
      // Who is not there any more may be told late where they were.
      const known = before.get(`${conversation} ${stay}`)
      const last = now.get(conversation)
      const where = `${person.name} in ${conversation}`
      assert.ok(delivered >= (known?.delivered ?? 0), `delivered of ${where} went back`)
      assert.ok(read >= (known?.read ?? 0), `read of ${where} went back`)
      assert.ok(delivered <= (last?.delivered ?? delivered), `delivered of ${where} was lost`)
      assert.ok(read <= (last?.read ?? read), `read of ${where} was lost`)
      before.set(`${conversation} ${stay}`, { delivered, read })
    }
  }
}

/** What a client told is a stretch of the log: the same entries, each once, without a gap. */
function checkTold(told: readonly Entry[], log: readonly Entry[]): void {
  const first = told[0]?.seq ?? 1
  const stretch = log.slice(first - 1, first - 1 + told.length)
  deepEqual(told.map(essence), stretch.map(essence))
}

/** All but what later entries may have changed. */
function essence({ seq, from, kind, subject, target, n }: Entry): string {
  return `${seq} ${from} ${kind} ${subject?.id} ${target} ${n}`
}

/** Who applies every change that they were told of has the texts as the server has them. */
async function checkPresent(world: Simulation, person: Person): Promise<void> {
  for (const { conversation } of await world.headsOf(person)) {
    const pages = await world.pagesOf(person, conversation)
    for (const { run } of person.devices.filter(({ on }) => on)) {
      const told = run?.keptOf(conversation) ?? []
      const from = told[0]?.seq ?? 0
      const texts = textsIn(told).map((text) =>
        told.reduce((now, change) => applyChange(now, change, person.id), text),
      )
      const wanted = textsIn(pages).filter(({ seq }) => seq >= from)
      deepEqual(texts.map(looks), wanted.map(looks), `${conversation} as ${person.name} sees it`)
    }
  }
}

function looks({ seq, text, edited, changed, reactions }: Entry) {
  return { seq, text, edited, changed, reactions }
}

function textsIn(entries: readonly Entry[]): readonly Entry[] {
  return entries.filter(({ kind }) => kind === 'text')
}

function textsOf(log: readonly Entry[], from: string): readonly Entry[] {
  return log.filter((entry) => entry.kind === 'text' && entry.from === from)
}
