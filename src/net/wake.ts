import type { CancelTimer, Timers } from './timers.ts'

/** How often the clock is looked at, milliseconds. */
const TICK_MS = 2_000
/** A tick that comes this much late by the clock: the machine slept, or its clock was set. */
const JUMP_MS = 5_000

/**
 * Tells when the machine woke from a sleep: timers stand still meanwhile, the clock does not.
 * Runs until it is cancelled. `since`: when it was last known to be awake.
 */
export function watchSleep(
  timers: Timers,
  now: () => number,
  onWake: (since: number) => void,
): CancelTimer {
  let cancel: CancelTimer = () => undefined
  let last = now()
  const tick = () => {
    const since = last
    last = now()
    cancel = timers.after(TICK_MS, tick)
    if (Math.abs(last - since - TICK_MS) > JUMP_MS) onWake(since)
  }
  cancel = timers.after(TICK_MS, tick)
  return () => cancel()
}
