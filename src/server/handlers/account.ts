import { createHash, randomBytes } from 'node:crypto'
import { ChatError } from '../../protocol/errors.ts'
import { PASSWORD_CHARS_MIN, TOKEN_BYTES } from '../../protocol/limits.ts'
import type { User } from '../../protocol/messages.ts'
import { nameFault, nameKey, nameOf } from '../../protocol/names.ts'
import type { Answer, GuestContext, GuestRow, MemberRow } from '../handler.ts'
import { HEARTBEAT_MS, SESSION_GAIN_MS, SESSION_MS } from '../limits.ts'
import type { Account, FoundSession } from '../store/store.ts'
import { checkTokenRate, countAttempt, countRegistration } from './attempts.ts'
import { revoke } from './sessions.ts'

/** The group that everyone who registers is put into. It has no owner. */
const LOBBY = 'lobby'

export const logIn: GuestRow<'logIn'> = {
  needs: 'guest',
  cost: 1,
  alone: true,
  run: (context, message) => {
    if (message.token.length > 0) return resume(context, message.token)
    return passwordLogIn(context, message.name, message.password, message.device)
  },
}

export const register: GuestRow<'register'> = {
  needs: 'guest',
  cost: 1,
  alone: true,
  run: async (context, message) => {
    const { store, passwords, now } = context
    const name = nameOf(message.name)
    const fault = nameFault(name)
    if (fault !== undefined) throw new ChatError('badName', fault)
    checkPassword(message.password)
    const invite = inviteFor(context, message.invite)
    countRegistration(context)
    // A taken name need not cost a hash; createAccount decides when two come at once.
    if ((await store.findAccount(name)) !== undefined) throw new ChatError('nameTaken')
    const passwordHash = await passwords.hash(message.password)
    const account = { name, passwordHash, time: now(), joins: LOBBY, invite }
    return begin(context, await store.createAccount(account), passwordHash, message.device)
  },
}

export const logOut: MemberRow<'logOut'> = {
  needs: 'member',
  cost: 1,
  alone: true,
  run: async ({ store, caller, user, publish }) => {
    const { tokenHash } = caller
    await store.deleteSession(tokenHash)
    caller.leave()
    publish({ kind: 'revoked', user: user.id, tokenHash })
    return { type: 'loggedOut' }
  },
}

/** Rule 4: `alone` is what makes the answer mean something. */
export const heartbeat: GuestRow<'heartbeat'> = {
  needs: 'any',
  cost: 0.02,
  alone: true,
  run: () => ({ type: 'heartbeatAnswer' }),
}

async function passwordLogIn(
  context: GuestContext,
  name: string,
  password: string,
  device: string,
): Promise<Answer<'logIn'>> {
  const giveBack = countAttempt(context, nameKey(nameOf(name)))
  const account = await context.store.findAccount(nameOf(name))
  // What a client of version 1 made is for those clients only, until an operator gives it a password.
  const stored = account?.classic === true ? undefined : account?.passwordHash
  const right = await context.passwords.check(password, stored)
  if (!right || account === undefined) {
    context.log.info('a log-in failed', { address: context.caller.address })
    throw new ChatError('wrongLogin')
  }
  giveBack()
  if (account.banned !== undefined) throw bannedBecause(account.banned.reason)
  const passwordHash = await renewHash(context, account, password)
  return begin(context, account.user, passwordHash, device)
}

/** @returns what who is banned from the server is told */
export function bannedBecause(reason: string): ChatError {
  const what = 'you are banned from this server'
  return new ChatError('banned', reason === '' ? what : `${what}: ${reason}`)
}

/** What registering takes: the code that must be good, if any. */
function inviteFor({ registration }: GuestContext, invite: string): string | undefined {
  if (registration === 'open') return undefined
  if (registration === 'closed') throw new ChatError('registrationClosed')
  if (invite === '') {
    throw new ChatError('inviteNeeded', 'an account here takes an invite: ask a member for a line')
  }
  return invite
}

/** @throws ChatError weakPassword */
export function checkPassword(password: string): void {
  if ([...password].length >= PASSWORD_CHARS_MIN) return
  throw new ChatError('weakPassword', `a password has at least ${PASSWORD_CHARS_MIN} characters`)
}

/** Answers the hash that is kept now. */
async function renewHash(
  { passwords, store, log }: GuestContext,
  { user, passwordHash }: Account,
  password: string,
): Promise<string> {
  if (!passwords.outdated(passwordHash)) return passwordHash
  const renewed = await passwords.hash(password)
  // Unless it was changed meanwhile: then this log-in fails.
  await store.setPasswordHash(user.id, renewed, passwordHash)
  log.info('a password hash was renewed', { user: user.id })
  return renewed
}

/** A new session: its token is told once, here, and only its hash is kept. */
async function begin(
  context: GuestContext,
  user: User,
  passwordHash: string,
  device: string,
): Promise<Answer<'logIn'>> {
  const { store, caller, now } = context
  const token = randomBytes(TOKEN_BYTES)
  const tokenHash = hashOf(token)
  const time = now()
  const expires = time + SESSION_MS
  const session = { tokenHash, user: user.id, device, time, expires, passwordHash }
  revoke(context, user.id, await store.createSession(session))
  await caller.enter(user, tokenHash)
  return welcome(context, user, token)
}

async function resume(context: GuestContext, token: Uint8Array): Promise<Answer<'logIn'>> {
  const { store, caller, now } = context
  checkTokenRate(context)
  const tokenHash = hashOf(token)
  const session = await store.findSession(tokenHash, now())
  if (session === undefined) {
    context.limits.badTokensFromAddress.take(caller.address)
    throw new ChatError('badToken')
  }
  prolong(context, tokenHash, session)
  await caller.enter(session.user, tokenHash)
  return welcome(context, session.user, undefined)
}

/** Nobody waits for it, nor is kept out when it cannot be written. */
function prolong(
  { store, now, log }: GuestContext,
  tokenHash: Buffer,
  { user, expires }: FoundSession,
): void {
  const time = now()
  if (time + SESSION_MS - expires < SESSION_GAIN_MS) return
  store.prolongSession(tokenHash, time, time + SESSION_MS).catch((error: unknown) => {
    log.warn('a session could not be prolonged', { user: user.id, error })
  })
}

function welcome(
  { now }: GuestContext,
  user: User,
  token: Uint8Array | undefined,
): Answer<'logIn'> {
  const answer = { type: 'loggedIn', user, heartbeatMs: HEARTBEAT_MS, serverTime: now() } as const
  return token === undefined ? answer : { ...answer, token }
}

/** Of a token only this is kept. */
export function hashOf(token: Uint8Array): Buffer {
  return createHash('sha256').update(token).digest()
}
