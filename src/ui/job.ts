import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** Longer than it takes a stop to arrive; the clock goes on while one is stopped. */
const STOP_MS = 500

/**
 * Stops the whole job as the terminal's own Ctrl-Z would, with the `npx` and the shell in front of
 * this program: while one of them runs, the terminal does not go back to the person's shell. Where
 * no shell would notice (the program is all that a window runs) the system stops nothing.
 */
export async function stopJob(): Promise<void> {
  const waiting = new AbortController()
  const { signal } = waiting
  const continued = once(process, 'SIGCONT', { signal })
  process.kill(0, 'SIGTSTP')
  await Promise.race([continued, setTimeout(STOP_MS, undefined, { signal })]).finally(() =>
    waiting.abort(),
  )
}

/**
 * Whether a shell would notice that the job stops: who started it is of another job in the same
 * session. True where the system does not say so: only Linux does.
 */
export function hasShell(placeOf: (pid: number) => Place | undefined = placeFromSystem): boolean {
  const own = placeOf(process.pid)
  let above = own?.parent
  while (own !== undefined && above !== undefined && above > 0) {
    const place = placeOf(above)
    if (place === undefined) return true
    if (place.job !== own.job) return place.session === own.session
    above = place.parent
  }
  return own === undefined
}

/** Of a process: the numbers of who started it, of its job and of its session. */
export type Place = Readonly<{ parent: number; job: number; session: number }>

function placeFromSystem(pid: number): Place | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // Behind the name, which may have anything in it, and the state.
    const [parent, job, session] = stat
      .slice(stat.lastIndexOf(')') + 4)
      .split(' ')
      .map(Number)
    if (parent === undefined || job === undefined || session === undefined) return undefined
    return { parent, job, session }
  } catch {
    return undefined
  }
}
