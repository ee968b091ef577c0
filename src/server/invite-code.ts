import { randomBytes } from 'node:crypto'

/** Digits and small letters, without those that are taken for others (i, l, o, u). */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const CODE_CHARS = 16

/** A new invite's code: 80 random bits that no shell, link or reader stumbles over. */
export function newInviteCode(): string {
  // 32 characters: the low five bits of a byte choose each of them alike.
  const letters = Array.from(randomBytes(CODE_CHARS), (byte) => ALPHABET[byte % ALPHABET.length])
  return letters.join('')
}
