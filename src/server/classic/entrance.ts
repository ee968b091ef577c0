import { randomBytes } from 'node:crypto'
import { ChatError } from '../../protocol/errors.ts'
import { TOKEN_BYTES } from '../../protocol/limits.ts'
import type { User } from '../../protocol/messages.ts'
import { nameFault, nameKey, nameOf } from '../../protocol/names.ts'
import { bannedBecause, hashOf } from '../handlers/account.ts'
import { countAttempt, countRegistration } from '../handlers/attempts.ts'
import { revoke } from '../handlers/sessions.ts'
import { SESSION_MS } from '../limits.ts'
import type { Services } from '../services.ts'
import type { Account } from '../store/store.ts'

/** What the session list says of such a client. */
const DEVICE = 'a client of version 1'

export type EntranceContext = Pick<
  Services,
  'store' | 'passwords' | 'limits' | 'registration' | 'publish' | 'now' | 'log'
> &
  Readonly<{ caller: Readonly<{ address: string }> }>

/** A session that was begun; the connection takes it over with its token, as any client does. */
export type Entered = Readonly<{ token: Uint8Array; tokenHash: Buffer }>

/**
 * The accounts of version 1 are a kind of their own, for its clients all send one password: made by
 * a first log-in with an unknown name, and open to nobody else. A native account is none of them.
 * @throws ChatError badName, wrongLogin, banned, rateLimited
 */
export async function enter(
  context: EntranceContext,
  userName: string,
  password: string,
): Promise<Entered> {
  const name = nameOf(userName)
  const fault = nameFault(name)
  if (fault !== undefined) throw new ChatError('badName', fault)
  const account = await context.store.findAccount(name)
  if (account === undefined && context.registration === 'open') {
    return begin(context, await makeAccount(context, name, password))
  }
  return begin(context, await checked(context, account, name, password))
}

async function makeAccount(
  context: EntranceContext,
  name: string,
  password: string,
): Promise<User> {
  const { store, passwords, now } = context
  countRegistration(context)
  const passwordHash = await passwords.hash(password)
  return store.createAccount({ name, passwordHash, time: now(), joins: undefined, classic: true })
}

/** For no account, and for a native one, it takes as long as for a wrong password. */
async function checked(
  context: EntranceContext,
  account: Account | undefined,
  name: string,
  password: string,
): Promise<User> {
  const giveBack = countAttempt(context, nameKey(name))
  const own = account?.classic === true ? account : undefined
  const right = await context.passwords.check(password, own?.passwordHash)
  if (!right || own === undefined) {
    context.log.info('a log-in failed', { address: context.caller.address })
    throw new ChatError('wrongLogin', 'the name belongs to somebody, or the password is wrong')
  }
  giveBack()
  if (own.banned !== undefined) throw bannedBecause(own.banned.reason)
  return own.user
}

async function begin(context: EntranceContext, user: User): Promise<Entered> {
  const { store, now } = context
  const token = randomBytes(TOKEN_BYTES)
  const tokenHash = hashOf(token)
  const time = now()
  const session = { tokenHash, user: user.id, device: DEVICE, time, expires: time + SESSION_MS }
  revoke(context, user.id, await store.createSession(session))
  return { token, tokenHash }
}
