import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../protocol/errors.ts'
import { OPERATOR_SECRET_BYTES } from '../../protocol/limits.ts'
import { ServeError } from '../serve-error.ts'
import { makeFile } from '../store/folder.ts'

/**
 * Who can read it owns the data folder: so a program beside the running server shows that it may
 * do what operators do. Each server makes its own; removing it and starting again makes another.
 */

function secretPath(folder: string): string {
  return join(folder, 'operator.secret')
}

/** For who has locked the folder, or owns it beside a server. @throws ServeError */
export function makeOwnerSecret(folder: string): Buffer {
  const path = secretPath(folder)
  try {
    const kept = existsSync(path) ? readOwnerSecret(folder) : undefined
    if (kept?.length === OPERATOR_SECRET_BYTES) return kept
    const made = randomBytes(OPERATOR_SECRET_BYTES)
    writeFileSync(makeFile(path), made.toString('hex'))
    giveToOwner(path, folder)
    return made
  } catch (error) {
    throw new ServeError(`the operator's secret ${path} cannot be written: ${messageOf(error)}`)
  }
}

/** @throws the system's error when it is missing or may not be read */
/** Of a running server: empty where there is none that it can read, so nobody has it. */
export function presentOwnerSecret(folder: string): Buffer {
  try {
    return readOwnerSecret(folder)
  } catch {
    return Buffer.alloc(0)
  }
}

/** What the superuser makes must be read by the server, which is somebody else. */
function giveToOwner(path: string, folder: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(folder)
  chownSync(path, uid, gid)
}

function readOwnerSecret(folder: string): Buffer {
  return Buffer.from(readFileSync(secretPath(folder), 'utf8').trim(), 'hex')
}
