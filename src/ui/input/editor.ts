import { cleanText } from '../../protocol/clean.ts'
import { splice, type TextAndCursor } from './clusters.ts'
import {
  type Candidate,
  type CompletionStep,
  startCompletion,
  stepCompletion,
} from './completion.ts'
import { indexAtRowColumn, rowOfCursor } from './editor-layout.ts'
import { beginSearch, type HistorySearch, searchStep } from './editor-search.ts'
import { blankLeft, wordLeft, wordRight } from './words.ts'

/** Undo steps, and killed texts, that are kept. */
const UNDO_STEPS_MAX = 200
const KILLS_MAX = 30

/**
 * Text being written: a composer, or with `oneLine` a field. A value; `reduceEditor` makes the next.
 * `cursor` stands before `clusters[cursor]`.
 */
export type EditorState = TextAndCursor &
  Readonly<{
    oneLine: boolean
    /** The column, in cells, that up and down try to keep. */
    column: number | undefined
    /** Killed texts, the newest first. */
    kills: readonly string[]
    /** What undo goes back to, the newest last. */
    undo: readonly Snapshot[]
    /** How far back in the history, 1 being the newest entry; 0 is the draft itself. */
    historyPosition: number
    /** What was being written before history was looked at. */
    draft: string
    /** Looking through what was sent before: what is typed goes there, not to the text. */
    search: HistorySearch | undefined
    /** What the next action may go on with. */
    chain: Chain
  }>

/** The last action, as far as the next one depends on it. */
type Chain =
  | Readonly<{ kind: 'none' | 'typing' | 'kill' }>
  | Readonly<{ kind: 'yank'; start: number; kill: number }>
  | Readonly<{ kind: 'completion'; step: CompletionStep }>

type Snapshot = Readonly<{ clusters: readonly string[]; cursor: number }>

/** What a key can do to the text. `up`, `down` move over wrapped rows, then through the history. */
export type EditorAction =
  | Readonly<{ kind: 'insert' | 'paste' | 'set'; text: string }>
  | Readonly<{ kind: 'complete'; candidates: readonly Candidate[]; step: 1 | -1 }>
  /** Puts another text in the place of so many clusters before the cursor. */
  | Readonly<{ kind: 'replaceLeft'; count: number; text: string }>
  /** Keeps a text where yank finds it. */
  | Readonly<{ kind: 'keep'; text: string }>
  | Readonly<{ kind: SimpleAction }>

export type SimpleAction =
  | 'newline'
  | 'left'
  | 'right'
  | 'wordLeft'
  | 'wordRight'
  | 'lineStart'
  | 'lineEnd'
  | 'textStart'
  | 'textEnd'
  | 'up'
  | 'down'
  | 'deleteLeft'
  | 'deleteRight'
  | 'killWordLeft'
  | 'killBlankLeft'
  | 'killWordRight'
  | 'killLineStart'
  | 'killLineEnd'
  | 'yank'
  | 'yankPop'
  | 'transpose'
  | 'undo'
  | 'clear'
  | 'historyPrevious'
  | 'historyNext'
  | 'searchHistory'
  | 'searchAccept'
  | 'searchCancel'
  | 'submitted'

/** What is outside the text: the cells it is drawn in, and what was sent before, oldest first. */
export type EditorContext = Readonly<{ width: number; history: readonly string[] }>

const NONE: Chain = { kind: 'none' }

/** An empty editor, or one that holds a draft, with the cursor behind it. */
export function emptyEditor(options: { oneLine?: boolean; text?: string } = {}): EditorState {
  const oneLine = options.oneLine ?? false
  return {
    ...splice([], 0, 0, typedText(options.text ?? '', oneLine)),
    oneLine,
    column: undefined,
    kills: [],
    undo: [],
    historyPosition: 0,
    draft: '',
    search: undefined,
    chain: NONE,
  }
}

/** The text as a string. */
export function editorText(state: EditorState): string {
  return state.clusters.join('')
}

/** What Enter sends: the text without empty lines around it and blanks at its end; '' for nothing. */
export function sendable(state: EditorState): string {
  return editorText(state)
    .replace(/^(?:\s*\n)+/u, '')
    .trimEnd()
}

/** Whether Enter means a new line here: the cursor is at the end of a line, behind a backslash. */
export function asksForNewline(state: EditorState): boolean {
  const { clusters, cursor, oneLine } = state
  return !oneLine && cursor === lineEnd(state) && clusters[cursor - 1] === '\\'
}

/** The completion that Tab has begun, while nothing else was done. */
export function completionOf({ chain }: EditorState): CompletionStep | undefined {
  return chain.kind === 'completion' ? chain.step : undefined
}

/** Whether nothing is right of the cursor, so that killing to the end of the line does nothing. */
export function isAtEnd(state: EditorState): boolean {
  return state.cursor === state.clusters.length
}

