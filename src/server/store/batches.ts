import { ChatError } from '../../protocol/errors.ts'
import type { Answers, AppendedText, Call, Method, Operations } from './calls.ts'
import { Refusal, unavailable } from './calls.ts'
import type { Remains } from './groups/remains.ts'
import type { Conversations } from './log/conversations.ts'
import { fieldsOf } from './log/entry-row.ts'
import { entryOf, type Journal, type Staged } from './log/journal.ts'
import type { Users } from './people/users.ts'
import type { Appended } from './store.ts'
import type { Transactions } from './transactions.ts'

/** A call, and which of those that came together it is. */
type Numbered = Readonly<{ call: Call; at: number }>

const refusal = new Refusal(unavailable())

/** The methods that write nothing. */
const reads: ReadonlySet<Method> = new Set<Method>([
  'findAccount',
  'findUser',
  'findSession',
  'sessions',
  'sessionsAlive',
  'page',
  'read',
  'latecomers',
  'heads',
  'members',
  'bans',
  'groupsOf',
  'lasts',
  'directsSince',
  'firstMembers',
  'receipts',
  'receiptsOf',
  'lastTextOf',
  'scene',
  'settings',
  'statuses',
  'listInvites',
  'contacts',
  'circle',
  'blockers',
  'find',
  'readable',
  'extents',
  'changes',
  'hits',
  'standing',
  'survey',
  'figures',
  'exportPage',
])

/** A transaction that another one was in the way of is tried so often. */
const TRIES_MAX = 5

export type BatchesParts = Readonly<{
  users: Users
  conversations: Conversations
  journal: Journal
  operations: Operations
  remains: Remains
  transactions: Transactions
}>

/** Carries out calls, many in one transaction: one sync of the disk for all of them. */
export class Batches {
  #transactions: Transactions
  #users: Users
  #conversations: Conversations
  #journal: Journal
  #operations: Operations
  #remains: Remains
  #keptMax: number
  #trimAt: number

  /** @param keptMax users, and conversations with memberships, in memory between transactions */
  constructor(parts: BatchesParts, keptMax: number) {
    const { users, conversations, journal, operations, remains, transactions } = parts
    this.#transactions = transactions
    this.#users = users
    this.#conversations = conversations
    this.#journal = journal
    this.#operations = operations
    this.#remains = remains
    this.#keptMax = keptMax
    this.#trimAt = keptMax
  }

  /**
   * When it returns, what the answers say is on disk.
   * @param more what came after `calls`, when it had to wait for its turn: answered behind them
   */
  run(calls: readonly Call[], more: () => readonly Call[] = nothing): Answers {
    return this.#run(numbered(calls), more)
  }

