import type { CancelTimer, Timers } from './timers.ts'

/** How often it is looked whether something was heard, while an answer is waited for, milliseconds. */
const LOOK_MS = 1_000
/** That long without a byte is said, milliseconds. */
const SAID_MS = 4_000
/** After that long whoever waits for more than a sign of life gives the connection up, milliseconds. */
export const SILENT_MS_MAX = 20_000

export type SilenceOptions = Readonly<{
  timers: Timers
  now: () => number
  /** What is waited for. A heartbeat alone is given its three intervals. */
  waitsFor: () => 'nothing' | 'signOfLife' | 'answer'
  /** When a byte was last received. */
  heardAt: () => number
  /** Nothing was heard since then, though an answer is due; undefined: something was. */
  onSilent: (since: number | undefined) => void
  /** It has lasted too long. */
  onDead: () => void
}>

/**
 * Notices while an answer is due that nothing at all comes from the server: the network may be dead
 * without saying so. What waits is the probe; a heartbeat behind it would not be answered sooner
 * (rule 1). It counts by timers, which stand still while the machine sleeps.
 */
export class Silence {
  #options: SilenceOptions
  #cancel: CancelTimer | undefined
  #heardAt = 0
  #silentMs = 0

  constructor(options: SilenceOptions) {
    this.#options = options
  }

  /** Something was asked. */
  watch(): void {
    if (this.#cancel !== undefined) return
    this.#heardAt = this.#options.heardAt()
    this.#lookLater()
  }

  /** The server has spoken. */
  heard(): void {
    if (this.#silentMs >= SAID_MS) this.#options.onSilent(undefined)
    this.#silentMs = 0
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #lookLater(): void {
    this.#cancel = this.#options.timers.after(LOOK_MS, () => {
      this.#cancel = undefined
      this.#look()
    })
  }

  #look(): void {
    const { waitsFor, heardAt, onDead } = this.#options
    const due = waitsFor()
    const isHeard = heardAt() !== this.#heardAt
    this.#heardAt = heardAt()
    if (isHeard || due === 'nothing') this.heard()
    else this.#count()
    if (due === 'answer' && this.#silentMs >= SILENT_MS_MAX) onDead()
    else if (due !== 'nothing') this.#lookLater()
  }

  #count(): void {
    this.#silentMs += LOOK_MS
    if (this.#silentMs !== SAID_MS) return
    this.#options.onSilent(this.#options.now() - this.#silentMs)
  }
}
