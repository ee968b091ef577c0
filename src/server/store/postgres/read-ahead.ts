import { isId, nameKey, nameOf } from '../../../protocol/names.ts'
import type { Call, SentText } from '../calls.ts'
import { conversationNumber, userNumber } from '../ids.ts'
import {
  CONVERSATION_BY_ID,
  DIRECT_BY_PAIR,
  GROUP_BY_NAME,
  LAST_ENTRY,
  MEMBERSHIP,
} from '../log/conversations.ts'
import { COUNT_AT, FIRST_OF_NONCE } from '../log/journal.ts'
import { BLOCKS_BETWEEN } from '../people/blocks.ts'
import { USER_BY_ID, USER_BY_NAME } from '../people/users.ts'
import type { Value } from '../statements.ts'
import type { CursorMove } from '../store.ts'
import type { Ask } from './ahead.ts'
import type { PostgresDatabase } from './database.ts'
import { keyOf } from './known.ts'

type Numbered = Readonly<{ id: number }>
type Pair = readonly [low: number, high: number]
type Answered = readonly (readonly [values: readonly Value[], rows: readonly unknown[]])[]

/** Direct conversations whose number is remembered. */
const DIRECTS_MAX = 65_536

/**
 * Reads what calls will ask for, as far as they append texts and move cursors: mostly for all of
 * them in one question, where each of them would ask ten. Only the time that it takes depends on it.
 */
export class ReadAhead {
  #db: PostgresDatabase
  /** Numbers of direct conversations, by their pair. They stay the same. */
  #directs = new Map<string, number>()

  constructor(db: PostgresDatabase) {
    this.#db = db
  }

  read(calls: readonly Call[]): void {
    const moves = calls.flatMap((call) => (call[0] === 'moveCursors' ? call[1] : []))
    const texts = calls.flatMap((call) => (call[0] === 'append' ? [call[1]] : []))
    const named = this.#named(texts)
    const places = texts.map((text) => new Place(text, named))
    for (const place of places) place.look(this.#directs)
    const found = this.#ask([...asksOfMoves(moves), ...asksOfPlaces(places)])
    const groups = new Map<string, number>()
    this.#note(found.get(DIRECT_BY_PAIR), this.#directs)
    this.#note(found.get(GROUP_BY_NAME), groups)
    const late = places.filter(({ id }) => id === undefined)
    for (const place of late) place.look(this.#directs, groups)
    this.#ask(asksOfLogs(late))
  }

  /** Numbers of those who are not named by their id, by the key of their name. */
  #named(texts: readonly SentText[]): ReadonlyMap<string, number> {
    const names = texts.flatMap(({ kind, target }) => {
      return kind === 'direct' && !isId(target) ? [[nameKey(target)]] : []
    })
    const named = new Map<string, number>()
    this.#note(this.#ask([{ sql: USER_BY_NAME, all: names }]).get(USER_BY_NAME), named)
    return named
  }

  #note(answered: Answered = [], numbers: Map<string, number>): void {
    if (numbers.size > DIRECTS_MAX) numbers.clear()
    for (const [values, [row]] of answered) {
      if (row !== undefined) numbers.set(values.join(' '), (row as Numbered).id)
    }
  }

  /** Each once. */
  #ask(asks: readonly Ask[]): ReadonlyMap<string, Answered> {
    const distinct = asks.map(({ sql, all }) => {
      return { sql, all: [...new Map(all.map((values) => [keyOf(values), values])).values()] }
    })
    const rows = this.#db.readAhead(distinct)
    return new Map(
      distinct.map(({ sql, all }, at) => {
        return [sql, all.map((values, place) => [values, rows[at]?.[place] ?? []] as const)]
      }),
    )
  }
}

/** Where a text goes. */
class Place {
  readonly text: SentText
  readonly sender: number | undefined
  readonly partner: number | undefined
  /** Its conversation, if it is known by now. */
  id: number | undefined

  constructor(text: SentText, named: ReadonlyMap<string, number>) {
    const { kind, sender, target } = text
    this.text = text
    this.sender = userNumber(sender)
    if (kind === 'group') this.id = conversationNumber(target)
    else this.partner = isId(target) ? userNumber(target) : named.get(nameKey(target))
  }

  get pair(): Pair | undefined {
    const { sender, partner } = this
    if (sender === undefined || partner === undefined) return undefined
    return [Math.min(sender, partner), Math.max(sender, partner)]
  }

  /** The key of the group that is not named by its id. */
  get group(): string | undefined {
    const { kind, target } = this.text
    return kind === 'group' && !isId(target) ? nameKey(nameOf(target)) : undefined
  }

  look(directs: ReadonlyMap<string, number>, groups?: ReadonlyMap<string, number>): void {
    const { pair, group } = this
    if (pair !== undefined) this.id = directs.get(pair.join(' '))
    else if (group !== undefined) this.id = groups?.get(group)
  }
}

function asksOfMoves(moves: readonly CursorMove[]): readonly Ask[] {
  const places = moves.flatMap(({ user, conversation, read }) => {
    const [who, id] = [userNumber(user), conversationNumber(conversation)]
    return who === undefined || id === undefined ? [] : [{ who, id, read }]
  })
  const ids = places.map(({ id }) => [id])
  return [
    { sql: USER_BY_ID, all: places.map(({ who }) => [who]) },
    { sql: CONVERSATION_BY_ID, all: ids },
    { sql: LAST_ENTRY, all: ids },
    { sql: MEMBERSHIP, all: places.map(({ id, who }) => [id, who]) },
    { sql: COUNT_AT, all: places.map(({ id, read }) => [id, read]) },
  ]
}

function asksOfPlaces(places: readonly Place[]): readonly Ask[] {
  const people = places.flatMap(({ sender, partner }) => [sender, partner])
  const pairs = places.flatMap(({ pair }) => (pair === undefined ? [] : [pair]))
  const groups = places.flatMap(({ id, text }) => {
    return text.kind === 'group' && id !== undefined ? [[id]] : []
  })
  const names = places.flatMap(({ group }) => (group === undefined ? [] : [[group]]))
  return [
    { sql: USER_BY_ID, all: people.flatMap((id) => (id === undefined ? [] : [[id]])) },
    { sql: BLOCKS_BETWEEN, all: pairs },
    { sql: DIRECT_BY_PAIR, all: pairs },
    { sql: CONVERSATION_BY_ID, all: groups },
    { sql: GROUP_BY_NAME, all: names },
    ...asksOfLogs(places),
  ]
}

function asksOfLogs(places: readonly Place[]): readonly Ask[] {
  const known = places.flatMap(({ id, sender, text }) => {
    return id === undefined || sender === undefined ? [] : [{ id, sender, nonce: text.nonce }]
  })
  return [
    { sql: LAST_ENTRY, all: known.map(({ id }) => [id]) },
    { sql: MEMBERSHIP, all: known.map(({ id, sender }) => [id, sender]) },
    {
      sql: FIRST_OF_NONCE,
      all: known.map(({ id, sender, nonce }) => [id, sender, Buffer.from(nonce, 'latin1')]),
    },
  ]
}
