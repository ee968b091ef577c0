import { setTimeout as delay } from 'node:timers/promises'
import { ChatError } from '../../protocol/errors.ts'
import { type Report, report } from './report.ts'

/** An answer comes within this, milliseconds: who asks waits for no answer for ever. */
const STEP_MS = 10_000
/** At a time: each reads the whole database. */
const RUNNING_MAX = 2
/** What nobody asks about any more is forgotten after this, milliseconds. */
const KEPT_MS = 60_000

/** What takes longer than an answer may: asked about again until it is done. */
export class Jobs {
  #jobs = new Map<string, Promise<Report>>()
  #begun = 0
  #running = 0
  #stepMs: number

  constructor(stepMs = STEP_MS) {
    this.#stepMs = stepMs
  }

  /**
   * @param after empty: begins the job
   * @throws what the job throws; ChatError tooMany, badRequest
   */
  async step(after: string, job: () => Promise<Report>): Promise<Report> {
    const id = after === '' ? this.#begin(job) : after
    const running = this.#jobs.get(id)
    if (running === undefined) {
      throw new ChatError('badRequest', 'that is not being done any more: ask for it anew')
    }
    const waiting = new AbortController()
    const later = delay(this.#stepMs, undefined, { signal: waiting.signal }).catch(() => undefined)
    try {
      const done = await Promise.race([running, later])
      if (done === undefined) return { ...report(), next: id }
      this.#jobs.delete(id)
      return done
    } catch (error) {
      this.#jobs.delete(id)
      throw error
    } finally {
      waiting.abort()
    }
  }

  #begin(job: () => Promise<Report>): string {
    if (this.#running >= RUNNING_MAX) {
      throw new ChatError('tooMany', 'a backup or a check is running: wait until it is done')
    }
    this.#begun += 1
    const id = String(this.#begun)
    this.#running += 1
    const done = job().finally(() => {
      this.#running -= 1
      setTimeout(() => this.#jobs.delete(id), KEPT_MS).unref()
    })
    // Whoever asks again is told.
    done.catch(() => undefined)
    this.#jobs.set(id, done)
    return id
  }
}
