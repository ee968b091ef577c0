import { isCommand } from '../commands/slash.ts'
import type { Context } from '../context.ts'
import { sendable } from '../input/editor.ts'
import { draftOf } from '../state/drafts.ts'
import type { ClientState } from '../state/model.ts'
import { openConversation } from '../state/selectors.ts'

/** The server is told at most this often that one is writing, milliseconds. */
const EVERY_MS = 3_000

/** Tells those who have the same conversation open that one is writing there. */
export class TypingSignal {
  readonly #context: Context
  #next = Number.NEGATIVE_INFINITY

  constructor(context: Context) {
    this.#context = context
  }

  /** After each key that wrote something. Commands, and notes to oneself, are nobody's business. */
  wrote(state: ClientState): void {
    const { flow, clock, configuration } = this.#context
    if (!configuration.compose.sendTyping) return
    const open = openConversation(state)
    if (open?.head === undefined || open.target === state.me?.id) return
    const text = sendable(draftOf(state)).trim()
    if (text === '' || isCommand(text) || state.link.state !== 'online') return
    if (clock.now() < this.#next) return
    this.#next = clock.now() + EVERY_MS
    const { conversation } = open.head
    // Nothing is lost when nobody learns of it.
    flow.chat?.request({ type: 'typing', conversation }).catch(() => undefined)
  }
}
