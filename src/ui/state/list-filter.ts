import { editorText } from '../input/editor.ts'
import { fuzzyFilter } from '../input/fuzzy.ts'
import type { ClientState } from './model.ts'
import { groupRows, type ListRow, peopleRows } from './selectors.ts'

/** The rows of a list; while the lists are filtered only those that fit, best first. */
export function shownRows(state: ClientState, list: 'people' | 'groups'): readonly ListRow[] {
  const rows = list === 'people' ? peopleRows(state) : groupRows(state)
  if (state.filter === undefined) return rows
  const typed = editorText(state.filter).replace(/^#/, '')
  return fuzzyFilter(typed, rows, ({ name }) => name)
}
