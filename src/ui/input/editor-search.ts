import { graphemes } from '../text/graphemes.ts'
import type { TextAndCursor } from './clusters.ts'

/**
 * Looking through what was sent before. While it goes on the editor shows what was found; what is
 * typed goes to the query.
 */
export type HistorySearch = Readonly<{
  query: string
  /** Which entry of the history is shown, 1 being the newest; 0: none was looked for yet. */
  at: number
  /** Nothing further back has the query in it; what is shown is what was found before. */
  failed: boolean
  /** What was being written. */
  before: TextAndCursor
}>

/** An editor as far as the search changes it. */
export type Searched = TextAndCursor & Readonly<{ search: HistorySearch | undefined }>

/** Begins one; nothing else is shown before something is typed, or it is asked for an older one. */
export function beginSearch({ clusters, cursor }: TextAndCursor): HistorySearch {
  return { query: '', at: 0, failed: false, before: { clusters, cursor } }
}

/** What a further key does to a search that goes on; undefined: it is no key for it. */
export function searchStep(
  state: Searched,
  search: HistorySearch,
  action: Readonly<{ kind: string; text?: string }>,
  history: readonly string[],
): Searched | undefined {
  const step = steps[action.kind]
  if (step !== undefined) return step(state, search, history)
  if (action.kind !== 'insert') return undefined
  const query = search.query + oneLine(action.text ?? '')
  return found(state, { ...search, query }, history, Math.max(1, search.at), 1)
}

type Step = (state: Searched, search: HistorySearch, history: readonly string[]) => Searched

const older: Step = (state, search, history) => found(state, search, history, search.at + 1, 1)
const newer: Step = (state, search, history) => found(state, search, history, search.at - 1, -1)
const cancel: Step = (_, { before }) => ({ ...before, search: undefined })

const steps: Readonly<Record<string, Step>> = {
  searchHistory: older,
  up: older,
  down: newer,
  // From the newest again: a shorter query may have been passed by.
  deleteLeft: (state, search, history) => {
    const query = graphemes(search.query).slice(0, -1).join('')
    const again = { ...search, query, at: 0, failed: false }
    if (query === '') return { ...search.before, search: again }
    return found({ ...state, ...search.before }, again, history, 1, 1)
  },
  searchAccept: ({ clusters, cursor }) => ({ clusters, cursor, search: undefined }),
  searchCancel: cancel,
  clear: cancel,
}

/** Shows the first entry from `from` on, older (1) or newer (-1), that has the query in it. */
function found(
  state: Searched,
  search: HistorySearch,
  history: readonly string[],
  from: number,
  by: 1 | -1,
): Searched {
  const wanted = folded(search.query)
  for (let at = from; at >= 1 && at <= history.length; at += by) {
    const text = history.at(-at) ?? ''
    if (!folded(text).includes(wanted)) continue
    const clusters = graphemes(text)
    return { clusters, cursor: clusters.length, search: { ...search, at, failed: false } }
  }
  const { clusters, cursor } = state
  return { clusters, cursor, search: { ...search, failed: true } }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
