import { readFileSync } from 'node:fs'

/** What Linux counts processor time in: a hundredth of a second, on every machine there is. */
export const TICK_MS = 10

/** Processor time of a process so far, of all its threads, milliseconds. Linux only. */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name before may have blanks in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}
