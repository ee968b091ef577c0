import type { Context } from '../context.ts'
import { commonEmoji, type Emoji, loadEmoji } from '../input/emoji.ts'

/** Every emoji with a name, once somebody wants one: nobody waits for them at the start. Never rejects. */
export async function allEmoji({ store }: Context): Promise<readonly Emoji[]> {
  const { emoji } = store.getSnapshot()
  if (emoji !== commonEmoji) return emoji
  const all = await loadEmoji().catch(() => commonEmoji)
  if (store.getSnapshot().emoji === commonEmoji) store.dispatch({ type: 'emoji', emoji: all })
  return all
}
