/**
 * The same items. Input that does not come is not waited for when the command is to end.
 * @throws the signal's reason
 */
export async function* interruptible<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]()
  for (;;) {
    const next = await unless(signal, iterator.next())
    if (next.done === true) return
    yield next.value
  }
}

/**
 * What the promise comes to, unless the signal is first. No race with a promise of the signal: that
 * would keep a trace of every line.
 * @throws the signal's reason
 */
export function unless<T>(signal: AbortSignal, doing: Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  doing.then(resolve, reject)
  return promise.finally(() => signal.removeEventListener('abort', abort))
}