  /** A small step of what is done when nobody waits; true when there is more of it. */
  tidy(): boolean {
    if (!this.#remains.some) return false
    try {
      this.#transactions.begin()
      const more = this.#remains.step()
      this.#transactions.commit()
      return more
    } catch {
      // The disk takes nothing now, or all is lost anyway: the next start goes on with it.
      this.#transactions.undo()
      return false
    }
  }

  /** Everything goes to its place: before the end, so that the next start has nothing to recover. */
  settle(): void {
    this.#transactions.begin()
    this.#journal.settleAll()
    this.#transactions.commit()
  }

  /** A transaction that failed is done again without what cannot be done. */
  #run(given: readonly Numbered[], more = nothing, tries = 1): Answers {
    let calls = given
    const appended: (Appended | AppendedText)[] = []
    try {
      this.#transactions.begin(calls.map(({ call }) => call))
      const late = this.#late(calls, more)
      // Whatever fails from here on, these are answered, too.
      calls = [...calls, ...numbered(late, calls.length)]
      if (late.length > 0) this.#transactions.join?.(late)
      this.#trim()
      const answers = calls.map((call) => this.#carryOut(call, appended))
      this.#transactions.commit()
      return { kind: 'answers', answers, appended, faults: [] }
    } catch (error) {
      this.#transactions.undo()
      const blame = this.#transactions.blame(error)
      if (blame === 'another' && tries < TRIES_MAX) return this.#run(calls, nothing, tries + 1)
      const fault = error instanceof Error ? error.message : String(error)
      if (calls.length <= 1 || blame === 'database') return refuse(calls, fault)
      const hasWrites = calls.some(({ call }) => !isRead(call))
      return hasWrites && blame === 'disk' ? this.#readOnly(calls, fault) : this.#halves(calls)
    }
  }

  /** What else can go with them. */
  #late(calls: readonly Numbered[], more: () => readonly Call[]): readonly Call[] {
    if (this.#transactions.join === undefined || calls.every(({ call }) => isRead(call))) return []
    return more()
  }

  /** The disk takes nothing now: what only reads is answered all the same. */
  #readOnly(calls: readonly Numbered[], fault: string): Answers {
    const reads = calls.filter(({ call }) => isRead(call))
    const { answers, faults } = this.#run(reads)
    const left = answers.values()
    return {
      kind: 'answers',
      answers: calls.map(({ call }) => (isRead(call) ? left.next().value : refusal)),
      appended: [],
      faults: [fault, ...faults],
    }
  }

  /** A fault of the program: found by halving, so that only the call that has it is refused. */
  #halves(calls: readonly Numbered[]): Answers {
    const middle = Math.ceil(calls.length / 2)
    const first = this.#run(calls.slice(0, middle))
    const second = this.#run(calls.slice(middle))
    return {
      kind: 'answers',
      answers: [...first.answers, ...second.answers],
      appended: [...first.appended, ...second.appended],
      faults: [...first.faults, ...second.faults],
    }
  }

  #carryOut({ call, at }: Numbered, appended: (Appended | AppendedText)[]): unknown {
    const { fresh } = this.#journal
    const mark = fresh.length
    const answer = this.#answer(call)
    for (const row of fresh.slice(mark)) {
      appended.push(call[0] === 'append' ? appendedText(row, at) : this.#appendedWhole(row))
    }
    return answer
  }

  #appendedWhole(row: Staged): Appended {
    const { text: conversation, between } = row.conversation
    const appended = { conversation, between, entry: entryOf(row) }
    if (row.kind !== 'edited' || between !== undefined) return appended
    const late = this.#conversations.latecomers(row.conversation, row.more?.target ?? 0)
    return late.length === 0 ? appended : { ...appended, hiddenFrom: late }
  }

  /** An operation refuses before it writes: what others wrote in this transaction stays. */
  #answer([method, ...input]: Call): unknown {
    try {
      return (this.#operations[method] as (...all: readonly unknown[]) => unknown)(...input)
    } catch (error) {
      if (error instanceof ChatError) return new Refusal(error)
      throw error
    }
  }

  #trim(): void {
    if (this.#users.size > this.#keptMax) this.#users.forget()
    if (this.#conversations.size <= this.#trimAt) return
    this.#conversations.forgetSettled()
    this.#trimAt = this.#conversations.size + this.#keptMax
  }
}

function nothing(): readonly Call[] {
  return []
}

function numbered(calls: readonly Call[], from = 0): readonly Numbered[] {
  return calls.map((call, at) => ({ call, at: from + at }))
}

/** Whether the call writes nothing. */
export function isRead([method]: Call): boolean {
  return reads.has(method)
}

function refuse(calls: readonly Numbered[], fault: string): Answers {
  return { kind: 'answers', answers: calls.map(() => refusal), appended: [], faults: [fault] }
}

function appendedText(row: Staged, at: number): AppendedText {
  const { from, n, conversation, more } = row
  const text = { at, name: from.user.name, n, between: conversation.between }
  if (more === undefined) return text
  const { target, mentions } = fieldsOf(more)
  return { ...text, more: { target, mentions } }
}
