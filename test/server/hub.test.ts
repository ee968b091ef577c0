import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode } from '../../src/protocol/codec.ts'
import { ChatError } from '../../src/protocol/errors.ts'
import { FRAME_HEADER_BYTES } from '../../src/protocol/limits.ts'
import type { Entry, EntryKind, Message } from '../../src/protocol/messages.ts'
import type { Hint } from '../../src/server/bus/bus.ts'
import { Hub } from '../../src/server/hub.ts'
import { PUSH_BYTES_MAX } from '../../src/server/limits.ts'
import { silentLog } from '../../src/server/log.ts'
import type { Appended } from '../../src/server/store/store.ts'
import { type Line, Subscriber } from '../../src/server/subscriber.ts'
import { PLAIN_ENTRY } from '../support/plain.ts'

const GROUP = '~g'

test('an entry is encoded once: every connection is handed the same bytes', async () => {
  const { hub, store, attach } = start()
  store.append('joined', 'ann')
  store.append('joined', 'bob')
  const [one, other, third] = [await attach('ann'), await attach('ann'), await attach('bob')]
  hub.onHint(store.append('text', 'ann'))
  expect(one.seqs()).toEqual([3])
  expect(other.frames[0]).toBe(one.frames[0])
  expect(third.frames[0]).toBe(one.frames[0])
})

test('entries whose hints were lost are read from the store and pushed in order', async () => {
  const { hub, store, attach } = start()
  store.append('joined', 'ann')
  const ann = await attach('ann')
  for (let lost = 0; lost < 200; lost += 1) store.append('text', 'bob')
  hub.onHint(store.append('text', 'bob'))
  const later = store.append('text', 'bob')
  hub.onHint(later)
  hub.onHint(later)
  await settled()
  expect(ann.seqs()).toEqual(upTo(203).slice(1))
})

test('a hint that was lost right after the log-in is noticed, too', async () => {
  const { hub, store, attach } = start()
  store.append('joined', 'ann')
  const ann = await attach('ann')
  store.append('text', 'bob')
  hub.onHint(store.append('text', 'bob'))
  await settled()
  expect(ann.seqs()).toEqual([2, 3])
})

test.each([
  ['quit', 'ann'],
  ['removed', 'bob'],
] as const)('a lost %s is found before anything later is pushed', async (kind, by) => {
  const { hub, store, attach } = start()
  store.append('joined', 'ann')
  store.append('joined', 'bob')
  const [ann, bob] = [await attach('ann'), await attach('bob')]
  store.append(kind, by, GROUP, 'ann')
  hub.onHint(store.append('text', 'bob'))
  await settled()
  expect(ann.seqs()).toEqual([3])
  expect(bob.seqs()).toEqual([3, 4])
})

test('joining and quitting while the groups are read counts', async () => {
  const { hub, store, attach } = start()
  store.append('joined', 'ann', 'g1')
  store.append('text', 'bob', 'g2')
  const attaching = attach('ann')
  hub.onHint(store.append('quit', 'ann', 'g1'))
  hub.onHint(store.append('joined', 'ann', 'g2'))
  const ann = await attaching
  hub.onHint(store.append('text', 'bob', 'g1'))
  hub.onHint(store.append('text', 'bob', 'g2'))
  expect(ann.seqs('g1')).toEqual([])
  expect(ann.seqs('g2')).toEqual([3])
})

test('a new connection shows the others of its user a group whose joining they did not hear of', async () => {
  const { hub, store, attach } = start()
  const old = await attach('ann')
  const late = store.append('joined', 'ann')
  const young = await attach('ann')
  await settled()
  expect([old.seqs(), young.seqs()]).toEqual([[1], []])
  hub.onHint(late)
  hub.onHint(store.append('text', 'bob'))
  await settled()
  expect([old.seqs(), young.seqs()]).toEqual([[1, 2], [2]])
})