/** The next state. Never throws; an action that has nothing to do changes no text. */
export function reduceEditor(
  state: EditorState,
  action: EditorAction,
  context: EditorContext,
): EditorState {
  if (state.search !== undefined) return searching(state, state.search, action, context)
  if (action.kind === 'insert') return insert(state, action.text)
  if (action.kind === 'paste') return edited(state, state.cursor, state.cursor, action.text, NONE)
  if (action.kind === 'set') return replaceAll(state, action.text)
  if (action.kind === 'complete') return complete(state, action.candidates, action.step)
  if (action.kind === 'keep') return kept(state, action.text)
  if (action.kind === 'replaceLeft') {
    return edited(state, Math.max(0, state.cursor - action.count), state.cursor, action.text, NONE)
  }
  return SIMPLE[action.kind](state, context)
}

const SIMPLE: Record<SimpleAction, (state: EditorState, context: EditorContext) => EditorState> = {
  newline: (state) => newline(state),
  left: (state) => moved(state, state.cursor - 1),
  right: (state) => moved(state, state.cursor + 1),
  wordLeft: (state) => moved(state, wordLeft(state.clusters, state.cursor)),
  wordRight: (state) => moved(state, wordRight(state.clusters, state.cursor)),
  lineStart: (state) => moved(state, lineStart(state)),
  lineEnd: (state) => moved(state, lineEnd(state)),
  textStart: (state) => moved(state, 0),
  textEnd: (state) => moved(state, state.clusters.length),
  up: (state, context) => vertical(state, context, -1),
  down: (state, context) => vertical(state, context, 1),
  deleteLeft: (state) => removed(state, state.cursor - 1, state.cursor),
  deleteRight: (state) => removed(state, state.cursor, state.cursor + 1),
  killWordLeft: (state) => killed(state, wordLeft(state.clusters, state.cursor)),
  killBlankLeft: (state) => killed(state, blankLeft(state.clusters, state.cursor)),
  killWordRight: (state) => killed(state, wordRight(state.clusters, state.cursor)),
  killLineStart: (state) => killed(state, beforeNewline(state)),
  killLineEnd: (state) => killed(state, behindNewline(state)),
  yank: (state) => yank(state),
  yankPop: (state) => yankPop(state),
  transpose: (state) => transpose(state),
  undo: (state) => undo(state),
  clear: (state) => replaceAll(state, ''),
  historyPrevious: (state, { history }) => recall(state, history, 1),
  historyNext: (state, { history }) => recall(state, history, -1),
  searchHistory: (state) => ({ ...moved(state, state.cursor), search: beginSearch(state) }),
  // Only while one searches.
  searchAccept: (state) => state,
  searchCancel: (state) => state,
  submitted: (state) => ({ ...emptyEditor({ oneLine: state.oneLine }), kills: state.kills }),
}

/** A key that the search has no use for ends it, and does to what was found what it does. */
function searching(
  state: EditorState,
  search: HistorySearch,
  action: EditorAction,
  context: EditorContext,
): EditorState {
  const step = searchStep(state, search, action, context.history)
  if (step?.search !== undefined) return { ...state, ...step }
  if (step !== undefined) return searchEnded({ ...state, ...step }, search)
  return reduceEditor(searchEnded({ ...state, search: undefined }, search), action, context)
}

/** Undo brings back what was being written. */
function searchEnded(state: EditorState, { before }: HistorySearch): EditorState {
  const same = state.clusters.join('') === before.clusters.join('')
  return {
    ...moved(state, state.cursor),
    undo: same ? state.undo : [...state.undo, before].slice(-UNDO_STEPS_MAX),
    historyPosition: 0,
    draft: '',
  }
}

function kept(state: EditorState, text: string): EditorState {
  return { ...state, kills: [typedText(text, state.oneLine), ...state.kills].slice(0, KILLS_MAX) }
}

function insert(state: EditorState, text: string): EditorState {
  const typed = edited(state, state.cursor, state.cursor, text, { kind: 'typing' })
  // A word is one undo step: typing goes on with the step before until a word begins.
  const goesOn = state.chain.kind === 'typing' && !startsWord(state, text)
  return goesOn && typed !== state ? { ...typed, undo: state.undo } : typed
}

function startsWord(state: EditorState, text: string): boolean {
  return !/^\s/.test(text) && /^\s$/.test(state.clusters[state.cursor - 1] ?? '')
}

/** After a backslash the newline takes its place, so that `\` and Enter make one. */
function newline(state: EditorState): EditorState {
  const start = asksForNewline(state) ? state.cursor - 1 : state.cursor
  return edited(state, start, state.cursor, '\n', NONE)
}

function removed(state: EditorState, start: number, end: number): EditorState {
  if (start < 0 || end > state.clusters.length) return moved(state, state.cursor)
  return edited(state, start, end, '', NONE)
}

function killed(state: EditorState, to: number): EditorState {
  const [start, end] = to < state.cursor ? [to, state.cursor] : [state.cursor, to]
  if (start === end) return { ...state, column: undefined }
  const text = state.clusters.slice(start, end).join('')
  const next = edited(state, start, end, '', { kind: 'kill' })
  return { ...next, kills: killsWith(state, text, to < state.cursor) }
}

