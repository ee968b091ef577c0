import { type Context, notify } from '../context.ts'
import type { Look } from '../look.ts'
import type { UiOptions } from '../options.ts'
import { shortPath } from '../text/paths.ts'

/** What is wrong in the configuration, in a sentence; '' when nothing is. */
export function complaintOf(
  { configurationFaults = [] }: Pick<UiOptions, 'configurationFaults'>,
  { home, words: { configuration } }: Look,
): string {
  const [named, ...more] = configurationFaults
  if (named === undefined) return ''
  // 'FILE:LINE: what is wrong'
  const first = named.replace(/^\/[^:]+/, (path) => shortPath(path, home))
  return more.length === 0
    ? configuration.wrong(first)
    : configuration.wrongMore(first, more.length)
}

/** Says it as soon as there is a chat to say it in. The answer takes it back. */
export function complainOnce(context: Context, complaint: string): () => void {
  const { store } = context
  if (complaint === '') return () => {}
  const unsubscribe = store.subscribe(() => {
    if (store.getSnapshot().screen.type !== 'main') return
    unsubscribe()
    notify(context, 'error', complaint)
  })
  return unsubscribe
}
