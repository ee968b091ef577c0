import { createHash, randomBytes } from 'node:crypto'
import { openSqliteStore } from '../src/server/store/sqlite.ts'
import type { Store } from '../src/server/store/store.ts'

/** Limits of rule 14 are not what is measured. */
const LIFTED = 1e9
export const LIFTED_RATES = {
  messagesPerSecond: LIFTED,
  messagesBurst: LIFTED,
  failedLogInsPerAccount: LIFTED,
  failedLogInsPerAddress: LIFTED,
  passwordsPerAccount: LIFTED,
  newConnectionsPerSecond: LIFTED,
  openConnections: LIFTED,
}

const DAY_MS = 86_400_000

/**
 * Members with a session each, written into the store before it is served: no password is hashed.
 * Answers their tokens in hex.
 * @param group that all of them are in; undefined: none
 */
export async function populate(
  folder: string,
  members: number,
  group: string | undefined,
): Promise<readonly string[]> {
  const store = await openSqliteStore({ folder, onAppended: () => undefined })
  const people = await registerAll(store, members)
  const time = Date.now()
  for (const [at, { user }] of people.entries()) {
    if (group === undefined) break
    const nonce = randomBytes(16)
    if (at === 0) await store.createGroup({ by: user, nonce, name: group, members: [], time })
    else await store.join(user, group, time)
  }
  await store.close()
  return people.map(({ token }) => token)
}

/** Many at a time: a commit for each would take long. */
export function registerAll(
  store: Store,
  members: number,
): Promise<readonly Readonly<{ user: string; token: string }>[]> {
  const time = Date.now()
  const one = async (at: number) => {
    const account = { name: `member${at}`, passwordHash: '', time, joins: undefined }
    const { id: user } = await store.createAccount(account)
    const token = randomBytes(32)
    const tokenHash = createHash('sha256').update(token).digest()
    await store.createSession({ tokenHash, user, device: '', time, expires: time + DAY_MS })
    return { user, token: token.toString('hex') }
  }
  return Promise.all(Array.from({ length: members }, (_, at) => one(at)))
}
