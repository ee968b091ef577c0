import type { Context } from '../context.ts'
import { isCounted } from '../state/crowd.ts'
import type { Conversation } from '../state/model.ts'
import type { Chat } from './connector.ts'

/** Which conversation the server takes to be open here (`watch`). */
export class Watch {
  readonly #context: Context
  /** '' while nothing is. After a reconnection the client watches it again by itself. */
  #watched = ''
  /** How many members the watched group had when the server was asked. */
  #members = 0
  #asking = false

  constructor(context: Context) {
    this.#context = context
  }

  /** Another server or account may follow. */
  forget(): void {
    this.#watched = ''
  }

  /**
   * Has the server tell who is online there, and who types. Answers whether that is another
   * conversation than before.
   */
  look(chat: Chat, open: Conversation | undefined): boolean {
    // Before its first message there is nothing to watch; the one before may tell of the person.
    if (open !== undefined && open.head === undefined) return false
    const id = open?.head?.conversation ?? ''
    if (this.#watched === id) {
      this.#lookForNewcomers(chat, open)
      return false
    }
    this.#watched = id
    this.#ask(chat, open)
    return true
  }

  /** The server tells of those who were members when it was asked. */
  #lookForNewcomers(chat: Chat, open: Conversation | undefined): void {
    const members = open?.head?.members ?? 0
    if (open?.kind !== 'group' || isCounted(open)) return
    if (members !== this.#members && !this.#asking) this.#ask(chat, open)
  }

  #ask(chat: Chat, open: Conversation | undefined): void {
    const conversation = open?.head?.conversation ?? ''
    this.#members = open?.head?.members ?? 0
    this.#asking = true
    chat.request({ type: 'watch', conversation }).then(
      ({ users, online }) => {
        this.#asking = false
        // Above a limit the server names only some (rule 10).
        if (open === undefined || users.length < online) return
        const ids = users.map(({ user }) => user)
        this.#context.store.receive({ type: 'watched', target: open.target, online: ids })
      },
      () => {
        this.#asking = false
      },
    )
  }
}