/** Kills that follow each other become one text, in the order in which it stood. */
function killsWith(state: EditorState, text: string, leftwards: boolean): readonly string[] {
  const [newest = '', ...older] = state.kills
  if (state.chain.kind !== 'kill') return [text, ...state.kills].slice(0, KILLS_MAX)
  return [leftwards ? text + newest : newest + text, ...older]
}

function yank(state: EditorState): EditorState {
  const text = state.kills[0]
  if (text === undefined) return moved(state, state.cursor)
  const chain: Chain = { kind: 'yank', start: state.cursor, kill: 0 }
  return edited(state, state.cursor, state.cursor, text, chain)
}

/** Only after a yank: its text gives way to the next older one. */
function yankPop(state: EditorState): EditorState {
  if (state.chain.kind !== 'yank') return state
  const { start } = state.chain
  const kill = (state.chain.kill + 1) % state.kills.length
  const text = state.kills[kill] ?? ''
  const next = edited(state, start, state.cursor, text, { kind: 'yank', start, kill })
  return { ...next, undo: state.undo }
}

/** Exchanges the clusters on both sides of the cursor; at the end of a line the last two. */
function transpose(state: EditorState): EditorState {
  const right = state.cursor === lineEnd(state) ? state.cursor - 1 : state.cursor
  const [a, b] = [state.clusters[right - 1], state.clusters[right]]
  if (a === undefined || b === undefined || right <= lineStart(state))
    return moved(state, state.cursor)
  return edited(state, right - 1, right + 1, b + a, NONE)
}

function undo(state: EditorState): EditorState {
  const last = state.undo.at(-1)
  if (last === undefined) return moved(state, state.cursor)
  return {
    ...moved({ ...state, clusters: last.clusters }, last.cursor),
    undo: state.undo.slice(0, -1),
  }
}

function complete(state: EditorState, candidates: readonly Candidate[], by: 1 | -1): EditorState {
  const running = completionOf(state)
  const step = running ? stepCompletion(running, by) : startCompletion(state, candidates, by)
  if (step === undefined) return moved(state, state.cursor)
  const text = step.options[step.index]?.text ?? ''
  const next = edited(state, step.start, state.cursor, text, { kind: 'completion', step })
  return running ? { ...next, undo: state.undo } : next
}

function recall(state: EditorState, history: readonly string[], by: 1 | -1): EditorState {
  const position = state.historyPosition + by
  if (position < 0 || position > history.length) return moved(state, state.cursor)
  const draft = state.historyPosition === 0 ? editorText(state) : state.draft
  const text = position === 0 ? draft : (history.at(-position) ?? '')
  return { ...replaceAll(state, text), historyPosition: position, draft }
}

function replaceAll(state: EditorState, text: string): EditorState {
  return edited(state, 0, state.clusters.length, text, NONE)
}

function vertical(state: EditorState, context: EditorContext, by: 1 | -1): EditorState {
  const { rows, row, column, cells } = rowOfCursor(state, context.width)
  const target = rows[row + by]
  if (target === undefined) return recall(state, context.history, by === -1 ? 1 : -1)
  const wanted = state.column ?? column
  const last = row + by === rows.length - 1
  return { ...moved(state, indexAtRowColumn(cells, target, wanted, last)), column: wanted }
}

function moved(state: EditorState, cursor: number): EditorState {
  const inside = Math.max(0, Math.min(cursor, state.clusters.length))
  return { ...state, cursor: inside, column: undefined, chain: NONE }
}

function edited(
  state: EditorState,
  start: number,
  end: number,
  text: string,
  chain: Chain,
): EditorState {
  const typed = typedText(text, state.oneLine)
  if (start === end && typed === '') return moved(state, state.cursor)
  const { clusters, cursor } = state
  return {
    ...state,
    ...splice(clusters, start, end, typed),
    undo: [...state.undo, { clusters, cursor }].slice(-UNDO_STEPS_MAX),
    historyPosition: 0,
    draft: '',
    column: undefined,
    chain,
  }
}

/** What may stand in a text: one kind of line end, no control or escape characters. */
export function typedText(text: string, oneLine = false): string {
  const clean = cleanText(text.replace(/\r\n?|[\u2028\u2029\v\f\u0085]/g, '\n'))
  return oneLine ? clean.replace(/\n/g, ' ') : clean
}

function lineStart({ clusters, cursor }: TextAndCursor): number {
  return cursor === 0 ? 0 : clusters.lastIndexOf('\n', cursor - 1) + 1
}

function lineEnd({ clusters, cursor }: TextAndCursor): number {
  const newlineAt = clusters.indexOf('\n', cursor)
  return newlineAt === -1 ? clusters.length : newlineAt
}

/** Killing from the edge of a line takes the newline with it. */
function beforeNewline(state: EditorState): number {
  const start = lineStart(state)
  return start === state.cursor ? Math.max(0, start - 1) : start
}

function behindNewline(state: EditorState): number {
  const end = lineEnd(state)
  return end === state.cursor ? Math.min(end + 1, state.clusters.length) : end
}