test('nothing is pushed to a slow reader; when it reads again it gets everything, in order', async () => {
  const { hub, store, attach } = start()
  store.append('joined', 'ann')
  const ann = await attach('ann')
  hub.onHint(store.append('text', 'bob'))
  ann.outboxBytes = PUSH_BYTES_MAX + 1
  for (let index = 0; index < 300; index += 1) hub.onHint(store.append('text', 'bob'))
  expect(ann.seqs()).toEqual([2])
  ann.outboxBytes = 0
  hub.drained(ann.subscriber)
  hub.onHint(store.append('text', 'bob'))
  await settled()
  hub.onHint(store.append('text', 'bob'))
  expect(ann.seqs()).toEqual(upTo(304).slice(1))
})

/** Of who came later than a text, its edit is handed on without what it says now (rule 5). */
const BLANK_ON = [
  ['when it is announced', 'announced'],
  ['when its hint was lost', 'lost'],
  ['when the reader was slow', 'slow'],
] as const

test.each(BLANK_ON)('an edit of an older text is blank to a newcomer: %s', async (_, way) => {
  const { hub, store, attach } = start()
  for (const user of ['ann', 'bob']) store.append('joined', user)
  store.newcomers = ['bob']
  const [ann, bob, phone] = [await attach('ann'), await attach('bob'), await attach('bob')]
  if (way === 'slow') {
    for (const one of [ann, bob]) one.outboxBytes = PUSH_BYTES_MAX + 1
    hub.onHint(store.append('text', 'ann'))
  }
  const { kind, appended } = store.edit('ann', 'the secret', 1)
  const hint = { kind, appended: appended.map((one) => ({ ...one, hiddenFrom: ['bob'] })) }
  if (way !== 'lost') hub.onHint(hint)
  hub.onHint(store.append('text', 'ann'))
  await settled()
  for (const one of [ann, bob]) {
    one.outboxBytes = 0
    hub.drained(one.subscriber)
  }
  await settled()
  const told = [ann, bob, phone].map((one) =>
    one
      .messages()
      .flatMap((message) => ('entry' in message && message.entry ? [message.entry] : []))
      .filter((entry) => entry.kind === 'edited')
      .map(({ text, mentions, target }) => [text, mentions, target]),
  )
  expect(told).toEqual([[['the secret', ['cleo'], 1]], [['', [], 1]], [['', [], 1]]])
  expect(bob.seqs()).toEqual(ann.seqs())
})

test('who comes while it is asked who may read an edit is asked about, too', async () => {
  const { hub, store, attach } = start()
  store.append('joined', 'ann')
  store.append('joined', 'bob')
  store.newcomers = ['bob']
  const ann = await attach('ann')
  const { groupsOf } = store
  store.groupsOf = async (user) => {
    const places = await groupsOf(user)
    await new Promise(setImmediate)
    return places
  }
  const attaching = attach('bob')
  store.edit('ann', 'the secret', 1)
  hub.onHint(store.append('text', 'ann'))
  const bob = await attaching
  await settled()
  expect([ann.seqs(), bob.seqs()]).toEqual([
    [3, 4],
    [3, 4],
  ])
  expect(JSON.stringify(bob.messages())).not.toContain('the secret')
})

test('a group that one is in, as the store says, is followed from then on', async () => {
  const { hub, store, attach } = start()
  const bob = await attach('bob')
  store.append('joined', 'bob')
  store.append('text', 'ann')
  expect(bob.seqs()).toEqual([])
  await hub.reconcile('bob')
  await settled()
  expect(bob.seqs()).toEqual([2])
  hub.onHint(store.append('text', 'ann'))
  await hub.reconcile('bob')
  expect(bob.seqs()).toEqual([2, 3])
})

test('so is one that others follow already, which shows by its last entry', async () => {
  const { hub, store, attach } = start()
  const bob = await attach('bob')
  store.append('joined', 'ann')
  store.append('joined', 'bob')
  const ann = await attach('ann')
  await hub.reconcile('bob')
  await settled()
  expect([ann.seqs(), bob.seqs()]).toEqual([[], [2]])
  hub.onHint(store.append('text', 'ann'))
  await settled()
  expect([ann.seqs(), bob.seqs()]).toEqual([[3], [2, 3]])
})

