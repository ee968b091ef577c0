import type { DatabaseSync } from 'node:sqlite'
import { ChatError } from '../../protocol/errors.ts'
import type { Answers, AppendedText, Call, Operations } from './calls.ts'
import { Refusal } from './calls.ts'
import type { Conversations } from './conversations.ts'
import { entryOf, type Journal, type Staged } from './journal.ts'
import { prepare } from './statements.ts'
import type { Appended } from './store.ts'
import type { Users } from './users.ts'

/** Carries out calls, many in one transaction: one sync of the disk for all of them. */
export class Batches {
  #db: DatabaseSync
  #begin
  #commit
  #users: Users
  #conversations: Conversations
  #journal: Journal
  #operations: Operations
  #keptMax: number

  /** @param keptMax users, and conversations with memberships, in memory between transactions */
  constructor(
    db: DatabaseSync,
    users: Users,
    conversations: Conversations,
    journal: Journal,
    operations: Operations,
    keptMax: number,
  ) {
    this.#db = db
    this.#begin = prepare(db, 'BEGIN')
    this.#commit = prepare(db, 'COMMIT')
    this.#users = users
    this.#conversations = conversations
    this.#journal = journal
    this.#operations = operations
    this.#keptMax = keptMax
  }

  /**
   * When it returns, what the answers say is on disk. A transaction that fails is done again, each
   * call for itself, so that a fault is answered to whom it belongs.
   */
  run(calls: readonly Call[]): Answers {
    const answers = this.#attempt(calls, 0)
    if (answers.faults.length === 0 || calls.length === 1) return answers
    const single = calls.map((call, at) => this.#attempt([call], at))
    return {
      kind: 'answers',
      answers: single.flatMap((one) => one.answers),
      appended: single.flatMap((one) => one.appended),
      faults: [...new Set(single.flatMap((one) => one.faults))],
    }
  }

  /** Everything goes to its place: before the end, so that the next start has nothing to recover. */
  settle(): void {
    this.#begin.run()
    this.#journal.settleAll()
    this.#commit.run()
  }

  /** @param from which of the caller's calls the first of these is */
  #attempt(calls: readonly Call[], from: number): Answers {
    const appended: (Appended | AppendedText)[] = []
    try {
      this.#begin.run()
      this.#trim()
      const answers = calls.map((call, at) => this.#carryOut(call, from + at, appended))
      this.#journal.finish()
      this.#commit.run()
      return { kind: 'answers', answers, appended, faults: [] }
    } catch (error) {
      this.#undo()
      const refusal = new Refusal(new ChatError('unavailable'))
      const fault = error instanceof Error ? error.message : String(error)
      return { kind: 'answers', answers: calls.map(() => refusal), appended: [], faults: [fault] }
    }
  }

  #carryOut(call: Call, at: number, appended: (Appended | AppendedText)[]): unknown {
    const { fresh } = this.#journal
    const mark = fresh.length
    const answer = this.#answer(call)
    for (const row of fresh.slice(mark)) {
      appended.push(call[0] === 'append' ? appendedText(row, at) : appendedWhole(row))
    }
    return answer
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

  /** What is in memory may be ahead of the tables: it is read again. */
  #undo(): void {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
    this.#users.forget()
    this.#conversations.forget()
    this.#journal.recover()
  }

  #trim(): void {
    if (this.#users.size > this.#keptMax) this.#users.forget()
    if (this.#conversations.size > this.#keptMax) this.#conversations.forgetSettled()
  }
}

function appendedText({ from, n, conversation }: Staged, at: number): AppendedText {
  return { at, name: from.user.name, n, between: conversation.between }
}

function appendedWhole(row: Staged): Appended {
  const { text: conversation, between } = row.conversation
  return { conversation, between, entry: entryOf(row) }
}
