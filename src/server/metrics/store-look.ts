import type { Store } from '../store/store.ts'

/** So long it is waited for the store's answer, milliseconds: who asks waits, too. */
const ANSWER_MS_MAX = 2_000

/** Asks the store for nothing. Why it does not work, in words; undefined: it does. */
export async function lookAtStore(
  store: Pick<Store, 'sessionsAlive'>,
  now: number,
): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const timer = setTimeout(() => resolve('the store does not answer'), ANSWER_MS_MAX)
  const asked = store.sessionsAlive([], now).then(
    () => undefined,
    () => 'the store is away, nothing can be read or written: see the log',
  )
  return Promise.race([asked, promise]).finally(() => clearTimeout(timer))
}