test('a hint that comes late does not bring back who has left since', async () => {
  const { hub, store, attach } = start()
  const bob = await attach('bob')
  const joined = store.append('joined', 'bob')
  await hub.reconcile('bob')
  await settled()
  hub.onHint(store.append('quit', 'bob'))
  hub.onHint(joined)
  hub.onHint(store.append('text', 'ann'))
  await settled()
  expect(bob.seqs()).toEqual([1, 2])
})

test('who leaves while the store is asked for their groups is not taken back', async () => {
  const { hub, store, attach } = start()
  store.append('joined', 'ann')
  store.append('joined', 'bob')
  const [ann, bob] = [await attach('ann'), await attach('bob')]
  const reconciled = hub.reconcile('bob')
  hub.onHint(store.append('removed', 'ann', GROUP, 'bob'))
  await reconciled
  hub.onHint(store.append('text', 'ann'))
  expect([ann.seqs(), bob.seqs()]).toEqual([[3, 4], [3]])
})

const LEAVING = [
  ['who quits', 'quit', 'ann'],
  ['who is removed', 'removed', 'bob'],
  ['who is banned', 'banned', 'bob'],
] as const

test.each(LEAVING)('%s gets that entry as the last, on all connections', async (_, kind, by) => {
  const { hub, store, attach } = start()
  store.append('joined', 'ann')
  store.append('joined', 'bob')
  const [ann, phone, bob] = [await attach('ann'), await attach('ann'), await attach('bob')]
  hub.onHint(store.append(kind, by, GROUP, 'ann'))
  hub.onHint(store.append('text', 'bob'))
  expect([ann, phone, bob].map((one) => one.seqs())).toEqual([[3], [3], [3, 4]])
  expect(hub.usersIn(GROUP)).toEqual(new Set(['bob']))
  hub.onHint(store.append('added', 'bob', GROUP, 'ann'))
  hub.onHint(store.append('text', 'bob'))
  expect([ann, phone].map((one) => one.seqs())).toEqual([
    [3, 5, 6],
    [3, 5, 6],
  ])
})

test.each(LEAVING)('%s while the groups are read follows no more', async (_, kind, by) => {
  const { hub, store, attach } = start()
  store.append('joined', 'ann')
  store.append('joined', 'bob')
  await attach('bob')
  const attaching = attach('ann')
  hub.onHint(store.append(kind, by, GROUP, 'ann'))
  const ann = await attaching
  hub.onHint(store.append('text', 'bob'))
  expect(ann.seqs()).toEqual([])
})

test('with the end of a group everybody leaves, also who is just reading their groups', async () => {
  const { hub, store, attach } = start()
  store.append('joined', 'ann')
  store.append('joined', 'bob')
  const [ann, phone] = [await attach('ann'), await attach('ann')]
  const attaching = attach('bob')
  hub.onHint(store.append('ended', 'ann'))
  const bob = await attaching
  hub.onHint(store.append('text', 'ann'))
  expect([ann, phone, bob].map((one) => one.seqs())).toEqual([[3], [3], []])
  expect(hub.usersIn(GROUP).size).toBe(0)
})

test('a slow reader of a group that has ended gets its end, the only entry that is left', async () => {
  const { hub, store, attach } = start()
  store.append('joined', 'ann')
  const ann = await attach('ann')
  clog(ann)
  hub.onHint(store.append('text', 'ann'))
  hub.onHint(store.append('ended', 'ann'))
  store.lost = [1, 2]
  drain(hub, [ann])
  await settled()
  expect(ann.seqs()).toEqual([3])
})

test.each(LEAVING)(
  '%s as a slow reader gets what came up to then, none after',
  async (_, kind, by) => {
    const { hub, store, attach } = start()
    store.append('joined', 'ann')
    store.append('joined', 'bob')
    const [ann] = [await attach('ann'), await attach('bob')]
    ann.outboxBytes = PUSH_BYTES_MAX + 1
    hub.onHint(store.append('text', 'bob'))
    hub.onHint(store.append(kind, by, GROUP, 'ann'))
    hub.onHint(store.append('text', 'bob'))
    ann.outboxBytes = 0
    hub.drained(ann.subscriber)
    await settled()
    expect(ann.seqs()).toEqual([3, 4])
  },
)

