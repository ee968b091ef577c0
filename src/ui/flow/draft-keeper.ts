import type { Drafts, KeptComposing, KeptDraft } from '../../net/drafts.ts'
import { messageOf } from '../../protocol/errors.ts'
import { indexAtOffset } from '../input/clusters.ts'
import { editorText, emptyEditor } from '../input/editor.ts'
import type { StateEvent } from '../state/events.ts'
import { type ClientState, type Composing, NOTHING_OPEN } from '../state/model.ts'
import type { Store, StoreClock } from '../state/store.ts'

/** A draft is kept when so long nothing was typed, and at the latest so long after it was. */
const PAUSE_MS = 300
const LATEST_MS = 900

export type DraftKeeperOptions = Readonly<{
  store: Store<ClientState, StateEvent>
  clock: StoreClock
  /** Milliseconds since 1970. */
  now: () => number
  /** They cannot be kept: told once, until they can again. */
  onFault: (reason: string) => void
}>

/** Keeps what is being written, in all conversations, and puts it back at the next start. */
export class DraftKeeper {
  readonly #options: DraftKeeperOptions
  #drafts: Drafts | undefined
  /** Kept by an earlier run, of conversations that are not there yet. */
  #waiting: readonly KeptDraft[] = []
  #lookedAt: ClientState['drafts'] | undefined
  #dirtySince: number | undefined
  #cancel: (() => void) | undefined
  #failed = false

  constructor(options: DraftKeeperOptions) {
    this.#options = options
  }

  /** From now on this account's drafts are kept; those that were are back. */
  begin(drafts: Drafts): void {
    this.#drafts = drafts
    this.#waiting = drafts.kept
    this.#lookedAt = undefined
    this.look(this.#options.store.getSnapshot())
  }

  /** After each change of the state. */
  look(state: ClientState): void {
    if (this.#drafts === undefined) return
    if (this.#waiting.length > 0 && this.#putBack(state)) return
    if (state.drafts === this.#lookedAt) return
    const isFirst = this.#lookedAt === undefined
    this.#lookedAt = state.drafts
    if (isFirst && state.drafts.size === 0) return
    const { clock, now } = this.#options
    this.#dirtySince ??= now()
    this.#cancel?.()
    const ms = Math.max(0, Math.min(PAUSE_MS, this.#dirtySince + LATEST_MS - now()))
    this.#cancel = clock.after(ms, () => void this.#save())
  }

  /** The process ends at once: nothing that waits is done any more. */
  saveNow(): void {
    this.#drafts?.saveNow(this.#draftsNow())
  }

  /** Keeps the rest, and lets the account go. */
  async end(): Promise<void> {
    const drafts = this.#drafts
    const [isDirty, now] = [this.#cancel !== undefined, this.#draftsNow()]
    // At once: another account may follow before everything is written.
    this.#stop()
    if (isDirty) await drafts?.save(now).catch(() => undefined)
    await drafts?.close()
  }

  /** Nothing of the account stays. */
  async forget(): Promise<void> {
    const drafts = this.#drafts
    this.#stop()
    await drafts?.remove()
  }

  #stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#dirtySince = undefined
    this.#drafts = undefined
    this.#waiting = []
  }

  async #save(): Promise<void> {
    this.#cancel?.()
    this.#cancel = undefined
    this.#dirtySince = undefined
    try {
      await this.#drafts?.save(this.#draftsNow())
      this.#failed = false
    } catch (error) {
      if (!this.#failed) this.#options.onFault(messageOf(error))
      this.#failed = true
    }
  }

  /** Answers whether something was: then a newer state was looked at already. */
  #putBack({ conversations }: ClientState): boolean {
    const ready = this.#waiting.filter(({ target }) => conversations.has(target))
    if (ready.length === 0) return false
    this.#waiting = this.#waiting.filter((draft) => !ready.includes(draft))
    for (const draft of ready) this.#putInto(draft)
    return true
  }

  #putInto({ target, text, cursor, composing }: KeptDraft): void {
    const { store } = this.#options
    const typed = store.getSnapshot().drafts.get(target)
    const begun = typed === undefined ? '' : editorText(typed)
    // It never went: the same person has logged in again.
    if (begun.includes(text)) return
    // What was typed meanwhile goes on behind it.
    const { clusters, ...rest } = emptyEditor({ text: `${text}${begun}` })
    const at = begun === '' ? indexAtOffset(clusters, cursor) : clusters.length
    const editor = { ...rest, clusters, cursor: at }
    if (composing === undefined) return store.dispatch({ type: 'draft', target, editor })
    store.dispatch({ type: 'composing', target, composing: composingOf(composing), editor })
  }

  #draftsNow(): readonly KeptDraft[] {
    const { drafts, conversations } = this.#options.store.getSnapshot()
    const time = this.#options.now()
    const now = [...drafts].flatMap(([target, editor]): readonly KeptDraft[] => {
      const text = editorText(editor)
      if (target === NOTHING_OPEN || text === '') return []
      const composing = keptOf(conversations.get(target)?.composing)
      const cursor = editor.clusters.slice(0, editor.cursor).join('').length
      return [{ target, text, cursor, time, ...(composing === undefined ? {} : { composing }) }]
    })
    return [...this.#waiting, ...now]
  }
}

function keptOf(composing: Composing | undefined): KeptComposing | undefined {
  if (composing?.type !== 'edit') return composing
  return { type: 'edit', seq: composing.seq, before: editorText(composing.before) }
}

function composingOf(kept: KeptComposing): Composing {
  if (kept.type === 'reply') return kept
  return { type: 'edit', seq: kept.seq, before: emptyEditor({ text: kept.before }) }
}
