import type { ClientEvent, OutboxItem, Target } from '../../src/net/events.ts'
import type { Fingerprint } from '../../src/net/fingerprint.ts'
import { ChatError } from '../../src/protocol/errors.ts'
import type {
  Contact,
  Entry,
  Group,
  Head,
  Member,
  Receipt,
  User,
} from '../../src/protocol/messages.ts'
import type { Chat, Connector, Kept, ServerPlace } from '../../src/ui/flow/connector.ts'
import { type Memory, NO_MEMORY } from '../../src/ui/flow/memory.ts'
import { PLAIN_ENTRY, PLAIN_GROUP, PLAIN_HEAD } from './plain.ts'

/** Sat 21 Nov 2026, 09:00 UTC: when everything in these tests begins. */
export const NINE = Date.UTC(2026, 10, 21, 9)
const MINUTE = 60_000

export const ME: User = { id: '~me', name: 'me' }

export function person(name: string): User {
  return { id: `~${name}`, name }
}

/** Everything that a request can be, as the script sees it. */
export type Asked = Readonly<{ type: string }> & Readonly<Record<string, unknown>>

/**
 * A server, its client and the files of this machine, as far as the interface sees them. What a
 * test says is there is told; what the interface asks is answered from it and noted.
 */
export class ScriptedWorld implements Connector {
  readonly asked: Asked[] = []
  readonly keptSessions: Kept[] = []
  readonly trusted: Readonly<{ fingerprint: string; forGood: boolean }>[] = []
  /** `reply` only where there is one. */
  readonly said: Readonly<{ target: Target; text: string; reply?: number }>[] = []
  readonly logIns: Readonly<{
    name: string
    password: string
    create: boolean
    invite?: string
  }>[] = []
  /** What the next checks of the server end with, in order. */
  readonly checks: (Error | undefined)[] = []
  /** What was checked, with the key that a share line named. */
  readonly checked: Readonly<{ address: string; named: Fingerprint | undefined }>[] = []
  /** What the next log-ins are refused with. */
  readonly refusals: Error[] = []
  readonly opened = new Map<string, string>()
  readonly members = new Map<string, readonly Member[]>()
  groups: Group[] = []
  /** Answers that a test holds back until it calls `release`. */
  readonly held = new Set<string>()
  lastTarget: string | undefined
  keptSession: Kept | undefined
  #onEvent: (event: ClientEvent) => void = () => {}
  #logs = new Map<string, Entry[]>()
  #heads = new Map<string, Head>()
  #outbox: OutboxItem[] = []
  #waiting: (() => void)[] = []
  #nonces = 0

  // --- What a test says is there ------------------------------------------------------------------

  /** A group that I am in; its log is what `say` and `log` put there. */
  group(name: string, ...members: readonly User[]): string {
    const id = `~g-${name}`
    const all = [ME, ...members]
    this.members.set(
      id,
      all.map((user, index) => ({
        user,
        role: index === 0 ? 'owner' : 'member',
        online: true,
        status: 'available',
        classic: false,
      })),
    )
    this.#heads.set(id, headOf({ conversation: id, kind: 'group', name, members: all.length }))
    this.#logs.set(id, [])
    this.groups.push({ id, name, members: all.length, joined: true, ...PLAIN_GROUP })
    return id
  }

  /** A direct conversation; its id is not the person's. */
  direct(peer: User): string {
    const id = `~d-${peer.name}`
    this.#heads.set(id, headOf({ conversation: id, kind: 'direct', name: '', peer }))
    this.#logs.set(id, [])
    return id
  }

  /** An entry of a log, told when somebody is logged in. Minutes after nine. */
  say(
    conversation: string,
    from: User,
    minute: number,
    text: string,
    nonce = new Uint8Array(),
  ): Entry {
    return this.#append(conversation, from, minute, { kind: 'text', text, nonce })
  }

