import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

const IN_MEMORY = '/dev/shm'
/** A server takes nothing new where little is free; containers often have no more than 64 MiB. */
const FREE_BYTES_MIN = 512 * 1_048_576

/** A file system in memory, where the machine has one: for tests that open many databases. */
export function memoryFolder(): string {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY)
    return bavail * bsize > FREE_BYTES_MIN ? IN_MEMORY : tmpdir()
  } catch {
    return tmpdir()
  }
}
