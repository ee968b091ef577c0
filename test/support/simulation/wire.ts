import { strict as assert } from 'node:assert'
import type { Duplex } from 'node:stream'
import { decode } from '../../../src/protocol/codec.ts'
import { FrameSplitter } from '../../../src/protocol/frames.ts'
import type { Entry, MessageOf } from '../../../src/protocol/messages.ts'

type Pushed = Readonly<{ conversation: string; seq: number }>
type Log = readonly Entry[]

/** What the server pushed over one connection, however the client took it. */
export class Wire {
  readonly pushed: Pushed[] = []
  /** Where the user's cursors are, by pushes and answers. */
  readonly marked: MessageOf<'marked'>[] = []

  constructor(stream: Duplex) {
    const splitter = new FrameSplitter((command, payload) => this.#note(command, payload))
    stream.on('data', (chunk: Buffer) => splitter.push(chunk))
  }

  /** Rule 2, and rule 5: nothing but what was appended while the user was a member. */
  check(user: string, logs: ReadonlyMap<string, Log>): void {
    for (const [conversation, pushes] of Map.groupBy(this.pushed, (one) => one.conversation)) {
      const log = logs.get(conversation) ?? []
      let last: number | undefined
      for (const { seq } of pushes) {
        const follows = last === undefined || seq === last + 1 || leaves(log[last - 1], user)
        const where = `${conversation}: ${seq} was pushed after ${last} to ${user}`
        assert.ok(follows && seq > (last ?? 0), where)
        last = seq
      }
      if (isGroup(log)) {
        const allowed = membershipOf(user, log)
        for (const { seq } of pushes) {
          assert.ok(allowed.has(seq), `${conversation}: ${user} was pushed ${seq} as no member`)
        }
      } else {
        const writers = new Set(log.map(({ from }) => from))
        assert.ok(writers.size < 2 || writers.has(user), `${conversation} is not ${user}'s`)
      }
    }
  }

  /** Rule 6, also for who keeps no account of them. */
  checkCursors(user: string): void {
    for (const [conversation, told] of Map.groupBy(this.marked, (one) => one.conversation)) {
      for (const [at, { delivered, read }] of told.entries()) {
        const before = told[at - 1]
        const where = `${user} in ${conversation} was told ${delivered} ${read} at last`
        assert.ok(delivered >= (before?.delivered ?? 0), `delivered went back: ${where}`)
        assert.ok(read >= (before?.read ?? 0), `read went back: ${where}`)
      }
    }
  }

  #note(command: number, payload: Buffer): void {
    const message = decode(command, payload)
    if (message?.type === 'marked') this.marked.push(message)
    if (message?.type !== 'groupEntry' && message?.type !== 'directEntry') return
    const { conversation, entry } = message
    if (entry !== undefined) this.pushed.push({ conversation, seq: entry.seq })
  }
}

function isGroup(log: Log): boolean {
  return log[0]?.kind === 'created' || log.some((entry) => entry.kind === 'joined')
}

/** Seqs of the entries that a user may be pushed: from entering to leaving, both included. */
function membershipOf(user: string, log: Log): ReadonlySet<number> {
  const seqs = new Set<number>()
  let member = false
  for (const entry of log) {
    if (enters(entry, user)) member = true
    if (member) seqs.add(entry.seq)
    if (leaves(entry, user)) member = false
  }
  return seqs
}

function enters({ kind, from, subject }: Entry, user: string): boolean {
  if (kind === 'added') return subject?.id === user
  return (kind === 'joined' || kind === 'created') && from === user
}

function leaves(entry: Entry | undefined, user: string): boolean {
  if (entry === undefined) return false
  const { kind, from, subject } = entry
  if (kind === 'removed' || kind === 'banned') return subject?.id === user
  return kind === 'ended' || (kind === 'quit' && from === user)
}
