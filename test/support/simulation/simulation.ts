import { strict as assert } from 'node:assert'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Target } from '../../../src/net/events.ts'
import { decodeRecords } from '../../../src/protocol/codec.ts'
import type { Entry, Head } from '../../../src/protocol/messages.ts'
import type { Rates } from '../../../src/server/limits.ts'
import { type Faults, FaultyLink, NO_FAULTS } from '../faulty-link.ts'
import { PATIENCE_MS } from '../patience.ts'
import { runFolder } from '../run-folder.ts'
import { SeededRandom } from '../seeded-random.ts'
import { SteadyClock } from '../steady-clock.ts'
import { happen } from './actions.ts'
import { Cluster } from './cluster.ts'
import { type Host, keepIn, LoneHost, type Restart } from './host.ts'
import { type Device, Person, type Run } from './person.ts'
import { Wire } from './wire.ts'

/** Clients wait seconds between attempts; here a second takes this much less. */
const SPEED = 20
const SWEEP_MS = 1_000 / SPEED
const HEAL_MS_MAX = PATIENCE_MS
const NAMES = ['ann', 'ben', 'cat', 'dan', 'eve']
const GROUPS = ['ops', 'tea']
/** Names that groups have in turn. */
const GROUP_NAMES = [...GROUPS, 'den']

export type SimulationOptions = Readonly<{
  rates?: Partial<Rates>
  /** The store has its thread and syncs the disk, as a server's does: slower, and cannot be killed. */
  thread?: boolean
  /** How many servers there are; one by default. */
  nodes?: number
}>

/**
 * Many clients and a real server over links that misbehave as the seed says: what is done, and which
 * faults there are, follows from the seed; when exactly, from the machine.
 */
export class Simulation {
  readonly random: SeededRandom
  readonly clock = new SteadyClock(SPEED)
  readonly people: Person[]
  /** Of those where what somebody says may be refused. */
  readonly groupIds = new Set<string>()
  /** Somebody has blocked somebody, so that direct messages may have been refused. */
  blocks = false
  stateFolder = ''
  #options: SimulationOptions
  #folder = ''
  #lobby = ''
  #host: Host | undefined
  #links = new Set<FaultyLink>()
  #faults: Faults = NO_FAULTS

  constructor(seed: number, options: SimulationOptions = {}) {
    this.#options = options
    this.random = new SeededRandom(seed)
    this.people = NAMES.map((name) => new Person(this, name))
  }

