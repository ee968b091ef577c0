import { setTimeout as delay } from 'node:timers/promises'
import { ChatClient } from '../../src/net/chat-client.ts'
import type { ClientEvent, Target } from '../../src/net/events.ts'
import { openOutbox } from '../../src/net/files/outbox-file.ts'
import type { Entry } from '../../src/protocol/messages.ts'
import type { Rates } from '../../src/server/limits.ts'
import { FastClock } from './fast-clock.ts'
import { type Faults, FaultyLink, NO_FAULTS } from './faulty-link.ts'
import { SeededRandom } from './seeded-random.ts'
import { PASSWORD, startServer, type TestServer } from './server.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Clients wait seconds between attempts; here a second takes this much less. */
const SPEED = 20
const NAMES = ['ann', 'ben', 'cat', 'dan', 'eve']
const GROUPS = ['ops', 'tea']

/** What one run of one person's client told of each conversation. */
type Run = Map<string, Entry[]>

/** Someone who chats, and whose client is started anew now and then. */
class Person {
  readonly name: string
  readonly runs: Run[] = []
  readonly said: { text: string; target: Target }[] = []
  id = ''
  token: Uint8Array = new Uint8Array()
  #simulation: Simulation
  #client: ChatClient | undefined
  #saying: Promise<string>[] = []

  constructor(simulation: Simulation, name: string) {
    this.#simulation = simulation
    this.name = name
  }

  get client(): ChatClient {
    if (this.#client === undefined) throw new Error(`${this.name} has no client`)
    return this.#client
  }

  async register(): Promise<void> {
    await this.#open()
    const { user, token } = await this.client.register(this.name, PASSWORD)
    this.id = user.id
    this.token = token
  }

  /** Ends the program and starts it again, with what it left on disk. */
  async restart(): Promise<void> {
    await this.close()
    await this.#open()
    this.client.resume(this.token)
  }

  say(target: Target): void {
    const text = `${this.name} ${this.said.length}`
    this.said.push({ text, target })
    this.#saying.push(this.client.say(target, text))
  }

  /** What was said is durable. */
  async saidAll(): Promise<void> {
    await Promise.all(this.#saying.splice(0))
  }

  /** Only what is durable may be expected after the end of the program. */
  async close(): Promise<void> {
    await this.saidAll()
    await this.#client?.close()
  }

  async #open(): Promise<void> {
    const { stateFolder, clock, random } = this.#simulation
    const outbox = await openOutbox({ stateFolder, server: 'host:8000', userName: this.name })
    const run: Run = new Map()
    this.runs.push(run)
    this.#client = new ChatClient({
      dial: () => this.#simulation.dial(),
      outbox,
      onEvent: (event) => note(run, event),
      device: 'simulation',
      now: clock.now,
      timers: clock,
      random: random.fork().next,
    })
  }
}

/**
 * Many clients and a real server over links that misbehave as the seed says: what is done, and which
 * faults there are, follows from the seed; when exactly, from the machine.
 */
export class Simulation {
  readonly random: SeededRandom
  readonly clock = new FastClock(SPEED)
  readonly people: Person[]
  stateFolder = ''
  #serverFolder = ''
  #rates: Partial<Rates>
  #server: TestServer | undefined
  #links = new Set<FaultyLink>()
  #faults: Faults = NO_FAULTS

  constructor(seed: number, rates: Partial<Rates> = {}) {
    this.#rates = rates
    this.random = new SeededRandom(seed)
    this.people = NAMES.map((name) => new Person(this, name))
  }

