import { ChatError } from '../../protocol/errors.ts'
import { NONCE_BYTES } from '../../protocol/limits.ts'

/** Rule 3. @throws ChatError badRequest */
export function checkNonce(nonce: Uint8Array): void {
  if (nonce.length === NONCE_BYTES) return
  throw new ChatError('badRequest', `a nonce has ${NONCE_BYTES} bytes, not ${nonce.length}`)
}
