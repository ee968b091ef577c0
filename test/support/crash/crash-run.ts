import { strict as assert, deepEqual } from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { Entry } from '../../../src/protocol/messages.ts'
import { PATIENCE_MS } from '../patience.ts'
import type { RawClient } from '../raw-client.ts'
import { SeededRandom } from '../seeded-random.ts'
import { wholeLog } from '../whole-log.ts'
import { Chatter } from './chatter.ts'
import { CrashingServer } from './server.ts'
import { Writer } from './writer.ts'

const WRITERS = ['ann', 'ben', 'cat', 'dan', 'eve']
const CHATTERS = ['gus', 'hal']
const GROUPS = ['#lobby', '#ops']
/** A server is killed somewhere within so many acknowledgements. */
const ACKNOWLEDGED_MAX = 300
const DONE_MS_MAX = PATIENCE_MS

export type CrashRunOptions = Readonly<{
  seed: number
  kills: number
  onKill?: (killed: number) => void
}>

export type CrashRunResult = Readonly<{ kills: number; acknowledged: number }>

type Log = readonly Entry[]

/**
 * A real server is killed again and again while many write, to groups and to each other.
 * @throws what promise was broken: something acknowledged that is lost, doubled or elsewhere
 */
export async function crashRun(options: CrashRunOptions): Promise<CrashRunResult> {
  const random = new SeededRandom(options.seed)
  using server = new CrashingServer()
  let acknowledged = 0
  let onAcknowledged: () => void = () => undefined
  const writers = WRITERS.map(
    (name) =>
      new Writer({
        name,
        server,
        random: random.fork(),
        targets: [...GROUPS, ...WRITERS, ...CHATTERS],
        onAcknowledged: () => {
          acknowledged += 1
          onAcknowledged()
        },
      }),
  )
  const chatters = CHATTERS.map(
    (name) =>
      new Chatter(name, server, [
        { kind: 'group', id: 'ops' },
        { kind: 'direct', id: 'ann' },
        { kind: 'direct', id: CHATTERS.find((other) => other !== name) ?? name },
      ]),
  )
  try {
    await server.start()
    await settle(writers, chatters)
    const running = Promise.all(writers.map((writer) => writer.run()))
    // Looked at below: a violation must not wait for the last kill.
    const failed = running.then(() => undefined)
    failed.catch(() => undefined)
    for (let killed = 1; killed <= options.kills; killed += 1) {
      const enough = acknowledged + 1 + random.below(ACKNOWLEDGED_MAX)
      const reached = new Promise<void>((resolve) => {
        onAcknowledged = () => {
          if (acknowledged >= enough) resolve()
        }
      })
      await Promise.race([reached, failed])
      await server.kill()
      options.onKill?.(killed)
      await server.start()
    }
    for (const one of [...writers, ...chatters]) one.finish()
    await running
    for (const chatter of chatters) await until(`${chatter.name} is heard`, () => chatter.heard)
    await check(writers, chatters)
    return { kills: options.kills, acknowledged }
  } finally {
    for (const chatter of chatters) await chatter.close()
  }
}

/** Everyone has an account and is in every group. */
async function settle(writers: readonly Writer[], chatters: readonly Chatter[]): Promise<void> {
  for (const writer of writers) await writer.register()
  const [maker] = writers
  const client = await maker?.arrive()
  for (const chatter of chatters) await chatter.register()
  const members = [...WRITERS, ...CHATTERS].slice(1)
  await client?.ask({ type: 'createGroup', name: 'ops', nonce: Buffer.alloc(16, 1), members })
  client?.end()
  for (const chatter of chatters) chatter.begin()
}

async function check(writers: readonly Writer[], chatters: readonly Chatter[]): Promise<void> {
  const logs = new Map<string, Log>()
  for (const writer of writers) {
    const client = await writer.arrive()
    for (const [conversation, log] of await logsOf(client)) {
      checkWhole(conversation, log)
      const known = logs.get(conversation)
      if (known !== undefined) deepEqual(log, known, `${conversation} is not the same for all`)
      logs.set(conversation, log)
    }
    checkItems(writer, logs)
    await checkRepeated(writer, client)
    client.end()
  }
  for (const chatter of chatters) await checkChatter(chatter, logs)
  checkOnce(logs)
}

async function logsOf(client: RawClient): Promise<ReadonlyMap<string, Log>> {
  const logs = new Map<string, Log>()
  const { heads } = await client.ask({ type: 'sync' })
  for (const { conversation, last } of heads) {
    const log = await wholeLog(client, conversation)
    assert.equal(log.length, last, `${conversation} has fewer entries than its head says`)
    logs.set(conversation, log)
  }
  return logs
}

function checkWhole(conversation: string, log: Log): void {
  let texts = 0
  for (const [index, { seq, kind, n }] of log.entries()) {
    if (kind === 'text') texts += 1
    deepEqual({ conversation, seq, n }, { conversation, seq: index + 1, n: texts })
  }
}

/** Every acknowledged text stands where the acknowledgement said. */
function checkItems({ name, items }: Writer, logs: ReadonlyMap<string, Log>): void {
  for (const { text, place } of items) {
    const entry = logs.get(place?.conversation ?? '')?.[(place?.seq ?? 0) - 1]
    assert.equal(entry?.text, text, `what was acknowledged to ${name} is not there`)
  }
}

/** Said again at the end of everything, it still has its place. */
async function checkRepeated({ items, name }: Writer, client: RawClient): Promise<void> {
  for (const { draft, place, text } of items.slice(-100)) {
    const { conversation, seq } = await client.ask(draft)
    deepEqual({ conversation, seq }, place, `${name} repeated '${text}'`)
  }
}

async function checkChatter(chatter: Chatter, logs: Map<string, Log>): Promise<void> {
  const heads = [...logs].flatMap(([conversation, log]) =>
    chatter.told.has(conversation) ? [{ conversation, last: log.length }] : [],
  )
  await until(`${chatter.name} was told everything`, () => chatter.isAt(heads))
  for (const [conversation, told] of chatter.told) {
    const first = told[0]?.seq ?? 1
    const seqs = told.map(({ seq }) => seq)
    deepEqual(
      seqs,
      seqs.map((_, index) => first + index),
      `told to ${chatter.name}`,
    )
    const log = logs.get(conversation)
    if (log === undefined) logs.set(conversation, told)
    else deepEqual(told.map(essence), log.slice(first - 1, first - 1 + told.length).map(essence))
  }
  const texts = new Set([...logs.values()].flatMap((log) => log.map(({ text }) => text)))
  for (const text of chatter.said) assert.ok(texts.has(text), `'${text}' is lost`)
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + DONE_MS_MAX
  while (!holds()) {
    assert.ok(performance.now() < deadline, `waited in vain until ${what}`)
    await delay(20)
  }
}

function essence({ seq, from, text }: Entry): string {
  return `${seq} ${from} ${text}`
}

function checkOnce(logs: ReadonlyMap<string, Log>): void {
  const texts = [...logs.values()].flatMap((log) =>
    log.flatMap(({ kind, text }) => (kind === 'text' ? [text] : [])),
  )
  assert.equal(new Set(texts).size, texts.length, 'a text is there twice')
}
