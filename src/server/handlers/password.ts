import { ChatError } from '../../protocol/errors.ts'
import { nameKey } from '../../protocol/names.ts'
import type { MemberContext, MemberRow } from '../handler.ts'
import { checkPassword } from './account.ts'
import { countAttempt } from './attempts.ts'
import { revoke } from './sessions.ts'

/** What a session alone is not enough for: it may be somebody else's by now. */

/** The other sessions end at the same time: whoever knew the old password is out. */
export const changePassword: MemberRow<'changePassword'> = {
  needs: 'member',
  cost: 1,
  alone: true,
  run: async (context, { old, password }) => {
    const { store, passwords, caller, user, log } = context
    checkPassword(password)
    await confirm(context, old)
    const passwordHash = await passwords.hash(password)
    const ended = await store.changePassword(user.id, passwordHash, caller.tokenHash)
    revoke(context, user.id, ended)
    log.info('a password was changed', { user: user.id })
    return { type: 'done' }
  },
}

export const deleteAccount: MemberRow<'deleteAccount'> = {
  needs: 'member',
  cost: 1,
  alone: true,
  run: async (context, { password }) => {
    const { store, caller, user, now, log } = context
    await confirm(context, password)
    const ended = await store.deleteAccount(user.id, now())
    caller.leaveAfterAnswer('revoked')
    revoke(context, user.id, ended)
    log.info('an account was deleted', { user: user.id })
    return { type: 'done' }
  },
}

/** Attempts are limited as those to log in are. @throws ChatError wrongLogin, rateLimited */
async function confirm(context: MemberContext, password: string): Promise<void> {
  const { store, passwords, user, log, caller } = context
  const giveBack = countAttempt(context, nameKey(user.name))
  const account = await store.findAccount(user.name)
  if (!(await passwords.check(password, account?.passwordHash))) {
    log.info('a password was wrong', { user: user.id, address: caller.address })
    throw new ChatError('wrongLogin', 'the password is wrong')
  }
  giveBack()
}
