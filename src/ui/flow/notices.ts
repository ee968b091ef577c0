import type { Context } from '../context.ts'
import type { ClientState, Notice } from '../state/model.ts'

/** How long something said stays, milliseconds: two lines are read in less. */
const NOTICE_MS = 10_000

/** What is said at the foot of the screen because something happened by itself, and how it goes. */
export class Notices {
  readonly #context: Context
  #putOut: ClientState['putOut']
  #notice: Notice | undefined
  /** Nonces of refused items that were said. */
  #refused: ReadonlySet<string> = new Set()
  #cancelFading: (() => void) | undefined

  constructor(context: Context) {
    this.#context = context
  }

  /** After each change of the state. */
  look(state: ClientState): void {
    this.#fade(state)
    this.#sayRefusal(state)
    this.#sayPutOut(state)
  }

  stop(): void {
    this.#cancelFading?.()
  }

  /** A refusal that is not in view is said: nothing that was written vanishes in silence. */
  #sayRefusal({ outbox, open }: ClientState): void {
    const refused = outbox.filter((item) => item.refused !== undefined)
    const fresh = refused.find((item) => !this.#refused.has(item.nonce))
    this.#refused = new Set(refused.map((item) => item.nonce))
    if (fresh?.refused === undefined || fresh.target.id === open) return
    const { store, look } = this.#context
    const { faults, notices } = look.words
    const text = notices.refused(faults.text(fresh.refused))
    store.dispatch({ type: 'notice', notice: { kind: 'error', text } })
  }

  /** A group that is gone from the list without one's doing: that is said. */
  #sayPutOut({ putOut }: ClientState): void {
    if (putOut === this.#putOut) return
    this.#putOut = putOut
    if (putOut === undefined) return
    const { store, look } = this.#context
    const words = look.words.notices.putOut
    const say = putOut.kind === 'banned' || putOut.kind === 'ended' ? putOut.kind : 'removed'
    const text = words[say](`#${putOut.group}`, putOut.by)
    store.dispatch({ type: 'notice', notice: { kind: 'error', text } })
  }

  /** What was said goes with the next key, or by itself. */
  #fade({ notice }: ClientState): void {
    if (notice === this.#notice) return
    this.#notice = notice
    this.#cancelFading?.()
    if (notice === undefined) return
    const { clock, store } = this.#context
    this.#cancelFading = clock.after(NOTICE_MS, () => {
      if (store.getSnapshot().notice === notice)
        store.dispatch({ type: 'notice', notice: undefined })
    })
  }
}
