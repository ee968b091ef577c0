import type { Status } from '../../protocol/messages.ts'
import type { ClientState } from './model.ts'

/** What the person says of themselves, as far as they are online. */
export function statusOf({ online, statuses }: ClientState, user: string): Status {
  return online.get(user) === true ? (statuses.get(user) ?? 'available') : 'available'
}

type Told = Readonly<{ user: string; status: Status }>

/** With what is told of these; who is simply available is not kept. */
export function withStatuses(
  before: ClientState['statuses'],
  told: readonly Told[],
): ClientState['statuses'] {
  const changed = told.filter(({ user, status }) => (before.get(user) ?? 'available') !== status)
  if (changed.length === 0) return before
  const statuses = new Map(before)
  for (const { user, status } of changed) {
    if (status === 'available') statuses.delete(user)
    else statuses.set(user, status)
  }
  return statuses
}
