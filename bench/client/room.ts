import type { Entry } from '../../src/protocol/messages.ts'
import { PLAIN_ENTRY } from '../../test/support/plain.ts'
import { ME, NINE, person, ScriptedWorld } from '../../test/support/scripted-world.ts'
import { SPEAKERS, saidAt } from './texts.ts'

/** What is there beside the room that is open. */
export type Beside = Readonly<{ groups: number; people: number; members: number }>

const MS_BETWEEN = 1

/**
 * A group in which as much is said as a bench wants, and keeps none of it: what the client keeps
 * is all that its process holds. Every entry can be made again from its seq.
 */
export class Room {
  readonly world = new ScriptedWorld()
  readonly id: string
  #last = 0

  constructor({ groups, people, members }: Beside) {
    const others = Array.from({ length: members }, (_, at) => person(`member${at}`))
    this.id = this.world.group('lobby', ...SPEAKERS.map(person), ...others)
    for (let at = 0; at < groups; at++) this.world.group(`group${at}`)
    for (let at = 0; at < people; at++) this.world.direct(person(`person${at}`))
    this.world.lastTarget = this.id
    this.world.keptSession = { user: ME, token: Buffer.alloc(32) }
    this.world.answers['getPage'] = ({ before, limit }) => this.#page(Number(before), Number(limit))
    this.world.answers['mark'] = ({ read }) => this.#mark(Number(read))
  }

  say(count: number): void {
    for (let said = 0; said < count; said++) {
      this.#last += 1
      this.world.emit({ type: 'entry', conversation: this.id, entry: entryAt(this.#last) })
    }
  }

  #page(before: number, limit: number): unknown {
    const until = before === 0 ? this.#last : before - 1
    const from = Math.max(1, until - limit + 1)
    const count = Math.max(0, until - from + 1)
    const entries = Array.from({ length: count }, (_, at) => entryAt(from + at))
    return { entries, first: 1, last: this.#last }
  }

  #mark(read: number): unknown {
    // The world notes everything that it was asked.
    this.world.asked.length = 0
    const conversation = this.id
    this.world.emit({ type: 'marked', conversation, delivered: read, read, readN: read })
    return {}
  }
}

function entryAt(seq: number): Entry {
  const { text, speaker } = saidAt(seq)
  const { id, name } = person(SPEAKERS[speaker] ?? '')
  const time = NINE + seq * MS_BETWEEN
  // No two are one string.
  const said = { kind: 'text', text: `${seq} ${text}`, nonce: NONE } as const
  return { seq, time, from: id, name, n: seq, ...PLAIN_ENTRY, ...said }
}

const NONE = new Uint8Array()
