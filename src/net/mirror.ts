import { ChatError } from '../protocol/errors.ts'
import type {
  AnswerOf,
  ClientMessageType,
  DraftMessage,
  MessageOf,
  ServerMessage,
  User,
} from '../protocol/messages.ts'
import { ContactList } from './contact-list.ts'
import { type Cursors, CursorTrail } from './cursor-trail.ts'
import type { ClientEvent } from './events.ts'
import { Feed } from './feed.ts'
import type { Session } from './session.ts'
import type { Timers } from './timers.ts'

export type MirrorOptions = Readonly<{
  session: Session
  user: User
  /** Last seq that was told, by conversation: outlives the connection. */
  emitted: Map<string, number>
  timers: Timers
  emit: (event: ClientEvent) => void
  /** As the feed's. */
  catchUp: boolean
}>

/**
 * One logged-in connection's view of what is the user's on the server: asks for all of it once, then
 * follows what the server says, and tells both as events.
 */
export class Mirror {
  #options: MirrorOptions
  #feed: Feed
  #contacts: ContactList
  #trail = new CursorTrail()
  #stopped = false

  constructor(options: MirrorOptions) {
    const { user, emitted, timers, catchUp } = options
    const emit = (event: ClientEvent) => this.#emit(event)
    this.#options = options
    this.#feed = new Feed({
      user: user.id,
      emitted,
      timers,
      emit,
      catchUp,
      request: (draft) => this.request(draft),
    })
    // The list as a whole is told as such: its pages are no changes.
    this.#contacts = new ContactList({ request: (draft) => options.session.request(draft), emit })
  }

  /** Heads and what was missed, then contacts. `onHeads`: what is said from now on finds its place. */
  async refresh(watched: string, onHeads: () => void): Promise<void> {
    await this.#feed.sync()
    if (this.#stopped) return
    onHeads()
    await this.#contacts.refresh()
    if (watched !== '') await this.#watch(watched)
  }

  /** Asks, and tells what follows from the answer: before what follows from later notices. */
  request<T extends ClientMessageType>(draft: DraftMessage<T>): Promise<AnswerOf<T>> {
    return this.#options.session.request(draft, (answer) => this.take(answer as ServerMessage))
  }

  /** A notice, or an answer. */
  take(message: ServerMessage): void {
    const take = takers[message.type] as Taker<ServerMessage> | undefined
    if (!this.#stopped) take?.(message, this.#told)
  }

  /** The connection is gone: nothing more is told. */
  stop(): void {
    this.#stopped = true
    this.#feed.stop()
  }

  readonly #told: Told = {
    emit: (event) => this.#emit(event),
    push: (conversation, entry) => this.#feed.push(conversation, entry),
    know: (conversation) => this.#feed.know(conversation),
    change: (contacts) => this.#contacts.change(contacts),
    mark: (cursors) => this.#mark(this.#trail.take(cursors)),
  }

  async #watch(conversation: string): Promise<void> {
    try {
      await this.request({ type: 'watch', conversation })
    } catch (error) {
      // It may not be ours any more.
      if (!(error instanceof ChatError)) throw error
    }
  }

  #mark(cursors: Cursors | undefined): void {
    if (cursors !== undefined) this.#emit({ type: 'marked', ...cursors })
  }

  #emit(event: ClientEvent): void {
    if (this.#stopped) return
    this.#options.emit(event)
    if (event.type === 'left') this.#trail.forget(event.conversation)
    if (event.type !== 'heads') return
    for (const cursors of this.#trail.takeHeads(event.heads)) this.#mark(cursors)
  }
}

/** Where what the server said goes. */
type Told = Readonly<{
  emit: (event: ClientEvent) => void
  push: Feed['push']
  know: Feed['know']
  change: ContactList['change']
  mark: (cursors: Cursors) => void
}>

type Taker<M> = (message: M, told: Told) => void

const takers: { [T in ServerMessage['type']]?: Taker<MessageOf<T>> } = {
  directEntry: pushed,
  groupEntry: pushed,
  groupCreated: ({ group }, { know }) => {
    if (group !== undefined) know(group.id)
  },
  groupJoined: ({ group }, { know }) => {
    if (group !== undefined) know(group.id)
  },
  marked: ({ conversation, delivered, read, readN }, { mark }) => {
    mark({ conversation, delivered, read, readN })
  },
  presences: ({ conversation, online, users }, { emit }) => {
    if (users.length > 0) emit({ type: 'presences', users })
    if (conversation !== '') emit({ type: 'crowd', conversation, online })
  },
  contacts: ({ contacts }, { change }) => change(contacts),
  typed: ({ conversation, user }, { emit }) => {
    if (user !== undefined) emit({ type: 'typed', conversation, user })
  },
  receipts: ({ conversation, members, seq, delivered, read, of }, { emit }) => {
    emit({ type: 'receipts', conversation, members, seq, delivered, read, of })
  },
  settings: ({ hideReceipts, status }, { emit }) => {
    emit({ type: 'settings', hideReceipts, status })
  },
  preferencesChanged: ({ conversation, preferences }, { emit }) => {
    if (preferences !== undefined) emit({ type: 'preferences', conversation, preferences })
  },
}

function pushed(
  { conversation, entry }: MessageOf<'directEntry' | 'groupEntry'>,
  { push }: Told,
): void {
  if (entry !== undefined) push(conversation, entry)
}
