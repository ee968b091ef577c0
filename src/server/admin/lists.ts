import type { Survey } from '../store/store.ts'
import { report } from './report.ts'
import type { Verb } from './verb.ts'

/** Verbs that only look. */

/** So many rows fit into one report, whatever is in them. */
const ROWS_MAX = 100

export const status: Verb = {
  args: '',
  meaning: 'how many there are of everything, and who is connected',
  run: async ({ store, presence }) => {
    const figures = await store.figures()
    return report({ online: presence.usersHere, ...figures })
  },
}

export const users: Verb = {
  ...list('users', '', 'all accounts'),
  run: async ({ store, presence }, { after }) => {
    const { items, next } = await store.survey({ of: 'users', user: '', after, limit: ROWS_MAX })
    const isOnline = (id: unknown) => typeof id === 'string' && presence.isOnline(id)
    return { rows: items.map((row) => ({ ...row, online: isOnline(row['id']) })), next }
  },
}
export const groups = list('groups', '', 'all groups, also those by invitation')
export const sessions = list('sessions', '[USER]', 'log-ins that have not ended, of all or one')
export const invites = list('invites', '', 'all invites, with their codes')
export const operators = list('operators', '', 'accounts that are operators')

function list(of: Survey, args: string, meaning: string): Verb {
  return {
    args,
    meaning,
    run: async ({ store }, { target, after }) => {
      const { items, next } = await store.survey({ of, user: target, after, limit: ROWS_MAX })
      return { rows: items, next }
    },
  }
}
