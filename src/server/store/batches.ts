import type { DatabaseSync } from 'node:sqlite'
import { ChatError } from '../../protocol/errors.ts'
import { type Answer, type Call, type Operations, Refusal, type Report } from './calls.ts'
import type { Conversations } from './conversations.ts'
import type { Log } from './log.ts'
import type { Users } from './users.ts'

/** Users and conversations kept in memory between transactions, each. */
const KEPT_MAX = 50_000

type Answers = Extract<Report, { kind: 'answers' }>

/** Carries out calls, many in one transaction: one sync of the disk for all of them. */
export class Batches {
  #db: DatabaseSync
  #users: Users
  #conversations: Conversations
  #log: Log
  #operations: Operations

  constructor(
    db: DatabaseSync,
    users: Users,
    conversations: Conversations,
    log: Log,
    operations: Operations,
  ) {
    this.#db = db
    this.#users = users
    this.#conversations = conversations
    this.#log = log
    this.#operations = operations
  }

  /**
   * When it returns, what the answers say is on disk. A transaction that fails is done again, each
   * call for itself, so that a fault is answered to whom it belongs.
   */
  run(calls: readonly Call[]): Answers {
    const answers = this.#attempt(calls)
    if (answers.faults.length === 0 || calls.length === 1) return answers
    const single = calls.map((call) => this.#attempt([call]))
    return {
      kind: 'answers',
      answers: single.flatMap((one) => one.answers),
      appended: single.flatMap((one) => one.appended),
      faults: [...new Set(single.flatMap((one) => one.faults))],
    }
  }

  #attempt(calls: readonly Call[]): Answers {
    this.#trim()
    try {
      this.#db.exec('BEGIN')
      const answers = calls.map((call) => this.#answer(call))
      this.#log.flush()
      this.#db.exec('COMMIT')
      return { kind: 'answers', answers, appended: this.#log.take(), faults: [] }
    } catch (error) {
      this.#undo()
      const refusal = new Refusal(new ChatError('unavailable'))
      return {
        kind: 'answers',
        answers: calls.map(() => refusal),
        appended: [],
        faults: [error instanceof Error ? error.message : String(error)],
      }
    }
  }

  #answer(call: Call): Answer {
    const [method, ...parameters] = call
    if (method !== 'append') this.#log.flush()
    try {
      return (this.#operations[method] as (...all: readonly unknown[]) => unknown)(...parameters)
    } catch (error) {
      if (error instanceof ChatError) return new Refusal(error)
      throw error
    }
  }

  /** What is in memory may be ahead of the tables: it is read again. */
  #undo(): void {
    this.#log.forget()
    this.#users.forget()
    this.#conversations.forget()
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
  }

  #trim(): void {
    if (this.#users.size > KEPT_MAX) this.#users.forget()
    if (this.#conversations.size > KEPT_MAX) this.#conversations.forget()
  }
}
