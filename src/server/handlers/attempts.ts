import { ChatError } from '../../protocol/errors.ts'
import type { Services } from '../services.ts'

/** Rule 14: how often somebody may try to get in. */

type Attempt = Pick<Services, 'limits'> & Readonly<{ caller: Readonly<{ address: string }> }>

/**
 * Attempts count before they are known to fail, so that many at once are no way around it; one
 * that succeeds is given back, but for what all of an account's have: each takes a hash, for which
 * others wait.
 * @throws ChatError rateLimited
 */
export function countAttempt({ limits, caller }: Attempt, key: string): () => void {
  const { failedLogInsOfAccount: ofAccount, failedLogInsFromAddress: fromAddress } = limits
  const addressMs = fromAddress.take(caller.address)
  if (addressMs > 0) throw tooManyAttempts(addressMs)
  const accountMs = ofAccount.take(key)
  const passwordMs = accountMs > 0 ? 0 : limits.passwordsOfAccount.take(key)
  if (passwordMs > 0) ofAccount.give(key)
  if (accountMs + passwordMs > 0) {
    fromAddress.give(caller.address)
    throw tooManyAttempts(accountMs + passwordMs)
  }
  return () => {
    ofAccount.give(key)
    fromAddress.give(caller.address)
  }
}

/** A registration costs the server what a log-in costs, so none is given back. */
export function countRegistration({ limits, caller }: Attempt): void {
  const retryMs = limits.failedLogInsFromAddress.take(caller.address)
  if (retryMs > 0) throw tooManyAttempts(retryMs)
}

/**
 * Only what failed counts: many people behind one address may come back at the same time, and no
 * number of attempts at once guesses 256 bits.
 */
export function checkTokenRate({ limits: { badTokensFromAddress: limit }, caller }: Attempt): void {
  const retryMs = limit.take(caller.address)
  if (retryMs > 0) throw tooManyAttempts(retryMs)
  limit.give(caller.address)
}

function tooManyAttempts(retryMs: number): ChatError {
  const seconds = Math.ceil(retryMs / 1_000)
  return new ChatError('rateLimited', `too many attempts; try again in ${seconds} s`, retryMs)
}
