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
  const tokens = await populateStore(store, members, group)
  await store.close()
  return tokens
}

/** The same of a store that is open. */
export async function populateStore(
  store: Store,
  members: number,
  group: string | undefined,
): Promise<readonly string[]> {
  const people = await registerAll(store, members)
  const [maker, ...others] = people
  if (group !== undefined && maker !== undefined) {
    const time = Date.now()
    const nonce = randomBytes(16)
    await store.createGroup({ by: maker.user, nonce, name: group, members: [], time })
    await Promise.all(others.map(({ user }) => store.join(user, group, time)))
  }
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
