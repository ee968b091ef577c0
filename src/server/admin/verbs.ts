import { ban, erase, kick, operator, password, unban } from './accounts.ts'
import { backup, exporting, verify } from './data.ts'
import { endGroup, invite, revoke } from './entry.ts'
import { groups, invites, operators, sessions, status, users } from './lists.ts'
import type { AdminVerb, Verb } from './verb.ts'

/** Everything that operators can do to a server, whichever way they reach it. */
export const verbs: Readonly<Record<AdminVerb, Verb>> = {
  status,
  users,
  groups,
  sessions,
  invites,
  operators,
  operator,
  kick,
  ban,
  unban,
  password,
  invite,
  revoke,
  erase,
  endGroup,
  backup,
  verify,
  export: exporting,
}

/** Whether there is a verb of that name. */
export function isAdminVerb(name: string): name is AdminVerb {
  return Object.hasOwn(verbs, name)
}
