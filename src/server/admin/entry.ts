import { ChatError } from '../../protocol/errors.ts'
import { INVITE_DAYS_DEFAULT, INVITE_DAYS_MAX, INVITE_USES_MAX } from '../../protocol/limits.ts'
import { DAY_MS } from '../day.ts'
import { newInviteCode } from '../invite-code.ts'
import { report } from './report.ts'
import type { Verb } from './verb.ts'

/** Verbs about who gets in, and where. */

/** An operator's invite has no maker: it stays good whoever comes and goes. */
export const invite: Verb = {
  args: '[GROUP]',
  meaning: 'make an invite: to register, with GROUP also to join it (--uses N, --days N)',
  run: async ({ store, now }, { target, value }) => {
    const [uses = '', days = ''] = value.split(' ')
    const time = now()
    const made = await store.createInvite({
      by: undefined,
      code: newInviteCode(),
      group: target,
      uses: countIn('uses', uses, 1, INVITE_USES_MAX),
      time,
      expires: time + countIn('days', days, INVITE_DAYS_DEFAULT, INVITE_DAYS_MAX) * DAY_MS,
    })
    return report({ code: made.code, group: target, uses: made.uses, expires: made.expires })
  },
}

export const revoke: Verb = {
  args: 'CODE',
  meaning: 'an invite lets nobody in any more',
  run: async ({ store }, { target }) => {
    await store.revokeInvite(undefined, target)
    return report({ revoked: true })
  },
}

export const endGroup: Verb = {
  args: 'GROUP',
  meaning: 'everybody leaves the group and its log is deleted',
  run: async ({ store, operator, now }, { target }) => {
    const { name } = await store.endGroup(operator?.id, target, now())
    return report({ group: name, ended: true })
  },
}

function countIn(what: string, text: string, otherwise: number, most: number): number {
  if (text === '' || text === '0') return otherwise
  const number = Number(text)
  if (/^\d{1,4}$/.test(text) && number >= 1 && number <= most) return number
  throw new ChatError('badRequest', `${what} '${text}' is no number from 1 to ${most}`)
}