  dial(wires: Wire[]): Promise<{ stream: FaultyLink['near'] }> {
    const link = new FaultyLink(this.random.fork(), this.#faults)
    if (this.#host?.accept(link) !== true) return Promise.reject(new Error('nothing listens there'))
    keepIn(this.#links, link)
    wires.push(new Wire(link.near))
    return Promise.resolve({ stream: link.near })
  }

  /** Everyone has an account, and is in one group or more. */
  async begin(): Promise<void> {
    this.#folder = runFolder('simulation')
    this.stateFolder = join(this.#folder, 'clients')
    this.#host = this.#makeHost()
    await this.#host.start()
    await Promise.all(this.people.map((person) => person.register()))
    const withPhones = this.people.filter(() => this.random.chance(0.8))
    await Promise.all(withPhones.map((person) => person.comeBack(person.phone)))
    for (const name of GROUPS) {
      await this.make(this.random.pick(this.people), name)
    }
    const [anybody] = this.people
    const heads = anybody === undefined ? [] : await this.headsOf(anybody)
    this.#lobby = heads.find(({ name }) => name === 'lobby')?.conversation ?? ''
    this.#faults = {
      delayMs: this.random.below(6),
      split: this.random.chance(0.5),
      stall: this.random.chance(0.3) ? 0.02 : 0,
      stallMs: 40,
      reset: this.random.pick([0, 0.002, 0.01]),
    }
  }

  async make(maker: Person, name: string): Promise<void> {
    const members = NAMES.filter(() => this.random.chance(0.6))
    const nonce = this.random.bytes(16)
    const { group } = await maker.desk.client.request({ type: 'createGroup', name, nonce, members })
    if (group !== undefined) this.groupIds.add(group.id)
  }

  async trouble(steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      await happen(this, this.random.pick(this.people))
      if (this.random.chance(0.4)) await delay(this.random.below(8))
    }
  }

  /** No more faults: waits until everyone has everything, or throws what is missing. */
  async heal(): Promise<void> {
    this.#faults = NO_FAULTS
    for (const link of this.#links) link.heal()
    this.#host?.heal()
    await Promise.all(this.people.map((person) => person.saidAll()))
    for (const person of this.people) await person.comeBack(person.desk)
    await Promise.all(this.people.map((person) => person.askedAll()))
    const deadline = performance.now() + HEAL_MS_MAX
    // What a broken connection had still asked for may come in between.
    for (let before = ''; ; ) {
      for (const { client } of this.#devices()) {
        if (client.link.state === 'waiting') client.reconnect()
      }
      const missing = await this.#missing()
      const now = missing ?? (await this.ends())
      if (missing === undefined && now === before) return
      before = now
      if (performance.now() > deadline) throw new Error(`still missing: ${missing}`)
      await delay(20)
    }
  }

  /** The truth: every log that anyone here was ever told of. Of some, all may have left. */
  async logs(): Promise<Map<string, readonly Entry[]>> {
    const { store } = this.host
    const runs = this.people.flatMap((person) => person.runs)
    const logs = new Map<string, readonly Entry[]>()
    for (const conversation of new Set(runs.flatMap(({ entries }) => [...entries.keys()]))) {
      logs.set(conversation, await store.read(conversation, 0, 10_000))
    }
    return logs
  }

  async headsOf(person: Person) {
    const query = { user: person.id, after: '', limit: 100, conversations: [] }
    return (await this.host.store.heads(query)).items
  }

  /** Everything that they may read there, as it is now. */
  async pagesOf(person: Person, conversation: string): Promise<readonly Entry[]> {
    const { store } = this.host
    const query = {
      user: person.id,
      conversation,
      before: 0,
      around: 0,
      limit: 500,
      maxBytes: 60_000,
    }
    const { entries, first, last } = await store.page({ ...query, after: 0 })
    assert.equal(entries.count, last - first + 1, 'more than a page')
    return decodeRecords(entries)
  }

  /**
   * Nothing said there can have been refused. Where it can, a refusal may be lost on its way, and
   * what is said again then is taken, after what was said later.
   */
  keepsOrder(conversation: string): boolean {
    return !this.groupIds.has(conversation) && !this.blocks
  }

  /** What one server tells comes in the order of telling. */
  get ordered(): boolean {
    return (this.#options.nodes ?? 1) === 1
  }

  get host(): Host {
    if (this.#host === undefined) throw new Error('it has not begun')
    return this.#host
  }

  async end(): Promise<void> {
    await Promise.all(this.people.map((person) => person.close()))
    await this.#host?.stop()
    this.clock.stop()
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 })
  }

  /** By id, as clients do that show a list: names of groups wander. */
  target(person: Person): Target {
    if (this.random.chance(0.5)) {
      return { kind: 'group', id: this.random.pick([this.#lobby, ...this.groupIds]) }
    }
    const others = this.people.filter((other) => other !== person || this.random.chance(0.2))
    return { kind: 'direct', id: this.random.pick(others).id }
  }

  group(): string {
    return this.random.pick([...this.groupIds])
  }

  groupName(): string {
    return this.random.pick(GROUP_NAMES)
  }

  someLink(): FaultyLink | undefined {
    const links = [...this.#links]
    return links.length === 0 ? undefined : this.random.pick(links)
  }

  restart(how: Restart): Promise<void> {
    return this.host.restart(how)
  }

  #makeHost(): Host {
    const { rates = {}, thread = false, nodes = 1 } = this.#options
    const options = { folder: this.#folder, rates, thread, sweepMs: SWEEP_MS }
    if (nodes === 1) return new LoneHost(options)
    const { random, clock } = this
    return new Cluster({ ...options, nodes, random: random.fork(), monotonic: clock.now })
  }

  /** Where every log ends. */
  async ends(): Promise<string> {
    const logs = await this.logs()
    return [...logs].map(([conversation, log]) => `${conversation} ${log.length}`).join()
  }

  #devices(): readonly Device[] {
    return this.people.flatMap(({ devices }) => devices.filter(({ on }) => on))
  }

  /**
   * What a device was not told that was done at another one, whose hints were lost. Preferences are not
   * looked at: a change that overtakes the heads that were asked for before it is known to be lost.
   */
  async #unlike(person: Person, run: Run, heads: readonly Head[]): Promise<string | undefined> {
    for (const { conversation, name, read } of heads) {
      const own = run.ownOf(conversation)
      const said = run.entries.get(conversation)?.findLast((one) => isOwnText(one, person))
      const seen = Math.max(own?.read ?? 0, said?.seq ?? 0)
      if (seen < read) return `has read ${seen} of ${read} in ${name}`
    }
    const { items } = await this.host.store.contacts(person.id, '', NAMES.length)
    const listed = items.flatMap(({ user, removed }) => (removed ? [] : [user.id])).toSorted()
    const told = [...run.contacts].toSorted()
    return isDeepStrictEqual(told, listed) ? undefined : `knows ${told}, not ${listed}`
  }

  async #missing(): Promise<string | undefined> {
    for (const person of this.people) {
      const heads = await this.headsOf(person)
      for (const { client, run } of person.devices.filter(({ on }) => on)) {
        if (client.link.state !== 'online') return `${person.name} is ${client.link.state}`
        const waiting = client.outbox.find((item) => item.refused === undefined)
        if (waiting !== undefined) return `${person.name} waits to say '${waiting.text}'`
        for (const { conversation, name, last } of heads) {
          const told = run?.lastOf(conversation) ?? 0
          if (told < last) return `${person.name} is at ${told} of ${last} in ${name}`
        }
        const unlike = this.ordered ? undefined : run && (await this.#unlike(person, run, heads))
        if (unlike !== undefined) return `${person.name} ${unlike}`
      }
    }
    return undefined
  }
}

/** Rule 6: sending moves one's own cursor. */
function isOwnText({ kind, from }: Entry, { id }: Person): boolean {
  return kind === 'text' && from === id
}