  event(
    conversation: string,
    from: User,
    minute: number,
    kind: Entry['kind'],
    subject?: User,
    text = '',
    role: Entry['role'] = 'none',
  ): Entry {
    if (kind === 'joined') this.#join(conversation, from)
    return this.#append(conversation, from, minute, {
      kind,
      text,
      role,
      nonce: new Uint8Array(),
      subject,
    })
  }

  /** An entry with whatever it has beside its kind: a change of a text, one that names somebody. */
  tell(
    conversation: string,
    from: User,
    minute: number,
    values: Partial<Entry> & Pick<Entry, 'kind'>,
  ): Entry {
    const plain = { text: '', nonce: new Uint8Array() }
    return this.#append(conversation, from, minute, { ...plain, ...values })
  }

  /** How far others have got, as the server would tell it. */
  receipts(conversation: string, members: readonly Receipt[], of = members.length): void {
    const seq = this.#head(conversation).last
    const delivered = members.filter((it) => it.delivered >= seq).length
    const read = members.filter((it) => it.read >= seq).length
    this.emit({ type: 'receipts', conversation, members, seq, delivered, read, of })
  }

  /** Everything so far is read. */
  allRead(conversation: string): void {
    const head = this.#head(conversation)
    this.#heads.set(conversation, { ...head, read: head.last, readN: head.n })
  }

  /** What its head says from the next log-in on. */
  changeHead(conversation: string, changes: Partial<Head>): void {
    this.#heads.set(conversation, { ...this.#head(conversation), ...changes })
  }

  head(conversation: string): Head {
    return this.#head(conversation)
  }

  logOf(conversation: string): readonly Entry[] {
    return this.#logs.get(conversation) ?? []
  }

  emit(event: ClientEvent): void {
    this.#onEvent(event)
  }

  /** Heads, contacts and the newest entries, as after a log-in. */
  online(user: User = ME, contacts: readonly Contact[] = []): void {
    this.emit({ type: 'loggedIn', user })
    this.emit({ type: 'link', link: { state: 'online', latencyMs: 12 } })
    this.emit({ type: 'heads', heads: [...this.#heads.values()], complete: true })
    this.emit({ type: 'contacts', contacts, complete: true })
  }

  /** What waits for the server, as the client shows it. */
  waits(target: Target, text: string, minute: number, refused?: string, reply = 0): OutboxItem {
    this.#nonces += 1
    const nonce = this.#nonces.toString(16).padStart(32, '0')
    const item = { nonce, target, text, reply, time: NINE + minute * MINUTE, refused }
    this.#outbox.push(item)
    this.emit({ type: 'outbox', items: [...this.#outbox] })
    return item
  }

  /** The server has acknowledged it: its entry is told, and the outbox lets it go. */
  acknowledge(item: OutboxItem, conversation: string, minute: number): void {
    this.say(conversation, ME, minute, item.text, Buffer.from(item.nonce, 'hex'))
    this.#outbox = this.#outbox.filter((other) => other !== item)
    this.emit({ type: 'outbox', items: [...this.#outbox] })
  }

  /** What was asked of this type, in order. */
  askedOf(type: string): Asked[] {
    return this.asked.filter((one) => one.type === type)
  }

  release(): void {
    this.held.clear()
    for (const go of this.#waiting.splice(0)) go()
  }

  #append(
    conversation: string,
    from: User,
    minute: number,
    rest: Pick<Entry, 'kind' | 'text' | 'nonce'> & Partial<Entry>,
  ): Entry {
    const log = this.#logs.get(conversation) ?? []
    const n = (log.at(-1)?.n ?? 0) + (rest.kind === 'text' ? 1 : 0)
    const seq = log.length + 1
    const time = NINE + minute * MINUTE
    const entry = { seq, time, from: from.id, name: from.name, n, ...PLAIN_ENTRY, ...rest }
    log.push(entry)
    const head = this.#head(conversation)
    const mine = from.id === ME.id && rest.kind === 'text'
    const read = mine ? { read: seq, readN: n } : {}
    this.#heads.set(conversation, { ...head, last: seq, n, time, delivered: seq, ...read })
    this.emit({ type: 'entry', conversation, entry })
    return entry
  }

  #join(group: string, user: User): void {
    const before = this.members.get(group) ?? []
    if (before.some((member) => member.user?.id === user.id)) return
    this.members.set(group, [
      ...before,
      { user, role: 'member', online: true, status: 'available', classic: false },
    ])
  }

  #head(conversation: string): Head {
    const head = this.#heads.get(conversation)
    if (head === undefined) throw new Error(`the script has no conversation ${conversation}`)
    return head
  }

  // --- The connector ------------------------------------------------------------------------------

  check(
    { address }: ServerPlace,
    _?: AbortSignal,
    named?: Fingerprint,
  ): Promise<Fingerprint | undefined> {
    this.checked.push({ address, named })
    const error = this.checks.shift()
    return error === undefined ? Promise.resolve(named) : Promise.reject(error)
  }

  trust(_: ServerPlace, fingerprint: string, forGood: boolean): Promise<void> {
    this.trusted.push({ fingerprint, forGood })
    return Promise.resolve()
  }

  recent() {
    return Promise.resolve([{ address: 'old.example:8000', user: 'me', plaintext: false }])
  }

  kept(): Promise<Kept | undefined> {
    return Promise.resolve(this.keptSession)
  }

  keep(_: ServerPlace, kept: Kept): Promise<void> {
    this.keptSessions.push(kept)
    return Promise.resolve()
  }

  forgetSession(): Promise<void> {
    this.keptSession = undefined
    return Promise.resolve()
  }

  forget(): Promise<void> {
    return this.forgetSession()
  }

  lastOpen(): Promise<string | undefined> {
    return Promise.resolve(this.lastTarget)
  }

  rememberOpen(_: ServerPlace, __: string, target: string): Promise<void> {
    this.lastTarget = target
    return Promise.resolve()
  }

  /** What this computer remembers of the account. */
  remembered: Memory = NO_MEMORY

  knownKey(): Promise<Fingerprint | undefined> {
    return Promise.resolve(undefined)
  }

  memory(): Promise<Memory> {
    return Promise.resolve(this.remembered)
  }

  waiting(): Promise<number> {
    return Promise.resolve(this.#outbox.filter(({ refused }) => refused === undefined).length)
  }

  open(_: ServerPlace, __: string, onEvent: (event: ClientEvent) => void): Promise<Chat> {
    this.#onEvent = onEvent
    const logIn = (name: string, password: string, create: boolean, invite = '') => {
      this.logIns.push({ name, password, create, ...(invite === '' ? {} : { invite }) })
      const refusal = this.refusals.shift()
      if (refusal !== undefined) return Promise.reject(refusal)
      const user = { id: ME.id, name }
      this.online(user)
      return Promise.resolve({ user, token: Buffer.alloc(32, 1) })
    }
    const outbox = () => this.#outbox
    const chat = {
      get outbox() {
        return outbox()
      },
      logIn: (name: string, password: string) => logIn(name, password, false),
      register: (name: string, password: string, invite?: string) =>
        logIn(name, password, true, invite),
      resume: () => this.online(),
      say: (target: Target, text: string, reply = 0) => {
        this.said.push(reply === 0 ? { target, text } : { target, text, reply })
        return Promise.resolve('')
      },
      discard: (nonce: string) => this.#drop(nonce),
      retry: () => Promise.resolve(),
      request: (draft: Asked) => this.#answer(draft),
      reconnect: () => this.asked.push({ type: 'reconnect' }),
      logOut: () => {
        this.asked.push({ type: 'logOut' })
        this.emit({ type: 'loggedOut', reason: 'logged out' })
        return Promise.resolve()
      },
      close: () => Promise.resolve(),
    }
    return Promise.resolve(chat as unknown as Chat)
  }

  #drop(nonce: string): void {
    this.#outbox = this.#outbox.filter((item) => item.nonce !== nonce)
    this.emit({ type: 'outbox', items: [...this.#outbox] })
  }

  async #answer(draft: Asked): Promise<unknown> {
    this.asked.push(draft)
    if (this.held.has(draft.type)) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    const answer = this.answers[draft.type]
    if (answer === undefined) throw new ChatError('unknownCommand')
    return answer(draft)
  }

  /** A test may put others in their place. */
  readonly answers: Record<string, (draft: Asked) => unknown> = {
    watch: ({ conversation }) => this.#watched(String(conversation)),
    listMembers: ({ group }) => ({ members: this.members.get(String(group)) ?? [], next: '' }),
    find: ({ text }) => ({
      groups: text === '' ? this.groups : [],
      users: [...this.#heads.values()].flatMap(({ peer }) => (peer?.name === text ? [peer] : [])),
      next: '',
    }),
    getPage: (draft) => this.#page(draft),
    mark: ({ conversation, read }) => this.#mark(String(conversation), Number(read)),
    edit: ({ conversation, seq, text }) =>
      this.#change(String(conversation), Number(seq), { kind: 'edited', text: String(text) }),
    deleteEntry: ({ conversation, seq }) =>
      this.#change(String(conversation), Number(seq), { kind: 'deleted' }),
    react: ({ conversation, seq, text, remove }) =>
      this.#change(String(conversation), Number(seq), {
        kind: remove === true ? 'unreacted' : 'reacted',
        text: String(text),
      }),
    typing: () => ({}),
    getReceipts: ({ conversation, seq }) => this.#receipts(String(conversation), Number(seq ?? 0)),
  }

  /** Who has got how far, by conversation; a test says so. */
  readonly cursors = new Map<string, readonly Receipt[]>()

  #receipts(conversation: string, seq: number): unknown {
    const members = this.cursors.get(conversation) ?? []
    const of = members.length
    const at = seq === 0 ? this.#head(conversation).last : seq
    const delivered = members.filter((it) => it.delivered >= at).length
    const read = members.filter((it) => it.read >= at).length
    const counts = { seq: at, delivered, read, of }
    this.emit({ type: 'receipts', conversation, members, ...counts })
    return { members, ...counts }
  }

  #change(
    conversation: string,
    target: number,
    values: Partial<Entry> & Pick<Entry, 'kind'>,
  ): unknown {
    const { seq } = this.tell(conversation, ME, 120, { target, ...values })
    return { conversation, seq }
  }

  #watched(conversation: string): unknown {
    const members = this.members.get(conversation) ?? []
    const users = members.flatMap(({ user, online }) =>
      user !== undefined && online ? { user: user.id, online } : [],
    )
    return { online: users.length, users }
  }

  #page({ conversation, before, after, around, limit }: Asked): unknown {
    const log = this.#logs.get(String(conversation)) ?? []
    const count = Number(limit)
    if (typeof around === 'number') {
      const first = Math.max(0, around - 1 - Math.floor(count / 2))
      return { entries: log.slice(first, first + count), first: 1, last: log.length }
    }
    const from = typeof after === 'number' ? after : undefined
    const until = Number(before ?? 0) === 0 ? log.length : Number(before) - 1
    const entries =
      from === undefined
        ? log.slice(Math.max(0, until - count), until)
        : log.slice(from, from + count)
    return { entries, first: 1, last: log.length }
  }

  #mark(conversation: string, read: number): unknown {
    const log = this.#logs.get(conversation) ?? []
    const readN = log[read - 1]?.n ?? 0
    this.#heads.set(conversation, { ...this.#head(conversation), read, readN })
    this.emit({ type: 'marked', conversation, delivered: read, read, readN })
    return {}
  }
}

export function headOf(head: Partial<Head> & Pick<Head, 'conversation' | 'kind' | 'name'>): Head {
  return {
    peer: undefined,
    first: 1,
    from: 1,
    last: 0,
    n: 0,
    time: NINE,
    delivered: 0,
    read: 0,
    readN: 0,
    role: 'member',
    members: 0,
    ...PLAIN_HEAD,
    ...head,
  }
}
