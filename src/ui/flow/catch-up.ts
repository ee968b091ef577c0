import { openCatchUp } from '../commands/catch-up.ts'
import { fetchAfter } from '../commands/requests.ts'
import { type Context, notify } from '../context.ts'
import { isBeginningThere, type Missed, missedOf } from '../state/catch-up.ts'
import type { ClientState } from '../state/model.ts'
import { unreadAfter } from '../state/preferences.ts'

/** More than this is shown on a page of its own after an absence: unread texts, and conversations. */
const TEXTS_FEW = 20
const CONVERSATIONS_FEW = 3
/** Of so many conversations the first new texts are fetched at most. */
const FETCHED_MAX = 20

/** After an absence, what came meanwhile is shown first where it is much. */
export class CatchUp {
  readonly #context: Context
  /** Target ids of what was asked for while the page is open. */
  #asked = new Set<string>()

  constructor(context: Context) {
    this.#context = context
  }

  /** After each change of the state, while logged in. Answers whether it changed. */
  look(state: ClientState): boolean {
    if (state.overlay?.type === 'catchUp' || state.overlay?.type === 'peek') this.#fetch(state)
    else this.#asked.clear()
    if (!state.arrived) return false
    const { store, flow, configuration, look } = this.#context
    store.dispatch({ type: 'arrivalSeen' })
    const rows = missedOf(state).filter(({ muted, mentions }) => !muted || mentions > 0)
    const count = rows.reduce((sum, { unread }) => sum + unread, 0)
    if (count <= TEXTS_FEW && rows.length <= CONVERSATIONS_FEW) return true
    // Who goes somewhere wants to be there.
    if (!configuration.notify.catchUp || flow.destination !== undefined) return true
    if (state.overlay === undefined) openCatchUp(this.#context, true)
    else notify(this.#context, 'info', look.words.memory.catchUp.hint(count, rows.length))
    return true
  }

  /** How what is new begins: from this computer, else from the server. */
  #fetch(state: ClientState): void {
    for (const row of missedOf(state).slice(0, FETCHED_MAX)) {
      const { target } = row.conversation
      if (this.#asked.has(target) || isBeginningThere(row.conversation)) continue
      this.#asked.add(target)
      this.#fetchOne(row).catch(() => undefined)
    }
  }

  async #fetchOne({ conversation: { target } }: Missed): Promise<void> {
    const { store, flow } = this.#context
    await flow.remembrance.recall(target)
    const state = store.getSnapshot()
    const conversation = state.conversations.get(target)
    const after = conversation?.head && unreadAfter(conversation.head)
    if (conversation === undefined || after === undefined) return
    if (isBeginningThere(conversation)) return
    await fetchAfter(this.#context, conversation, after.seq)
  }
}
