import { createHash } from 'node:crypto'

const HEX_DIGITS = 16

/** The public id of a session: names it to people, and says nothing of its token. */
export function sessionIdOf(tokenHash: Uint8Array): string {
  return createHash('sha256').update(tokenHash).digest('hex').slice(0, HEX_DIGITS)
}
