import { run } from '../commands/actions.ts'
import { type Context, notify } from '../context.ts'
import type { ListRow } from '../state/selectors.ts'
import { ask } from './ask.ts'
import { unblock } from './group-requests.ts'

/** B on a row of the lists: asks before somebody is blocked, and undoes it at once. */
export function blockRow(context: Context, list: 'people' | 'groups', row: ListRow): void {
  if (list === 'groups') {
    return notify(context, 'error', context.look.words.windows.done.onlyPeople)
  }
  if (!row.blocked)
    return ask(context, { name: 'block', group: '', id: row.target, label: row.name })
  run(context, () => unblock(context, row.name))
}
