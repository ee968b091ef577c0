import { ChatError } from '../../../protocol/errors.ts'
import { NONCE_BYTES } from '../../../protocol/limits.ts'
import { digestOf } from './digest.ts'

/** Rule 3. @throws ChatError badRequest */
export function checkNonce({ length }: { length: number }): void {
  if (length === NONCE_BYTES) return
  throw new ChatError('badRequest', `a nonce has ${NONCE_BYTES} bytes, not ${length}`)
}

/** Tells a repetition of a send from another one. `reply`: seq of what it answers; 0: none. */
export function digestOfSent(text: string, reply: number): number {
  return reply === 0 ? digestOf(text) : digestOf(text, String(reply))
}
