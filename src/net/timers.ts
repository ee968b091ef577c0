/** What waits. Handed in, so that tests own the time. */
export interface Timers {
  /** Runs `run` once after `ms` milliseconds, unless the returned function is called before. */
  after(ms: number, run: () => void): CancelTimer
}

export type CancelTimer = () => void

export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
