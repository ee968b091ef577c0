import type { Entry, Head } from '../../protocol/messages.ts'
import { isChange } from '../../protocol/present.ts'
import { entryAt } from './changes.ts'
import { indexOfSeq } from './log.ts'

/** Whether a text names this user with @. */
export function isNamed(entry: Entry | undefined, user: string | undefined): boolean {
  return entry?.kind === 'text' && user !== undefined && entry.mentions.includes(user)
}

/** How many more unread texts name the user with this entry: 1, −1 or 0. */
export function mentionsGained(
  entry: Entry,
  before: readonly Entry[],
  after: readonly Entry[],
  { read }: Head,
  user: string | undefined,
): number {
  const seq = isChange(entry) ? entry.target : entry.seq
  if (seq <= read) return 0
  const [was, is] = [entryAt(before, seq), entryAt(after, seq)]
  return Number(isNamed(is, user)) - Number(isNamed(was, user))
}

/** How many unread texts name the user when everything up to `read` is read. */
export function mentionsLeft(
  entries: readonly Entry[],
  head: Head,
  read: number,
  user: string | undefined,
): number {
  if (read >= head.last) return 0
  const passed = entries.slice(indexOfSeq(entries, head.read + 1), indexOfSeq(entries, read + 1))
  const fewer = passed.filter((entry) => isNamed(entry, user)).length
  return Math.max(0, head.mentions - fewer)
}
