import type { Survey } from '../store/store.ts'
import { type Row, report } from './report.ts'
import type { AdminContext, Verb } from './verb.ts'

/** Verbs that only look. */

/** So many rows fit into one report, whatever is in them. */
const ROWS_MAX = 100

export const status: Verb = {
  args: '',
  meaning: 'how many there are of everything, and who is connected',
  run: async (context) => {
    const figures = await context.store.figures()
    return report({ ...connected(context), ...figures })
  },
}

export const users: Verb = {
  ...list('users', '', 'all accounts'),
  run: async (context, { after }) => {
    const { store, presence } = context
    const { items, next } = await store.survey({ of: 'users', user: '', after, limit: ROWS_MAX })
    const absent = knowsAll(context) ? false : UNKNOWN
    const isOnline = (id: unknown) => (presence.isOnline(`${id}`) ? true : absent)
    return { rows: items.map((row) => ({ ...row, online: isOnline(row['id']) })), next }
  },
}
export const groups = list('groups', '', 'all groups, also those by invitation')
export const sessions = list('sessions', '[USER]', 'log-ins that have not ended, of all or one')
export const invites = list('invites', '', 'all invites, with their codes')
export const operators = list('operators', '', 'accounts that are operators')

/** Who is connected to other nodes, while nothing is heard of them. */
const UNKNOWN = 'unknown'

function knowsAll({ shared, busIsUp }: AdminContext): boolean {
  return !shared || busIsUp()
}

/** How many users are connected: to all nodes, and to the one that is asked. */
function connected(context: AdminContext): Row {
  const { shared, presence } = context
  if (!shared) return { online: presence.usersHere }
  const { usersHere: onlineHere, nodes } = presence
  if (!knowsAll(context)) return { online: UNKNOWN, onlineHere }
  return { online: presence.usersEverywhere, onlineHere, nodes }
}

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
