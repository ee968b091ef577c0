import type { Bus, OnHint } from '../../src/server/bus/bus.ts'
import { LocalBus } from '../../src/server/bus/local.ts'
import type { Store } from '../../src/server/store/store.ts'
import { startServer, type TestServer } from './server.ts'

/** Two servers of one store and one bus. `loses`: whether a hint is lost on its way to the other node. */
export async function twoNodes(
  loses: (kind: string) => boolean,
  now: () => number = () => performance.now(),
): Promise<readonly [TestServer, TestServer]> {
  const bus = new LocalBus()
  const shared: Store[] = []
  const one = await startServer({
    monotonic: now,
    connectBus: (onHint) => bus.connect(onHint),
    wrapStore: (store) => {
      shared.push(store)
      return store
    },
  })
  const lossy = (onHint: OnHint): Bus =>
    bus.connect((hint) => {
      if (!loses(hint.kind)) onHint(hint)
    })
  const other = await startServer({
    monotonic: now,
    connectBus: lossy,
    wrapStore: (own) => ({ ...(shared[0] ?? own), close: () => own.close() }),
  })
  return [one, other]
}
