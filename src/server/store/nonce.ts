import { ChatError } from '../../protocol/errors.ts'
import { NONCE_BYTES } from '../../protocol/limits.ts'

/** Rule 3. @throws ChatError badRequest */
export function checkNonce({ length }: { length: number }): void {
  if (length === NONCE_BYTES) return
  throw new ChatError('badRequest', `a nonce has ${NONCE_BYTES} bytes, not ${length}`)
}