test.each([
  ['who waits for lost hints', false],
  ['a slow reader', true],
])('a hole in a log is passed over: %s gets what comes after it', async (_, slow) => {
  const { hub, store, attach } = start()
  store.append('joined', 'ann')
  const ann = await attach('ann')
  if (slow) clog(ann)
  const [second, third] = [store.append('text', 'bob'), store.append('text', 'bob')]
  const fourth = store.append('text', 'bob')
  store.lost = [2, 3]
  if (slow) hub.onHint(second)
  hub.onHint(third)
  drain(hub, [ann])
  await settled()
  const { reads } = store
  await settled()
  expect(store.reads).toBe(reads)
  hub.onHint(fourth)
  await settled()
  expect(ann.seqs()).toEqual([4])
})

test('a store that cannot read now is asked again', async () => {
  const { hub, store, attach } = start()
  store.append('joined', 'ann')
  const ann = await attach('ann')
  ann.outboxBytes = PUSH_BYTES_MAX + 1
  hub.onHint(store.append('text', 'bob'))
  ann.outboxBytes = 0
  store.broken = true
  hub.drained(ann.subscriber)
  await settled()
  expect(ann.seqs()).toEqual([])
  store.broken = false
  hub.sweep()
  await settled()
  expect(ann.seqs()).toEqual([2])
})

test('notices wait for a slow reader; of one thing only the newest', async () => {
  const { hub, attach } = start()
  const ann = await attach('ann')
  ann.outboxBytes = PUSH_BYTES_MAX + 1
  for (const delivered of [1, 2, 3]) {
    const cursors = { user: 'ann', conversation: GROUP, delivered, read: 0, readN: 0 }
    hub.onHint({ kind: 'cursors', except: '', cursors })
  }
  expect(ann.messages()).toEqual([])
  hub.drained(ann.subscriber)
  hub.drained(ann.subscriber)
  expect(ann.messages()).toMatchObject([{ type: 'marked', delivered: 3 }])
})

test('a direct conversation is pushed to both sides, and to a device that comes later', async () => {
  const { hub, store, attach } = start()
  const [ann, bob, eve] = [await attach('ann'), await attach('bob'), await attach('eve')]
  hub.onHint(store.append('text', 'ann', 'd', 'ann', ['ann', 'bob']))
  const phone = await attach('bob')
  hub.onHint(store.append('text', 'ann', 'd', 'ann', ['ann', 'bob']))
  expect([ann, bob, phone, eve].map((one) => one.seqs('d'))).toEqual([[1, 2], [1, 2], [2], []])
  expect(bob.messages()[0]?.type).toBe('directEntry')
})

test('what is forgotten when the last one leaves does not come back', async () => {
  const { hub, store, attach } = start()
  store.append('joined', 'ann')
  const ann = await attach('ann')
  hub.detach(ann.subscriber)
  hub.onHint(store.append('text', 'bob'))
  expect(ann.frames).toEqual([])
  expect(hub.usersIn(GROUP).size).toBe(0)
})

const USERS = ['ann', 'bob', 'eve'] as const
const user = fc.constantFrom(...USERS)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('text' as const), user }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('tell' as const), user }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('tick' as const), user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose' as const), user }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('enterOrQuit' as const), user }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('addOrRemove' as const), user }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('slow' as const, 'drain' as const), user }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('attach' as const), user }) },
)
const steps = fc.array(step, { minLength: 10, maxLength: 120 })
type Move = typeof step extends fc.Arbitrary<infer M> ? M : never

test('whatever happens on one node, everyone gets every entry of theirs once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (moves) => {
      const { store, readers } = await play(moves, 0)
      for (const reader of readers) {
        expect(reader.seqs()).toEqual(store.memberships(reader).flat())
      }
    }),
    { numRuns: 300 },
  )
})

