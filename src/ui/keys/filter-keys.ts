import type { Context } from '../context.ts'
import type { ActionId } from '../input/bindings.ts'
import type { KeyPress } from '../input/key.ts'
import { shownRows } from '../state/list-filter.ts'
import { typedField } from './field.ts'

/** What is typed narrows the list down; the best of what is left is chosen. */
export function filterKey(
  { store }: Context,
  key: KeyPress | undefined,
  action: ActionId | undefined,
): void {
  const { filter, focus } = store.getSnapshot()
  if (filter === undefined || (focus !== 'people' && focus !== 'groups')) return
  const next = typedField(filter, key ?? { name: '', text: '' }, action)
  if (next === undefined) return
  store.dispatch({ type: 'filter', filter: next })
  const [best] = shownRows(store.getSnapshot(), focus)
  store.dispatch({ type: 'chose', list: focus, target: best?.target })
}