  dial(): Promise<{ stream: FaultyLink['near'] }> {
    if (this.#server === undefined) return Promise.reject(new Error('nothing listens there'))
    const link = new FaultyLink(this.random.fork(), this.#faults)
    this.#links.add(link)
    link.near.once('close', () => this.#links.delete(link))
    this.#server.peers.accept(link.far, { address: '192.0.2.1', refusal: undefined })
    return Promise.resolve({ stream: link.near })
  }

  /** Everyone has an account, and is in one group or more. */
  async begin(): Promise<void> {
    this.stateFolder = await temporaryFolder()
    this.#serverFolder = await temporaryFolder()
    await this.#startServer()
    await Promise.all(this.people.map((person) => person.register()))
    for (const name of GROUPS) {
      const maker = this.random.pick(this.people)
      const members = NAMES.filter(() => this.random.chance(0.6))
      const nonce = this.random.bytes(16)
      await maker.client.request({ type: 'createGroup', name, nonce, members })
    }
    this.#faults = {
      delayMs: this.random.below(6),
      split: this.random.chance(0.5),
      stall: this.random.chance(0.3) ? 0.02 : 0,
      stallMs: 40,
      reset: this.random.pick([0, 0.002, 0.01]),
    }
  }

  async trouble(steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      await this.#step(this.random.pick(this.people), this.random.below(100))
      if (this.random.chance(0.4)) await delay(this.random.below(8))
    }
  }

  /** No more faults: waits until everyone has everything, or throws what is missing. */
  async heal(): Promise<void> {
    this.#faults = NO_FAULTS
    for (const link of this.#links) link.heal()
    await Promise.all(this.people.map((person) => person.saidAll()))
    if (this.#server === undefined) await this.#startServer()
    const deadline = performance.now() + 10_000
    for (;;) {
      for (const { client } of this.people) if (client.link.state === 'waiting') client.reconnect()
      const missing = await this.#missing()
      if (missing === undefined) return
      if (performance.now() > deadline) throw new Error(`still missing: ${missing}`)
      await delay(10)
    }
  }

  /** The truth: every log that anyone here was ever told of. Of some, all may have left. */
  async logs(): Promise<Map<string, readonly Entry[]>> {
    const { store } = this.server.services
    const runs = this.people.flatMap((person) => person.runs)
    const logs = new Map<string, readonly Entry[]>()
    for (const conversation of new Set(runs.flatMap((run) => [...run.keys()]))) {
      logs.set(conversation, await store.read(conversation, 0, 10_000))
    }
    return logs
  }

  async headsOf(person: Person) {
    const query = { user: person.id, after: '', limit: 100, conversations: [] }
    return (await this.server.services.store.heads(query)).items
  }

  get server(): TestServer {
    if (this.#server === undefined) throw new Error('the server is down')
    return this.#server
  }

  async end(): Promise<void> {
    await Promise.all(this.people.map((person) => person.close()))
  }

  async #step(person: Person, kind: number): Promise<void> {
    if (kind < 70) person.say(this.#target(person))
    else if (kind < 80) this.#someLink()?.reset()
    else if (kind < 85) await person.restart()
    else if (kind < 86) await this.#restartServer(this.random.chance(0.5))
    else if (kind < 92) ask(person.client.request({ type: 'quitGroup', group: this.#group() }))
    else if (kind < 98) ask(person.client.request({ type: 'joinGroup', group: this.#group() }))
    else person.client.reconnect()
  }

  #target(person: Person): Target {
    if (this.random.chance(0.5))
      return { kind: 'group', id: this.random.pick(['lobby', ...GROUPS]) }
    const others = this.people.filter((other) => other !== person || this.random.chance(0.2))
    return { kind: 'direct', id: this.random.pick(others).id }
  }

  #group(): string {
    return this.random.pick(GROUPS)
  }

  #someLink(): FaultyLink | undefined {
    const links = [...this.#links]
    return links.length === 0 ? undefined : this.random.pick(links)
  }

  async #restartServer(cutFirst: boolean): Promise<void> {
    const server = this.server
    this.#server = undefined
    if (cutFirst) for (const link of this.#links) link.reset()
    await server.stop()
    await this.#startServer()
  }

  async #startServer(): Promise<void> {
    this.#server = await startServer({ folder: this.#serverFolder, rates: this.#rates })
  }

  async #missing(): Promise<string | undefined> {
    for (const person of this.people) {
      const { link, outbox } = person.client
      if (link.state !== 'online') return `${person.name} is ${link.state}`
      const waiting = outbox.find((item) => item.refused === undefined)
      if (waiting !== undefined) return `${person.name} waits to say '${waiting.text}'`
      for (const head of await this.headsOf(person)) {
        const last = person.runs.at(-1)?.get(head.conversation)?.at(-1)?.seq ?? 0
        if (last < head.last) return `${person.name} is at ${last} of ${head.last} in ${head.name}`
      }
    }
    return undefined
  }
}

function note(run: Run, event: ClientEvent): void {
  if (event.type !== 'entry') return
  const entries = run.get(event.conversation) ?? []
  run.set(event.conversation, entries)
  entries.push(event.entry)
}

/** The link may be down, or break before the answer comes. */
function ask(answer: Promise<unknown>): void {
  answer.catch(() => undefined)
}