test('with hints of other nodes that come late or are lost, too, but for what they entered by', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (moves) => {
      const { store, readers } = await play(moves, Number.POSITIVE_INFINITY)
      for (const reader of readers) {
        const got = reader.seqs()
        expect(got).toEqual([...new Set(got)].sort((one, other) => one - other))
        for (const membership of store.memberships(reader)) {
          const part = got.filter((seq) => membership.includes(seq))
          expect(part).toEqual(membership.slice(membership.length - part.length))
        }
        expect(store.memberships(reader, 0).flat()).toEqual(expect.arrayContaining(got))
      }
    }),
    { numRuns: 300 },
  )
})

/** Everyone is there at first; `lag`: how many hints may be under way. */
async function play(moves: readonly Move[], lag: number) {
  const { hub, store, attach } = start()
  const readers: Reader[] = []
  const attachments: Promise<unknown>[] = []
  const untold: Hint[] = []
  const publish = (hint: Hint) => {
    untold.push(hint)
    if (untold.length > lag) tell(hub, untold.splice(0, 1))
  }
  const come = (name: string) => {
    attachments.push(attach(name).then((reader) => readers.push(reader)))
  }
  const act = {
    text: (name: string) => publish(store.append('text', name)),
    tell: () => tell(hub, untold.splice(0, 1)),
    lose: () => untold.splice(0, mayBeLost(untold[0]) ? 1 : 0),
    enterOrQuit: (name: string) =>
      publish(store.append(store.isMember(name) ? 'quit' : 'joined', name)),
    addOrRemove: (name: string) =>
      publish(store.append(store.isMember(name) ? 'removed' : 'added', 'someone', GROUP, name)),
    slow: (name: string) => of(readers, name).forEach(clog),
    drain: (name: string) => drain(hub, of(readers, name)),
    attach: come,
    tick: () => undefined,
  }
  for (const name of USERS) hub.onHint(store.append('joined', name))
  USERS.forEach(come)
  await Promise.all(attachments)
  for (const { do: action, user: name } of moves) {
    act[action](name)
    if (action === 'tick') await new Promise(setImmediate)
  }
  await Promise.all(attachments)
  tell(hub, [...untold, store.append('text', 'someone')])
  drain(hub, readers)
  await settled()
  return { store, readers }
}

/** A node's own hints never are, and without the one that they entered nobody is subscribed. */
function mayBeLost(hint: Hint | undefined): boolean {
  if (hint?.kind !== 'appended') return false
  return !ENTERING.has(hint.appended[0]?.entry.kind ?? 'unknown')
}

function of(readers: readonly Reader[], name: string): readonly Reader[] {
  return readers.filter((reader) => reader.subscriber.user.id === name)
}

function clog(reader: Reader): void {
  reader.outboxBytes = PUSH_BYTES_MAX + 1
}

type Reader = Line & {
  subscriber: Subscriber
  since: number
  frames: Buffer[]
  outboxBytes: number
  messages: () => Message[]
  seqs: (conversation?: string) => number[]
}

function drain(hub: Hub, readers: readonly Reader[]): void {
  for (const reader of readers) {
    reader.outboxBytes = 0
    hub.drained(reader.subscriber)
  }
}

function tell(hub: Hub, hints: readonly Hint[]): void {
  for (const hint of hints) hub.onHint(hint)
}

const ENTERING: ReadonlySet<EntryKind> = new Set<EntryKind>(['joined', 'added'])

/** Whom the entry is about. */
function concerns({ from, subject }: Entry, user: string): boolean {
  return (subject?.id ?? from) === user
}

class FakeStore {
  broken = false
  /** Seqs that it has no entries of, as after a fault of the disk. */
  lost: number[] = []
  reads = 0
  #entries = new Map<string, Entry[]>()

  append(
    kind: EntryKind,
    from: string,
    conversation = GROUP,
    subject = from,
    between?: [string, string],
  ): { kind: 'appended'; appended: Appended[] } {
    const entries = this.entries(conversation)
    const entry: Entry = {
      seq: entries.length + 1,
      time: 0,
      from,
      name: from,
      kind,
      text: '',
      nonce: Buffer.alloc(0),
      n: 0,
      ...PLAIN_ENTRY,
      subject: subject === from ? undefined : { id: subject, name: subject },
    }
    this.#entries.set(conversation, [...entries, entry])
    return { kind: 'appended', appended: [{ conversation, between, entry }] }
  }

