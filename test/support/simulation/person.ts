import { ChatClient } from '../../../src/net/chat-client.ts'
import type { ClientEvent, Target } from '../../../src/net/events.ts'
import { openOutbox } from '../../../src/net/files/outbox-file.ts'
import type { Entry } from '../../../src/protocol/messages.ts'
import { PASSWORD } from '../server.ts'
import type { Simulation } from './simulation.ts'
import type { Wire } from './wire.ts'

type Draft = Parameters<ChatClient['request']>[0]
type Told<T extends ClientEvent['type']> = Extract<ClientEvent, { type: T }>

export type Cursors = Readonly<{ conversation: string; delivered: number; read: number }>

/** What of a conversation is its user's alone, as far as a client was told. */
type Own = { read: number }

/** What one run of a client told of each conversation, and where it said that the cursors are. */
export class Run {
  readonly entries = new Map<string, Entry[]>()
  /** `stay`: how many times the conversation had been left. */
  readonly marked: (Cursors & Readonly<{ stay: number }>)[] = []
  /** Ids of those on the contact list. */
  readonly contacts = new Set<string>()
  #own = new Map<string, Own>()
  #stays = new Map<string, number>()
  /** How many of its entries were told before the conversation was left last. */
  #dropped = new Map<string, number>()

  note(event: ClientEvent): void {
    const taker = takers[event.type] as ((run: Run, event: ClientEvent) => void) | undefined
    taker?.(this, event)
  }

  /** Undefined: it knows of no such conversation. */
  ownOf(conversation: string): Readonly<Own> | undefined {
    return this.#own.get(conversation)
  }

  noteEntry({ conversation, entry }: Told<'entry'>): void {
    const entries = this.entries.get(conversation) ?? []
    this.entries.set(conversation, entries)
    entries.push(entry)
  }

  noteHeads({ heads, complete }: Told<'heads'>): void {
    if (complete) this.#own.clear()
    for (const { conversation, read } of heads) {
      this.#own.set(conversation, { read })
    }
  }

  noteMarked(event: Told<'marked'>): void {
    this.marked.push({ ...event, stay: this.#stays.get(event.conversation) ?? 0 })
    const own = this.#own.get(event.conversation)
    if (own !== undefined) own.read = Math.max(own.read, event.read)
  }

  noteContacts({ contacts, complete }: Told<'contacts'>): void {
    if (complete) this.contacts.clear()
    for (const { user, removed } of contacts) {
      if (removed) this.contacts.delete(user?.id ?? '')
      else this.contacts.add(user?.id ?? '')
    }
  }

  noteLeft({ conversation }: Told<'left'>): void {
    this.#own.delete(conversation)
    this.#stays.set(conversation, 1 + (this.#stays.get(conversation) ?? 0))
    this.#dropped.set(conversation, this.entries.get(conversation)?.length ?? 0)
  }

  /** Without what a client drops: what was told before one left. */
  keptOf(conversation: string): readonly Entry[] {
    const told = this.entries.get(conversation) ?? []
    return told.slice(this.#dropped.get(conversation) ?? 0)
  }

  /** Seq of what was told last. */
  lastOf(conversation: string): number {
    return this.entries.get(conversation)?.at(-1)?.seq ?? 0
  }
}

const takers: { readonly [T in ClientEvent['type']]?: (run: Run, event: Told<T>) => void } = {
  entry: (run, event) => run.noteEntry(event),
  heads: (run, event) => run.noteHeads(event),
  marked: (run, event) => run.noteMarked(event),
  contacts: (run, event) => run.noteContacts(event),
  left: (run, event) => run.noteLeft(event),
}

/** A program that somebody runs, ends and runs again; what it keeps on disk stays. */
export class Device {
  readonly runs: Run[] = []
  #name: string
  #simulation: Simulation
  #wires: Wire[]
  #client: ChatClient | undefined

  /** @param wires takes note of every connection that it makes */
  constructor(name: string, simulation: Simulation, wires: Wire[]) {
    this.#name = name
    this.#simulation = simulation
    this.#wires = wires
  }

  get client(): ChatClient {
    if (this.#client === undefined) throw new Error(`${this.#name} is not on`)
    return this.#client
  }

  get on(): boolean {
    return this.#client !== undefined
  }

  get run(): Run | undefined {
    return this.runs.at(-1)
  }

  async start(): Promise<void> {
    const { stateFolder, clock, random } = this.#simulation
    const outbox = await openOutbox({ stateFolder, server: 'host:8000', userName: this.#name })
    const run = new Run()
    this.runs.push(run)
    this.#client = new ChatClient({
      dial: () => this.#simulation.dial(this.#wires),
      outbox,
      onEvent: (event) => run.note(event),
      device: 'simulation',
      now: clock.now,
      timers: clock,
      random: random.fork().next,
    })
  }

  async end(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    await client?.close()
  }
}

/** Someone who chats, with one or two devices that come and go. */
export class Person {
  readonly name: string
  readonly said: string[] = []
  readonly desk: Device
  /** Only listens. */
  readonly phone: Device
  readonly wires: Wire[] = []
  id = ''
  #token: Uint8Array = new Uint8Array()
  #saying: Promise<string>[] = []
  #asking: Promise<unknown>[] = []

  constructor(simulation: Simulation, name: string) {
    this.name = name
    this.desk = new Device(name, simulation, this.wires)
    this.phone = new Device(`${name}-phone`, simulation, this.wires)
  }

  get devices(): readonly Device[] {
    return [this.desk, this.phone]
  }

  get runs(): readonly Run[] {
    return this.devices.flatMap(({ runs }) => runs)
  }

  async register(): Promise<void> {
    await this.desk.start()
    const { user, token } = await this.desk.client.register(this.name, PASSWORD)
    this.id = user.id
    this.#token = token
  }

  /** Starts the device, or ends it with what it left on disk. */
  async toggle(device: Device): Promise<void> {
    if (device.on) await this.#end(device)
    else await this.comeBack(device)
  }

  async comeBack(device: Device): Promise<void> {
    if (device.on) return
    await device.start()
    device.client.resume(this.#token)
  }

  say(target: Target, reply = 0): void {
    const text = `${this.name} ${this.said.length}`
    this.said.push(text)
    this.#saying.push(this.desk.client.say(target, text, reply))
  }

  /** The link may be down, or break before the answer comes. */
  ask(draft: Draft): void {
    this.begin(this.desk.client.request(draft))
  }

  /** May fail, like what is asked. */
  begin(work: Promise<unknown>): void {
    this.#asking.push(work.catch(() => undefined))
  }

  /** Nothing that was asked for can happen any more. */
  async askedAll(): Promise<void> {
    await Promise.all(this.#asking.splice(0))
  }

  /** What was said is durable. */
  async saidAll(): Promise<void> {
    await Promise.all(this.#saying.splice(0))
  }

  async close(): Promise<void> {
    await Promise.all(this.devices.map((device) => this.#end(device)))
  }

  /** Only what is durable may be expected after the end of the program. */
  async #end(device: Device): Promise<void> {
    if (device === this.desk) await this.saidAll()
    await device.end()
  }
}
