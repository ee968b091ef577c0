import type { Hint } from './bus/bus.ts'
import { CURSOR_MS } from './limits.ts'
import type { CursorMove, Store, Cursors as Written } from './store/store.ts'

/** Moves of one member in one conversation that are not written yet. */
type Pending = {
  readonly user: string
  readonly conversation: string
  delivered: number
  read: number
  /** The connection that moved them; empty when several did. */
  from: string
  readonly waiting: Waiting[]
}

type Waiting = Readonly<{
  resolve: (cursors: Written | undefined) => void
  reject: (error: unknown) => void
}>

export type CursorsOptions = Readonly<{
  store: Pick<Store, 'moveCursors'>
  publish: (hint: Hint) => void
  monotonic: () => number
}>

/** How often it is looked whether something may be written. */
const STEP_MS = CURSOR_MS / 5

/**
 * Rule 9: cursors are gathered in memory and written at most once per member, conversation and
 * 500 ms, and at disconnect. After a pause the first move is written in the same tick.
 *
 * Of one member in one conversation one write runs at a time: were there two, their answers could
 * come together, and who is told of the second could be answered the first after that.
 */
export class Cursors {
  #options: CursorsOptions
  #pending = new Map<string, Pending>()
  /** Of whom and where a write runs. */
  #running = new Set<string>()
  /** When a member's cursors of a conversation were written, oldest first. */
  #writtenAt = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined
  #soon = false

  constructor(options: CursorsOptions) {
    this.#options = options
  }

  /** Where they are, once they are written; undefined for who is not a member. */
  move(from: string, move: CursorMove): Promise<Written | undefined> {
    const key = keyOf(move)
    const pending = this.#merge(key, from, move)
    if (!this.#writtenAt.has(key)) this.#writeSoon()
    return new Promise((resolve, reject) => {
      pending.waiting.push({ resolve, reject })
    })
  }

  /** What was gathered of a user, or of everyone, is written now, or right after a write that runs. */
  flush(user?: string): void {
    for (const [key, pending] of this.#pending) {
      if (user === undefined || pending.user === user) this.#writtenAt.delete(key)
    }
    this.#writeDue()
  }

  /** Writes everything, with nobody left to be told, and stops the clock. */
  close(): void {
    this.#write([...this.#pending.values()])
    clearTimeout(this.#timer)
  }

  #merge(key: string, from: string, move: CursorMove): Pending {
    const pending = this.#pending.get(key)
    if (pending === undefined) {
      const made = { ...move, from, waiting: [] }
      this.#pending.set(key, made)
      return made
    }
    pending.delivered = Math.max(pending.delivered, move.delivered)
    pending.read = Math.max(pending.read, move.read)
    if (pending.from !== from) pending.from = ''
    return pending
  }

  #writeSoon(): void {
    if (this.#soon) return
    this.#soon = true
    setImmediate(() => {
      this.#soon = false
      this.#writeDue()
    })
  }

  #writeDue(): void {
    this.#forgetOld()
    const due: Pending[] = []
    for (const [key, pending] of this.#pending) if (this.#mayWrite(key)) due.push(pending)
    this.#write(due)
  }

  #mayWrite(key: string): boolean {
    return !this.#writtenAt.has(key) && !this.#running.has(key)
  }

  #forgetOld(): void {
    const old = this.#options.monotonic() - CURSOR_MS
    for (const [key, time] of this.#writtenAt) {
      if (time > old) return
      this.#writtenAt.delete(key)
    }
  }

  #write(due: readonly Pending[]): void {
    if (due.length === 0) return
    const time = this.#options.monotonic()
    for (const pending of due) {
      const key = keyOf(pending)
      this.#pending.delete(key)
      this.#running.add(key)
      this.#writtenAt.delete(key)
      this.#writtenAt.set(key, time)
    }
    this.#timer ??= setInterval(() => this.#step(), STEP_MS)
    this.#options.store
      .moveCursors(due.map(moveOf))
      .then(
        (written) => this.#written(due, written),
        (error: unknown) => {
          for (const { waiting } of due) for (const one of waiting) one.reject(error)
        },
      )
      .finally(() => this.#ended(due))
  }

  /** What could not wait but for this is written now. */
  #ended(due: readonly Pending[]): void {
    const keys = due.map(keyOf)
    for (const key of keys) this.#running.delete(key)
    const next = keys.flatMap((key) => (this.#mayWrite(key) ? (this.#pending.get(key) ?? []) : []))
    this.#write(next)
  }

  #step(): void {
    this.#writeDue()
    if (this.#writtenAt.size > 0 || this.#pending.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #written(due: readonly Pending[], written: readonly Written[]): void {
    const byKey = new Map(written.map((cursors) => [keyOf(cursors), cursors]))
    for (const pending of due) {
      const cursors = byKey.get(keyOf(pending))
      for (const one of pending.waiting) one.resolve(cursors)
      if (cursors !== undefined && moved(pending, cursors)) {
        this.#options.publish({ kind: 'cursors', except: pending.from, cursors })
      }
    }
  }
}

function keyOf({ user, conversation }: Readonly<{ user: string; conversation: string }>): string {
  return `${user} ${conversation}`
}

function moveOf({ user, conversation, delivered, read }: Pending): CursorMove {
  return { user, conversation, delivered, read }
}

/** False when both were beyond what was asked. */
function moved(asked: Pending, now: Written): boolean {
  return reached(asked.delivered, now.delivered) || reached(asked.read, now.read)
}

/** 0 asks for no change. */
function reached(asked: number, now: number): boolean {
  return asked > 0 && now <= asked
}
