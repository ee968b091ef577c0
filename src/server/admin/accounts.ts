import { randomInt } from 'node:crypto'
import { ChatError } from '../../protocol/errors.ts'
import { PASSWORD_BYTES_MAX } from '../../protocol/limits.ts'
import type { User } from '../../protocol/messages.ts'
import { checkPassword } from '../handlers/account.ts'
import { revoke } from '../handlers/sessions.ts'
import { report } from './report.ts'
import type { AdminContext, Asked, Verb } from './verb.ts'

/** Verbs about one account. */

/** Without those that look alike. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
/** 79 bits. */
const GENERATED_CHARS = 16
/** Texts that are blanked in one step: others wait so long for the store. */
const ERASED_AT_ONCE = 50

export const operator: Verb = {
  args: 'USER on|off',
  meaning: 'let an account do what operators do, or not any more',
  owner: true,
  run: async ({ store }, { target, value }) => {
    if (value !== 'on' && value !== 'off') {
      throw new ChatError('badRequest', `operator USER on or off, not '${value}'`)
    }
    const { user, operator: on } = await store.setOperator(target, value === 'on')
    return report({ user: user.name, operator: on })
  },
}

export const kick: Verb = {
  args: 'USER',
  meaning: 'end all their sessions and connections; they can log in again',
  run: async (context, { target }) => {
    const { user } = await context.store.standing(target)
    refuseOneself(context, user, 'in the client, /sessions ends those that you do not use')
    return report({ user: user.name, sessionsEnded: await endSessions(context, user.id) })
  },
}

export const ban: Verb = {
  args: 'USER [REASON]',
  meaning: 'keep them out of the server; the reason is told to them',
  run: async (context, { target, value }) => {
    await refuseAmongOperators(context, target)
    refuseOneself(context, (await context.store.standing(target)).user)
    const { user, reason } = await context.store.setBanned(target, true, value)
    const sessionsEnded = await endSessions(context, user.id)
    return report({ user: user.name, banned: true, reason, sessionsEnded })
  },
}

export const unban: Verb = {
  args: 'USER',
  meaning: 'let them in again',
  run: async ({ store }, { target }) => {
    const { user } = await store.setBanned(target, false, '')
    return report({ user: user.name, banned: false })
  },
}

export const password: Verb = {
  args: 'USER',
  meaning: 'give them a new password, asked for or made, and end their sessions',
  run: async (context, { target, value }) => {
    await refuseAmongOperators(context, target)
    const { user } = await context.store.standing(target)
    const made = value === '' ? generated() : undefined
    const chosen = made ?? value
    checkPassword(chosen)
    checkLength(chosen)
    const passwordHash = await context.passwords.hash(chosen)
    const kept = keptSession(context, user.id)
    const ended = await context.store.changePassword(user.id, passwordHash, kept)
    revoke(context, user.id, ended)
    const told = made === undefined ? {} : { password: made }
    return report({ user: user.name, ...told, sessionsEnded: ended.length })
  },
}

/** Their account goes first, so that nothing new is said; it may be gone already. */
export const erase: Verb = {
  args: 'USER',
  meaning: 'delete their account and blank all they have said; the name stays taken',
  run: async (context, asked) => {
    if (asked.after === '') await deleteAccount(context, asked)
    const { target, after } = asked
    const query = { user: target, time: context.now(), after, limit: ERASED_AT_ONCE }
    const { user, texts, next } = await context.store.eraseTexts(query)
    const rows = texts > 0 || next === '' ? [{ user: user.name, textsBlanked: texts }] : []
    return { rows, next }
  },
}

async function deleteAccount(context: AdminContext, { target }: Asked): Promise<void> {
  try {
    await refuseAmongOperators(context, target)
    const { user } = await context.store.standing(target)
    refuseOneself(context, user, 'in the client, /delete-account does that')
    revoke(context, user.id, await context.store.deleteAccount(user.id, context.now()))
  } catch (error) {
    const gone = error instanceof ChatError && error.code === 'unknownUser'
    if (!gone) throw error
  }
}

/** Operators' accounts are out of each other's reach: taking one over is not taking over all. */
async function refuseAmongOperators(context: AdminContext, target: string): Promise<void> {
  if (context.operator === undefined) return
  const { operator: isOperator, user } = await context.store.standing(target)
  if (!isOperator || user.id === context.operator.id) return
  const who = 'only who owns the data folder does that to an operator'
  throw new ChatError('notAllowed', `${user.name} is an operator: ${who}`)
}

/** What log-in would not take. */
function checkLength(password: string): void {
  if (Buffer.byteLength(password) <= PASSWORD_BYTES_MAX) return
  throw new ChatError('weakPassword', `a password has at most ${PASSWORD_BYTES_MAX} bytes`)
}

/** Nobody locks themselves out by a slip. */
function refuseOneself({ operator }: AdminContext, user: User, instead = ''): void {
  if (user.id !== operator?.id) return
  const how = instead === '' ? '' : `: ${instead}`
  throw new ChatError('notAllowed', `${user.name} is the account that asks${how}`)
}

/** The one that asks is told how it went. */
function keptSession({ operator, caller }: AdminContext, user: string): Buffer {
  return Buffer.from(operator?.id === user ? (caller?.tokenHash ?? []) : [])
}

async function endSessions(context: AdminContext, user: string): Promise<number> {
  const ended = await context.store.endOtherSessions(user, keptSession(context, user))
  revoke(context, user, ended)
  return ended.length
}

function generated(): string {
  return Array.from({ length: GENERATED_CHARS }, () => LETTERS[randomInt(LETTERS.length)]).join('')
}
