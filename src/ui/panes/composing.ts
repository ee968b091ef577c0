import { actionOfCommand, commandUsage } from '../commands/action-names.ts'
import { completions } from '../commands/completions.ts'
import { type CompletionStep, isSigned, startCompletion } from '../input/completion.ts'
import { completionOf, type EditorState, editorText, emptyEditor } from '../input/editor.ts'
import type { HistorySearch } from '../input/editor-search.ts'
import { quoteOf } from '../log/quote.ts'
import type { Look } from '../look.ts'
import type { ClientState } from '../state/model.ts'
import { openConversation } from '../state/selectors.ts'
import { cutText, sureText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { spread } from './lists.ts'
import { fieldRow } from './window.ts'

/** Whether something stands above the draft: it is an answer or an edit, or a word is being completed. */
export function hasRowAbove(state: ClientState, draft: EditorState): boolean {
  return completionOf(draft) !== undefined || openConversation(state)?.composing !== undefined
}

/**
 * What stands above the draft and below it. What a word can become stands where it moves nothing:
 * below, in a row that is `spare`; else, but only once Tab was pressed, above.
 */
export function rowsBesideDraft(
  state: ClientState,
  draft: EditorState,
  spare: boolean,
  width: number,
  look: Look,
): Readonly<{ above: string | undefined; below: string | undefined }> {
  const begun = completionOf(draft)
  const step = begun ?? (spare ? offeredStep(state, draft) : undefined)
  const usage = spare ? usageRow(state, draft, width, look) : undefined
  const candidates = step === undefined ? usage : candidatesRow(step, width, look)
  const words = composingWords(state, look)
  const keys = width < KEYS_CELLS_MIN ? '' : look.words.messages.composingKeys
  const about = words && look.theme.accent(spread(words, keys, width))
  return spare || begun === undefined
    ? { above: about, below: candidates }
    : { above: candidates, below: undefined }
}

/** Behind the name of a command what it wants: '/create [group [first members…]]  create a group'. */
function usageRow(
  state: ClientState,
  draft: EditorState,
  width: number,
  { words, theme }: Look,
): string | undefined {
  if (state.focus !== 'compose' || draft.clusters[0] !== '/' || draft.search !== undefined)
    return undefined
  const command = /^\/([^\s/]+)(?:\s|$)/.exec(editorText(draft))?.[1]
  const action = command === undefined ? undefined : actionOfCommand(command)
  if (action === undefined) return undefined
  return theme.faint(cutText(`  ${commandUsage(action, words)}  ${words.actions[action]}`, width))
}

/** What Tab would begin, of a word with a sign: it is seen while one types. */
function offeredStep(state: ClientState, draft: EditorState): CompletionStep | undefined {
  const isWriting = state.focus === 'compose' && state.overlay === undefined
  if (!isWriting || draft.search !== undefined || !isSigned(draft)) return undefined
  const step = startCompletion(draft, completions(state), 1)
  if (step === undefined) return undefined
  // What is there already need not be offered: then it is said what it wants.
  const [typed, ...found] = step.options.map(({ key }) => key)
  const goesOn = found.some((key) => key !== typed && key.startsWith(typed ?? ''))
  const isCommand = actionOfCommand(typed?.replace(/^\//, '') ?? '') !== undefined
  return isCommand && !goesOn ? undefined : { ...step, index: 0 }
}

function composingWords(state: ClientState, look: Look): string | undefined {
  const open = openConversation(state)
  if (open?.composing === undefined) return undefined
  const { type, seq } = open.composing
  const quote = quoteOf(open.entries, seq, state.me?.id, look)
  return look.words.messages.composing[type](quote)
}

/** In fewer what is answered has all of the row. */
const KEYS_CELLS_MIN = 30
const CANDIDATE_CELLS_MAX = 30
const MORE = '…'

/** What the word can become, with the one that it is now marked: a page of them where not all fit. */
function candidatesRow({ options, index }: CompletionStep, width: number, look: Look): string {
  const labels = options.slice(1).map(({ label }) => cutText(sureText(label), CANDIDATE_CELLS_MAX))
  const pages = pagesOf(labels, width - 2 * (MORE.length + 1))
  // On what was typed itself none is marked.
  const chosen = Math.max(0, index - 1)
  const at = Math.max(
    0,
    pages.findLastIndex((first) => first <= chosen),
  )
  const first = pages[at] ?? 0
  const shown = labels.slice(first, pages[at + 1])
  const row = shown.map((label, nth) =>
    first + nth === index - 1 ? look.theme.chosen(`▸${label} `) : look.theme.faint(` ${label} `),
  )
  const before = at > 0 ? MORE : ' '
  const after = at < pages.length - 1 ? MORE : ''
  return cutTo(`${before}${row.join('')}${after}`, shown, width)
}

/** A label that is wider than the whole window is all that stands there. */
function cutTo(row: string, labels: readonly string[], width: number): string {
  return labels.length === 1 && textWidth(labels[0] ?? '') + 4 > width
    ? cutText(labels[0] ?? '', width)
    : row
}

/** The first label of each page. */
function pagesOf(labels: readonly string[], width: number): readonly number[] {
  const firsts: number[] = []
  let cells = width
  for (const [index, label] of labels.entries()) {
    const needed = textWidth(label) + 2
    if (cells + needed > width) {
      firsts.push(index)
      cells = 0
    }
    cells += needed
  }
  return firsts
}

/** The line of the search for what was sent; `x`: the cursor's column. */
export function searchRow(
  search: HistorySearch,
  draft: EditorState,
  width: number,
  { words, theme }: Look,
): Readonly<{ row: string; x: number }> {
  const { history } = words
  const field = fieldRow(history.label, emptyEditor({ oneLine: true, text: search.query }), width)
  const found = search.at > 0 || search.query !== ''
  const none = search.at > 0 ? history.noneOlder : history.none
  const said = search.failed && found ? none : history.keys
  const room = width - textWidth(field.row) - 3
  // In a window of one row what was found stands here, too.
  const text = room < textWidth(said) ? editorText(draft).replace(/\s+/g, ' ') : said
  const style = search.failed && text === said ? theme.careful : theme.faint
  return { row: `${field.row}   ${style(cutText(sureText(text), Math.max(0, room)))}`, x: field.x }
}
