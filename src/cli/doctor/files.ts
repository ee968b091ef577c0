import { access, constants, lstat, readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../protocol/errors.ts'
import { type Finding, fail, ok } from './finding.ts'

/** Rights of group and others. */
const OTHERS = 0o077
const OTHERS_WRITE = 0o022
const WINDOWS = process.platform === 'win32'
/** In all; nobody's state folder has more, and a doctor does not take minutes. */
const FILES_MAX = 10_000
const ROOM_MIN = 50 * 1_048_576

type Wrong = Readonly<{ path: string; mode: number; folder: boolean }>

/** The state folder: whose it is, who may read what is in it, whether there is room. */
export async function filesFindings(
  folder: string,
  uid: number | undefined,
): Promise<readonly Finding[]> {
  try {
    const { uid: owner } = await lstat(folder)
    if (uid !== undefined && owner !== uid) {
      return [
        fail('files', `${folder} belongs to somebody else`, 'let XDG_STATE_HOME name one of yours'),
      ]
    }
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return [await rightsFinding(folder), await roomFinding(folder)]
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return [ok('files', `${folder} is not there yet: nothing is kept`)]
    }
    return [
      fail('files', `${folder}: ${messageOf(error)}`, 'make it yours, with all rights for you'),
    ]
  }
}

/** Who may write the configuration may have programs run: it names commands. */
export async function configurationRights(file: string): Promise<readonly Finding[]> {
  const mode = WINDOWS ? 0 : ((await stat(file).catch(() => undefined))?.mode ?? 0) & 0o777
  if ((mode & OTHERS_WRITE) === 0) return []
  const text = `${file} has mode ${mode.toString(8)}: others can write into it what you then run`
  return [fail('files', text, `chmod go-w '${file}'`)]
}

async function rightsFinding(folder: string): Promise<Finding> {
  const seen = { count: 0 }
  const wrong = WINDOWS ? [] : await openToOthers(folder, seen)
  const [first] = wrong
  if (first === undefined) return ok('files', `${folder}: yours alone`)
  const { path, mode } = first
  const text = `${path} has mode ${mode.toString(8)}: others can read it${more(wrong.length - 1)}`
  return fail('files', text, `chmod -R go= '${folder}'`)
}

function more(count: number): string {
  return count === 0 ? '' : `, and ${count} more`
}

async function openToOthers(path: string, seen: { count: number }): Promise<readonly Wrong[]> {
  const stats = await lstat(path)
  const folder = stats.isDirectory()
  const mode = stats.mode & 0o777
  const own = (mode & OTHERS) === 0 || stats.isSymbolicLink() ? [] : [{ path, mode, folder }]
  seen.count += 1
  if (!folder || seen.count > FILES_MAX) return own
  const inside: Wrong[] = []
  for (const name of await readdir(path))
    inside.push(...(await openToOthers(join(path, name), seen)))
  return [...own, ...inside]
}

async function roomFinding(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  const text = `${Math.floor(free / 1_048_576)} MB are free`
  return free >= ROOM_MIN ? ok('room', text) : fail('room', text, 'make room on that disk')
}
