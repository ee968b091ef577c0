import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** A killed process leaves its writes to the system; a power cut does not. */
const traceable = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0

test('an acknowledgement comes after the log was synced to the disk', async ({ skip }) => {
  skip(!traceable, 'needs strace, which is missing here or may not trace')
  const folder = temporaryFolder()
  const calls = await traceOf(folder, 15)
  let unsynced = true
  let acknowledged = 0
  for (const call of calls) {
    if (call === 'log written') unsynced = true
    if (call === 'log synced') unsynced = false
    if (call !== 'acknowledged') continue
    expect(unsynced).toBe(false)
    acknowledged += 1
    // Only another sync can make the next one durable.
    unsynced = true
  }
  expect(acknowledged).toBe(15)
})

type Traced = 'log written' | 'log synced' | 'acknowledged'

/** What a process that appends one message at a time asks of the system, in order. */
async function traceOf(folder: string, count: number): Promise<readonly Traced[]> {
  const trace = join(folder, 'trace')
  const program = fileURLToPath(new URL('appending.ts', import.meta.url))
  const options = ['-f', '-y', '-e', 'trace=write,pwrite64,fsync,fdatasync', '-o', trace]
  const run = [program, folder, 'run', '1', `${count}`]
  const child = spawn('strace', [...options, process.execPath, ...run], { stdio: 'ignore' })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  await new Promise((resolve) => child.once('close', resolve))
  return tracedIn(readFileSync(trace, 'utf8').split('\n'))
}

function tracedIn(lines: readonly string[]): readonly Traced[] {
  const syncing = new Set<string>()
  return lines.flatMap((line): readonly Traced[] => {
    const [thread = ''] = line.split(' ')
    if (/ write\(1<.*"~c/.test(line)) return ['acknowledged']
    if (/ pwrite64\(.*tchat\.db-wal>/.test(line)) return ['log written']
    const sync = / f(data)?sync\(.*tchat\.db-wal>/.test(line)
    if (sync && line.endsWith('<unfinished ...>')) syncing.add(thread)
    const done = sync || (/<\.\.\. f(data)?sync resumed>/.test(line) && syncing.delete(thread))
    return done && line.endsWith('= 0') ? ['log synced'] : []
  })
}
