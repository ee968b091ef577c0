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
import type { PostgresDatabase } from './database.ts'

type Numbered = Readonly<{ id: number }>
type Pair = readonly [low: number, high: number]

/**
 * Reads what these calls will ask for, as far as they append texts and move cursors: for all of them in some ten
 * questions, where each of them would ask as many. Only the time that it takes depends on it.
 */
export function readAhead(db: PostgresDatabase, calls: readonly Call[]): void {
  const moves = calls.flatMap((call) => (call[0] === 'moveCursors' ? call[1] : []))
  if (moves.length > 1) new ReadAhead(db).readMoved(moves)
  const texts = calls.flatMap((call) => (call[0] === 'append' ? [call[1]] : []))
  if (texts.length > 1) new ReadAhead(db).read(texts)
}

class ReadAhead {
  #db: PostgresDatabase
  #named = new Map<string, number>()

  constructor(db: PostgresDatabase) {
    this.#db = db
  }

  read(texts: readonly SentText[]): void {
    this.#readPeople(texts)
    const groups = this.#groupsOf(texts.filter(({ kind }) => kind === 'group'))
    const directs = this.#directsOf(texts.filter(({ kind }) => kind === 'direct'))
    const places = texts.flatMap((text) => {
      const id = text.kind === 'group' ? groups.get(text.target) : directs.get(this.#pairKey(text))
      const sender = userNumber(text.sender)
      return id === undefined || sender === undefined ? [] : [{ id, sender, nonce: text.nonce }]
    })
    this.#ask(
      LAST_ENTRY,
      places.map(({ id }) => [id]),
    )
    this.#ask(
      MEMBERSHIP,
      places.map(({ id, sender }) => [id, sender]),
    )
    this.#ask(
      FIRST_OF_NONCE,
      places.map(({ id, sender, nonce }) => [id, sender, Buffer.from(nonce, 'latin1')]),
    )
  }

  readMoved(moves: readonly CursorMove[]): void {
    const places = moves.flatMap(({ user, conversation, read }) => {
      const [who, id] = [userNumber(user), conversationNumber(conversation)]
      return who === undefined || id === undefined ? [] : [{ who, id, read }]
    })
    this.#ask(
      USER_BY_ID,
      places.map(({ who }) => [who]),
    )
    for (const sql of [CONVERSATION_BY_ID, LAST_ENTRY]) {
      this.#ask(
        sql,
        places.map(({ id }) => [id]),
      )
    }
    this.#ask(
      MEMBERSHIP,
      places.map(({ id, who }) => [id, who]),
    )
    this.#ask(
      COUNT_AT,
      places.map(({ id, read }) => [id, read]),
    )
  }

  #readPeople(texts: readonly SentText[]): void {
    const targets = texts.flatMap(({ kind, target }) => (kind === 'direct' ? [target] : []))
    const names = targets.filter((target) => !isId(target)).map((target) => [nameKey(target)])
    for (const [[key], [row]] of this.#ask(USER_BY_NAME, names)) {
      if (row !== undefined) this.#named.set(String(key), (row as Numbered).id)
    }
    const ids = [...texts.map(({ sender }) => sender), ...targets].map(userNumber)
    this.#ask(
      USER_BY_ID,
      ids.flatMap((id) => (id === undefined ? [] : [[id]])),
    )
  }

  #groupsOf(texts: readonly SentText[]): ReadonlyMap<string, number> {
    const ids = texts.map(({ target }) => conversationNumber(target))
    const byId = this.#ask(
      CONVERSATION_BY_ID,
      ids.flatMap((id) => (id === undefined ? [] : [[id]])),
    )
    const names = texts.flatMap(({ target }) => (isId(target) ? [] : [[keyOf(target)]]))
    const byName = this.#ask(GROUP_BY_NAME, names)
    const found = new Map<Value | undefined, number>()
    for (const [[key], [row]] of [...byId, ...byName]) {
      if (row !== undefined) found.set(key, (row as Numbered).id)
    }
    return new Map(
      texts.flatMap(({ target }) => {
        const id = found.get(conversationNumber(target) ?? keyOf(target))
        return id === undefined ? [] : [[target, id] as const]
      }),
    )
  }

  #directsOf(texts: readonly SentText[]): ReadonlyMap<string, number> {
    const pairs = texts.map((text) => this.#pairOf(text)).filter((pair) => pair !== undefined)
    this.#ask(BLOCKS_BETWEEN, pairs)
    return new Map(
      this.#ask(DIRECT_BY_PAIR, pairs).flatMap(([pair, [row]]) =>
        row === undefined ? [] : [[pair.join(' '), (row as Numbered).id] as const],
      ),
    )
  }

  #pairKey(text: SentText): string {
    return this.#pairOf(text)?.join(' ') ?? ''
  }

  #pairOf({ sender, target }: SentText): Pair | undefined {
    const one = userNumber(sender)
    const other = isId(target) ? userNumber(target) : this.#named.get(nameKey(target))
    if (one === undefined || other === undefined) return undefined
    return [Math.min(one, other), Math.max(one, other)]
  }

  /** Each once. */
  #ask(
    sql: string,
    all: readonly (readonly Value[])[],
  ): readonly (readonly [values: readonly Value[], rows: readonly unknown[]])[] {
    const distinct = [...new Map(all.map((values) => [values.join(' '), values])).values()]
    const rows = this.#db.readAhead(sql, distinct)
    return distinct.map((values, at) => [values, rows[at] ?? []])
  }
}

function keyOf(group: string): string {
  return nameKey(nameOf(group))
}
