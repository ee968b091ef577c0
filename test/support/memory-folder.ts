import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** A file system in memory, where the machine has one: for tests that open many databases. */
export function memoryFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
}
