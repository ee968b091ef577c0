import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { PATIENCE_MS } from './patience.ts'
import { runFolder } from './run-folder.ts'

/** A PostgreSQL server of the test run's own: on a socket in a folder, in memory, without fsync. */

const DEBIAN = '/usr/lib/postgresql'
const SETTINGS = {
  listen_addresses: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  shared_buffers: '32MB',
  max_wal_size: '128MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
  // In the folder, so that nothing is left elsewhere when it is killed.
  dynamic_shared_memory_type: 'mmap',
}
const START_MS_MAX = PATIENCE_MS

/** Where its programs are; undefined: nowhere. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined
  const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))
  return versions
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((bin) => {
      return existsSync(join(bin, 'initdb'))
    })
}

export function newServerFolder(): string {
  return runFolder('pg')
}

/** Started by the first that asks, whatever process it is. Answers where it is. */
export async function startedServer(folder: string): Promise<string> {
  const data = join(folder, 'data')
  if (isMine(join(folder, 'starting'))) {
    start(folder, data)
    mkdirSync(join(folder, 'ready'))
  }
  const until = Date.now() + START_MS_MAX
  while (!existsSync(join(folder, 'ready'))) {
    if (Date.now() > until) throw new Error('the PostgreSQL server for tests did not start')
    await delay(20)
  }
  return serverUrl(folder)
}

function serverUrl(folder: string): string {
  return `postgres://postgres@${encodeURIComponent(folder)}/postgres`
}

export function removeServer(folder: string): void {
  const data = join(folder, 'data')
  if (existsSync(join(data, 'postmaster.pid'))) {
    run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop'])
  }
  rmSync(folder, { recursive: true, force: true })
}

function start(folder: string, data: string): void {
  const owner = ownerOf()
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid)
  run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'])
  const settings = Object.entries(SETTINGS).map(([name, value]) => `-c ${name}='${value}'`)
  const options = [...settings, `-k '${folder}'`].join(' ')
  run('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start'])
}

function run(program: string, args: readonly string[]): void {
  const bin = postgresPrograms()
  if (bin === undefined) throw new Error(POSTGRES_LACKS)
  execFileSync(join(bin, program), args, { ...ownerOf(), stdio: 'ignore', cwd: '/' })
}

/** PostgreSQL does not run as root. */
function ownerOf(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (which: string) =>
    Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

function isMine(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch {
    return false
  }
}

export const POSTGRES_LACKS = 'needs PostgreSQL (Debian: postgresql): see .ci/run'
