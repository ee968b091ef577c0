import type { Context } from '../context.ts'
import type { ActionId } from '../input/bindings.ts'
import type { KeyPress } from '../input/key.ts'
import { shownRows } from '../state/list-filter.ts'
import { typedField } from './field.ts'

/**
 * What is typed narrows the lists down; the best of what is left is chosen, in the other list where only
 * that has any.
 */
export function filterKey(
  { store }: Context,
  key: KeyPress | undefined,
  action: ActionId | undefined,
): void {
  const { filter, focus } = store.getSnapshot()
  if (filter === undefined || (focus !== 'people' && focus !== 'groups')) return
  const next = typedField(filter, key ?? { name: '', text: '' }, action)
  if (next === undefined) return
  const state = { ...store.getSnapshot(), filter: next }
  const other = focus === 'people' ? 'groups' : 'people'
  const isThere = shownRows(state, focus).length === 0 && shownRows(state, other).length > 0
  const list = isThere ? other : focus
  const [best] = shownRows(state, list)
  if (isThere) store.dispatch({ type: 'focus', focus: other })
  store.dispatch({ type: 'filter', filter: next })
  store.dispatch({ type: 'chose', list, target: best?.target })
}
