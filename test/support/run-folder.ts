import { mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { memoryFolder } from './memory-folder.ts'

/** What is in memory for the length of a test run; who is killed leaves it behind. */
type Kind = 'pg' | 'simulation' | 'guards'

/** A new folder in memory. Whose it is, is in its name. */
export function runFolder(kind: Kind, parent: string = memoryFolder()): string {
  return mkdtempSync(join(parent, `tchat-${kind}-${process.pid}-`))
}

/** Folders whose process is gone. */
export function leftFolders(parent: string = memoryFolder()): readonly string[] {
  const left = readdirSync(parent).filter((name) => {
    const owner = /^tchat-(?:pg|simulation|guards)-(\d+)-/.exec(name)?.[1]
    return owner !== undefined && !isAlive(Number(owner))
  })
  return left.map((name) => join(parent, name))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
