import { DisconnectedError } from '../../net/requests.ts'
import { TEXT_BYTES_MAX } from '../../protocol/limits.ts'
import { run } from '../commands/actions.ts'
import { runCommand } from '../commands/commands.ts'
import { completions } from '../commands/completions.ts'
import { wholeText } from '../commands/long-text.ts'
import { OfflineError, say } from '../commands/requests.ts'
import { isCommand, textOf } from '../commands/slash.ts'
import { type Context, notify, show } from '../context.ts'
import { allEmoji } from '../flow/all-emoji.ts'
import { TypingSignal } from '../flow/typing-signal.ts'
import {
  asksForNewline,
  type EditorAction,
  type EditorState,
  reduceEditor,
  sendable,
  typedText,
} from '../input/editor.ts'
import { commonEmoji } from '../input/emoji.ts'
import { shortcodeBefore } from '../input/shortcode.ts'
import { sendEdit } from '../messages/actions.ts'
import { cancelComposing } from '../messages/composing.ts'
import { draftOf } from '../state/drafts.ts'
import {
  type ClientState,
  type Composing,
  type Conversation,
  NOTHING_OPEN,
} from '../state/model.ts'
import { openConversation } from '../state/selectors.ts'
import { editDraft } from './draft.ts'

const NO_HISTORY = { width: 1, history: [] }

/** What puts something into the text. */
const WRITES: ReadonlySet<EditorAction['kind']> = new Set(['insert', 'paste', 'newline', 'yank'])

/** What is being written: how keys change the draft, and what becomes of it. */
export class Composer {
  readonly #context: Context
  readonly #typing: TypingSignal
  /** A command that was refused, as it is back in the draft. */
  #refused: readonly string[] | undefined

  constructor(context: Context) {
    this.#context = context
    this.#typing = new TypingSignal(context)
  }

  /** A pasted text is put in as it is; nothing of it is done. Of a long one it is asked first. */
  paste(state: ClientState, text: string): void {
    if (this.#isLong(state, text)) {
      return show(this.#context, { type: 'longText', pasted: typedText(text), chosen: 0 })
    }
    this.edit({ kind: 'paste', text })
    this.#sayPasted(linesIn(text))
  }

  /** Enter: sends, or does the command, or makes a new line after a backslash. */
  send(state: ClientState): void {
    const draft = draftOf(state)
    if (asksForNewline(draft)) return this.edit({ kind: 'newline' })
    const text = sendable(draft)
    if (text.trim() === '') return
    // A blank before it is a slip; what was meant for the program must not be read by everyone.
    if (isCommand(text.trim())) return this.#command(state, text.trim())
    this.#say(state, text)
  }

  complete(state: ClientState, step: 1 | -1): void {
    this.edit({ kind: 'complete', candidates: completions(state), step })
  }

  #command(state: ClientState, line: string): void {
    const before = draftOf(state)
    const target = state.open ?? NOTHING_OPEN
    this.#said(state, line)
    // First, for the command may open another conversation; a wrong one comes back.
    this.edit({ kind: 'submitted' })
    run(this.#context, () =>
      runCommand(this.#context, line).then(
        () => this.#unselect(target),
        (error) => {
          if (!isUnreachable(error)) {
            this.#restore(target, before)
            this.#refused = before.clusters
            throw error
          }
          // Nothing is to be mended in it: what is typed next is another one.
          this.#restore(target, reduceEditor(before, { kind: 'clear' }, NO_HISTORY))
          const { words } = this.#context.look
          const [command = ''] = line.split(/\s/, 1)
          const { notDone, perhapsDone } = words.notices
          throw new Error((error instanceof OfflineError ? notDone : perhapsDone)(command))
        },
      ),
    )
  }