  edit(from: string, text: string, target: number): ReturnType<FakeStore['append']> {
    const { kind, appended } = this.append('edited', from)
    const changed = { text, target, mentions: ['cleo'] }
    const entries = this.entries(GROUP).map((entry, at, { length }) =>
      at === length - 1 ? { ...entry, ...changed } : entry,
    )
    this.#entries.set(GROUP, entries)
    return {
      kind,
      appended: appended.map((one) => ({ ...one, entry: { ...one.entry, ...changed } })),
    }
  }

  entries(conversation: string): readonly Entry[] {
    return this.#entries.get(conversation) ?? []
  }

  isMember(user: string, conversation = GROUP): boolean {
    const last = this.entries(conversation).findLast(
      (entry) => entry.kind !== 'text' && (concerns(entry, user) || entry.kind === 'ended'),
    )
    return last !== undefined && ENTERING.has(last.kind)
  }

  /** Each time that the reader's user was a member: the group's entries after `since`. */
  memberships(reader: Reader, since = reader.since): number[][] {
    const memberships: number[][] = []
    let member = false
    for (const entry of this.entries(GROUP)) {
      const { seq, kind } = entry
      const own = concerns(entry, reader.subscriber.user.id)
      if (own && ENTERING.has(kind)) {
        member = true
        memberships.push([])
      }
      if (member && seq > since) memberships.at(-1)?.push(seq)
      if (own && (kind === 'quit' || kind === 'removed')) member = false
    }
    return memberships
  }

  read = async (conversation: string, after: number, limit: number): Promise<readonly Entry[]> => {
    await new Promise(setImmediate)
    if (this.broken) throw new ChatError('unavailable')
    this.reads += 1
    const entries = this.entries(conversation).filter(({ seq }) => !this.lost.includes(seq))
    return entries.filter(({ seq }) => seq > after).slice(0, limit)
  }

  /** Who may not read texts from before they came. */
  newcomers: readonly string[] = []

  latecomers = async (_: string, __: number, users: readonly string[]) => {
    await new Promise(setImmediate)
    return users.filter((user) => this.newcomers.includes(user))
  }

  lasts = async (conversations: readonly string[]): Promise<readonly number[]> => {
    return conversations.map((one) => this.#entries.get(one)?.length ?? 0)
  }

  directsSince = async () => []

  groupsOf = async (user: string): Promise<readonly { group: string; last: number }[]> => {
    const places = [...this.#entries]
      .filter(([group]) => this.isMember(user, group))
      .map(([group, entries]) => ({ group, last: entries.length }))
    await new Promise(setImmediate)
    return places
  }
}

function start() {
  const store = new FakeStore()
  const hub = new Hub({ store, log: silentLog })
  let readers = 0
  const attach = async (user: string): Promise<Reader> => {
    const frames: Buffer[] = []
    const messages = () => frames.map(decoded)
    readers += 1
    const line = { outboxBytes: 0, send: (frame: Buffer) => frames.push(frame) }
    const subscriber = new Subscriber(`${readers}`, { id: user, name: user }, line, {
      tokenHash: Buffer.alloc(32),
      revoke: () => undefined,
    })
    await hub.attach(subscriber)
    const since = store.entries(GROUP).length
    const seqs = (conversation = GROUP) => messages().flatMap((one) => seqOf(one, conversation))
    return Object.assign(line, { subscriber, since, frames, messages, seqs })
  }
  return { hub, store, attach }
}

function decoded(frame: Buffer): Message {
  const message = decode(frame[6] ?? 0, frame.subarray(FRAME_HEADER_BYTES))
  if (message === undefined) throw new Error('an unknown command')
  return message
}

function seqOf(message: Message, conversation: string): number[] {
  if (message.type !== 'groupEntry' && message.type !== 'directEntry') return []
  return message.conversation === conversation ? [message.entry?.seq ?? 0] : []
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1)
}

/** The fake store answers in the next tick. */
async function settled(): Promise<void> {
  for (let tick = 0; tick < 30; tick += 1) await new Promise(setImmediate)
}
