import type { Subscriber } from '../subscriber.ts'

/** A conversation that someone here has open. */
type Opened = {
  readonly subscribers: Set<Subscriber>
  /** Seq of the last text of each of their users; 0: they wrote nothing lately. */
  readonly lastTexts: Map<string, number>
}

/** A connection is about to open a conversation: the store is asked what is to be known of it. */
export type Opening = {
  readonly conversation: string
  /** The user has left the conversation meanwhile. */
  left: boolean
  /** Seq of the last text that the user has written there meanwhile; 0: none. */
  wrote: number
}

/** Which connections of this node have which conversation open (`watch`). */
export class Watching {
  #opened = new Map<string, Opened>()
  #of = new Map<Subscriber, string>()
  #openings = new Map<Subscriber, Opening>()

  /** What was open stays so until the new one is; a later beginning takes the place of this one. */
  begin(subscriber: Subscriber, conversation: string): Opening {
    const opening = { conversation, left: false, wrote: 0 }
    this.#openings.set(subscriber, opening)
    return opening
  }

  /** Whether the connection still wants that to be open. */
  wants(subscriber: Subscriber, opening: Opening): boolean {
    return !opening.left && this.#openings.get(subscriber) === opening
  }

  /** Who is no member any more has it open no more, nor will. */
  left(subscriber: Subscriber, conversation: string): void {
    const opening = this.#openings.get(subscriber)
    if (opening?.conversation === conversation) opening.left = true
    if (this.#of.get(subscriber) === conversation) this.#shut(subscriber)
  }

  /** `lastText`: seq of the user's last text there, of when it was begun to be opened; 0: none. */
  open(subscriber: Subscriber, conversation: string, lastText: number): void {
    const meanwhile = this.#openings.get(subscriber)?.wrote ?? 0
    this.close(subscriber)
    if (subscriber.closed) return
    const opened = this.#opened.get(conversation) ?? {
      subscribers: new Set(),
      lastTexts: new Map(),
    }
    this.#opened.set(conversation, opened)
    this.#of.set(subscriber, conversation)
    opened.subscribers.add(subscriber)
    const known = opened.lastTexts.get(subscriber.user.id) ?? 0
    opened.lastTexts.set(subscriber.user.id, Math.max(known, lastText, meanwhile))
  }

  /** None is open there any more. */
  close(subscriber: Subscriber): void {
    this.#openings.delete(subscriber)
    this.#shut(subscriber)
  }

  has(conversation: string): boolean {
    return this.#opened.has(conversation)
  }

  /** What someone here has open. */
  get conversations(): readonly string[] {
    return [...this.#opened.keys()]
  }

  /** Connections that have it open. */
  of(conversation: string): ReadonlySet<Subscriber> {
    return this.#opened.get(conversation)?.subscribers ?? NOBODY
  }

  /** Users who have it open and wrote in it after `seq`, with their last text. */
  authorsAfter(
    conversation: string,
    seq: number,
  ): readonly Readonly<{ user: string; seq: number }>[] {
    const authors: { user: string; seq: number }[] = []
    for (const [user, last] of this.#opened.get(conversation)?.lastTexts ?? []) {
      if (last > seq) authors.push({ user, seq: last })
    }
    return authors
  }

  /**
   * A text of that user was appended: costs nothing where nobody has it open. Answers the seq of the
   * user's text before it, as far as they have it open; otherwise 0.
   */
  wrote(conversation: string, user: string, seq: number): number {
    for (const [subscriber, opening] of this.#openings) {
      const theirs = opening.conversation === conversation && subscriber.user.id === user
      if (theirs) opening.wrote = Math.max(opening.wrote, seq)
    }
    const lastTexts = this.#opened.get(conversation)?.lastTexts
    const known = lastTexts?.get(user)
    if (known !== undefined && seq > known) lastTexts?.set(user, seq)
    return known ?? 0
  }

  #shut(subscriber: Subscriber): void {
    const conversation = this.#of.get(subscriber)
    const opened = conversation === undefined ? undefined : this.#opened.get(conversation)
    if (conversation === undefined || opened === undefined) return
    this.#of.delete(subscriber)
    opened.subscribers.delete(subscriber)
    const { id } = subscriber.user
    const others = [...opened.subscribers].some(({ user }) => user.id === id)
    if (!others) opened.lastTexts.delete(id)
    if (opened.subscribers.size === 0) this.#opened.delete(conversation)
  }
}

const NOBODY: ReadonlySet<Subscriber> = new Set()
