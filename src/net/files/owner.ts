import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Which process a file belongs to, as a part of its name: `<host>-<pid>-<start>`. A file whose
 * process is gone may be adopted. The start time tells a process from a later one with its number.
 */

/** Where the system tells no start time; there a reused number delays an adoption. */
const NO_START = 'x'

/** Machine, process and when it began: no other process ever has the same. */
export function ownerOfThisProcess(): string {
  return `${hostKey()}-${process.pid}-${startOf(process.pid) ?? NO_START}`
}

/** Whether the owner still runs. An owner on another machine is taken to run. */
export function ownerRuns(owner: string): boolean {
  const [host, pid, start] = owner.split('-')
  if (host !== hostKey()) return true
  const number = Number(pid)
  if (!Number.isSafeInteger(number) || number <= 0 || !processExists(number)) return false
  const started = startOf(number)
  if (started !== undefined) return started === start
  return process.platform !== 'linux'
}

function hostKey(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** When a process began, in the system's own terms; undefined: it is gone, or the system has no word. */
function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    // proc(5): after the name in brackets come the state and, as the 22nd field of all, the start.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8)
    return fields[0] === 'Z' ? undefined : `${bootId}.${fields[19]}`
  } catch {
    return undefined
  }
}
