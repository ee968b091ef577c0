import type { AnswerOf } from '../../protocol/messages.ts'
import { nameFault, nameKey, nameOf } from '../../protocol/names.ts'
import { chatOf } from '../commands/requests.ts'
import { type Context, show } from '../context.ts'
import { editorText } from '../input/editor.ts'
import type { ClientState, GoToWindow } from '../state/model.ts'

/** How long typing pauses before the server is asked, milliseconds. */
const PAUSE_MS = 200

/** While somebody types in 'go to', the server is asked whom and which groups it knows of that name. */
export class Finder {
  readonly #context: Context
  /** What is waited for, or was asked last. */
  #wanted = ''
  #cancel: (() => void) | undefined

  constructor(context: Context) {
    this.#context = context
  }

  look({ overlay, link }: ClientState): void {
    const wanted = overlay?.type === 'goTo' && link.state === 'online' ? wantedOf(overlay) : ''
    if (wanted === this.#wanted) return
    this.stop()
    this.#wanted = wanted
    if (wanted === '') return
    this.#cancel = this.#context.clock.after(PAUSE_MS, () => this.#ask(wanted))
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#wanted = ''
  }

  #ask(text: string): void {
    chatOf(this.#context)
      .request({ type: 'find', text })
      .then(
        (found) => this.#found(text, found),
        // What is known here can be gone to all the same.
        () => undefined,
      )
  }

  #found(text: string, { users, groups }: AnswerOf<'find'>): void {
    const { overlay } = this.#context.store.getSnapshot()
    if (overlay?.type !== 'goTo' || wantedOf(overlay) !== text) return
    show(this.#context, { ...overlay, found: { users, groups } })
  }
}

/** The beginning of a name. `''`: nothing that could be one. */
function wantedOf({ query }: GoToWindow): string {
  const name = nameOf(editorText(query).trim())
  return nameFault(name) === undefined ? nameKey(name) : ''
}
