import type { FlagValues } from '../command-line.ts'
import { Failure } from '../errors.ts'
import { countOf } from './arguments.ts'
import type { World } from './world.ts'

/** A week: who means 'for ever' leaves it out. */
const SECONDS_MAX = 604_800

/** When a command gives up: `signal` is aborted then, with what to say. */
export type Deadline = Readonly<{ signal: AbortSignal; cancel: () => void }>

/** `--timeout`, or when the command is interrupted. @throws UsageError */
export function deadlineOf({ stopped, timers }: World, { timeout }: FlagValues): Deadline {
  if (timeout === undefined) return { signal: stopped, cancel: () => undefined }
  const seconds = countOf(timeout, SECONDS_MAX)
  const late = new AbortController()
  const cancel = timers.after(seconds * 1_000, () => {
    late.abort(new Failure(`given up after ${seconds} s`))
  })
  return { signal: AbortSignal.any([stopped, late.signal]), cancel }
}
