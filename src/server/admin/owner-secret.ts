import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
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

/** For who has locked the folder. @throws ServeError */
export function makeOwnerSecret(folder: string): Buffer {
  const path = secretPath(folder)
  try {
    const kept = existsSync(path) ? readOwnerSecret(folder) : undefined
    if (kept?.length === OPERATOR_SECRET_BYTES) return kept
    const made = randomBytes(OPERATOR_SECRET_BYTES)
    writeFileSync(makeFile(path), made.toString('hex'))
    return made
  } catch (error) {
    throw new ServeError(`the operator's secret ${path} cannot be written: ${messageOf(error)}`)
  }
}

/** @throws the system's error when it is missing or may not be read */
export function readOwnerSecret(folder: string): Buffer {
  return Buffer.from(readFileSync(secretPath(folder), 'utf8').trim(), 'hex')
}
