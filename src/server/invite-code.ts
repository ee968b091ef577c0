import { randomBytes } from 'node:crypto'
import { INVITE_CHARS } from '../protocol/limits.ts'

/** Digits and small letters, without those that are taken for others (i, l, o, u). */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** A new invite's code: 80 random bits that no shell, link or reader stumbles over. */
export function newInviteCode(): string {
  // 32 characters: the low five bits of a byte choose each of them alike.
  const letters = Array.from(randomBytes(INVITE_CHARS), (byte) => ALPHABET[byte % ALPHABET.length])
  return letters.join('')
}
