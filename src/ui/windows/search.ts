import type { Hit } from '../../protocol/messages.ts'
import { showEntry } from '../commands/requests.ts'
import { type Context, show } from '../context.ts'
import { inWords } from '../flow/refusal.ts'
import { editorText, emptyEditor } from '../input/editor.ts'
import { type Press, stepped, typed } from '../keys/window-keys.ts'
import type { SearchWindow } from '../state/windows.ts'

/**
 * Opens the search, in what is open or `everywhere`. In one that is open already the key changes
 * where is searched.
 */
export function openSearch(context: Context, words: string, everywhere: boolean): void {
  const { overlay, open } = context.store.getSnapshot()
  const query = emptyEditor({ oneLine: true, text: words })
  const where = everywhere ? undefined : open
  if (overlay?.type !== 'search') return show(context, fresh({ type: 'search', query, where }))
  show(context, fresh({ ...overlay, where: overlay.where === undefined ? open : undefined }))
}

/** With nothing found yet: that is asked for as soon as typing pauses. */
function fresh(window: Pick<SearchWindow, 'type' | 'query' | 'where'>): SearchWindow {
  const { type, query, where } = window
  return { type, query, where, found: { state: 'nothing' }, chosen: 0 }
}

/** A key in the search. Enter goes where the chosen message stands. */
export function searchKey(context: Context, overlay: SearchWindow, key: Press): void {
  const { found } = overlay
  const hits = found.state === 'found' ? found.hits : []
  if (key.action === 'searchAll') return openSearch(context, '', false)
  const chosen = stepped(key, overlay.chosen, hits.length)
  if (chosen !== undefined) return show(context, { ...overlay, chosen })
  if (key.action === 'accept') return accept(context, overlay, hits[overlay.chosen])
  const query = typed(overlay.query, key)
  if (query === undefined) return
  // Moving the cursor asks for nothing anew.
  const same = editorText(query) === editorText(overlay.query)
  show(context, same ? { ...overlay, query } : { ...overlay, query, chosen: 0 })
}

function accept(context: Context, overlay: SearchWindow, hit: Hit | undefined): void {
  // What could not be searched is tried again.
  if (overlay.found.state === 'failed') return show(context, fresh(overlay))
  if (hit?.entry === undefined) return
  const target = context.store.getSnapshot().targets.get(hit.conversation)
  const failed = (error: unknown) => {
    const text = inWords(error, context.look)
    context.store.dispatch({ type: 'notice', notice: { kind: 'error', text } })
  }
  if (target === undefined) {
    return failed(new Error(context.look.words.windows.done.notFound))
  }
  context.store.dispatch({ type: 'opened', target })
  showEntry(context, target, hit.entry.seq).catch(failed)
}

/** What a search is about: the words, and where. Two with the same have the same hits. */
export function askedOf({ query, where }: SearchWindow): string {
  return `${where ?? ''}\n${editorText(query).trim()}`
}