  #say(state: ClientState, text: string): void {
    const open = openConversation(state)
    const { store, look } = this.#context
    if (open === undefined) return notify(this.#context, 'error', look.words.notices.nothingOpen)
    if (Buffer.byteLength(textOf(text)) > TEXT_BYTES_MAX) {
      return show(this.#context, { type: 'longText', pasted: undefined, chosen: 0 })
    }
    if (open.composing?.type === 'edit') return this.#sayEdit(state, open, open.composing, text)
    const { composing, target, kind } = open
    const before = draftOf(state)
    this.#said(state, text)
    this.edit({ kind: 'submitted' })
    const editor = draftOf(this.#state)
    store.dispatch({ type: 'composing', target, composing: undefined, editor })
    store.dispatch({ type: 'selected', target, seq: undefined, anchor: undefined })
    run(this.#context, () =>
      say(this.#context, { kind, id: target }, textOf(text), composing?.seq).catch((error) => {
        this.#restore(target, before, composing)
        throw error
      }),
    )
  }

  /** The draft of before is back at once; what is refused is in its place again. */
  #sayEdit(state: ClientState, open: Conversation, composing: Composing, text: string): void {
    const { store } = this.#context
    const { target } = open
    const before = draftOf(state)
    cancelComposing(this.#context)
    const place = { target, seq: composing.seq }
    run(this.#context, () =>
      sendEdit(this.#context, place, text).catch((error) => {
        store.dispatch({ type: 'composing', target, composing, editor: before })
        throw error
      }),
    )
  }

  /** The draft after a key. */
  edit(action: EditorAction): void {
    if (action.kind === 'insert' && this.#beginsAnew(action.text)) {
      editDraft(this.#context, { kind: 'clear' })
    }
    editDraft(this.#context, action)
    if (WRITES.has(action.kind)) this.#typing.wrote(this.#state)
    if (action.kind === 'insert' && action.text.includes(':')) this.#colon()
  }

  /** Another command right behind one that was refused is meant in its place. */
  #beginsAnew(text: string): boolean {
    const { clusters, cursor } = draftOf(this.#state)
    return text.startsWith('/') && clusters === this.#refused && cursor === clusters.length
  }

  /** ':tada:' typed in full becomes the emoji; undo gives the name back. */
  #colon(): void {
    const replace = () => {
      const state = this.#state
      const found = shortcodeBefore(draftOf(state), state.emoji)
      if (found !== undefined) editDraft(this.#context, { kind: 'replaceLeft', ...found })
    }
    replace()
    if (this.#state.emoji !== commonEmoji) return
    // From the first colon on they are wanted.
    allEmoji(this.#context).then(replace, () => undefined)
  }

  #isLong(state: ClientState, text: string): boolean {
    const { pasteLines, pasteBytes } = this.#context.configuration.compose
    const clean = typedText(text)
    if (linesIn(clean) > pasteLines || Buffer.byteLength(clean) > pasteBytes) return true
    return Buffer.byteLength(wholeText(state, { pasted: clean })) > TEXT_BYTES_MAX
  }

  /** Lines that were typed ahead, each with its Enter, come as a paste, too: that is seen. */
  #sayPasted(lines: number): void {
    const { store, look } = this.#context
    const isMessage = !isCommand(sendable(draftOf(this.#state)).trim())
    const text = isMessage && lines > 1 ? look.words.notices.pasted(lines) : undefined
    store.dispatch({
      type: 'notice',
      notice: text === undefined ? undefined : { kind: 'info', text },
    })
  }

  #said(state: ClientState, text: string): void {
    this.#context.store.dispatch({ type: 'said', target: state.open ?? NOTHING_OPEN, text })
  }

  /** What was selected was selected for this. */
  #unselect(target: string): void {
    const { store } = this.#context
    const { focus, conversations } = store.getSnapshot()
    const conversation = conversations.get(target)
    if (focus !== 'compose' || conversation?.selected === undefined) return
    store.dispatch({ type: 'selected', target, seq: undefined, anchor: conversation.anchor })
  }

  /** What could not be said is back in the draft, unless something else was begun. */
  #restore(target: string, before: EditorState, composing?: Composing): void {
    const { store } = this.#context
    const now = store.getSnapshot().drafts.get(target)
    if (now !== undefined && now.clusters.length > 0) return
    store.dispatch({ type: 'draft', target, editor: before })
    if (composing !== undefined)
      store.dispatch({ type: 'composing', target, composing, editor: before })
  }

  get #state(): ClientState {
    return this.#context.store.getSnapshot()
  }
}

/** The server was not there to be asked, or not to answer. */
function isUnreachable(error: unknown): boolean {
  return error instanceof OfflineError || error instanceof DisconnectedError
}

/** The line ends around a text are not sent. */
function linesIn(text: string): number {
  return text.trim().split(/\r\n?|\n/).length
}
