import { encode } from '../../protocol/codec.ts'
import type { Receipt } from '../../protocol/messages.ts'
import type { Hint } from '../bus/bus.ts'
import type { Hub } from '../hub.ts'
import type { Log } from '../log.ts'
import type { Cursors, Reach, Shown, Store } from '../store/store.ts'
import { notify } from '../subscriber.ts'
import type { Watching } from './watching.ts'

/** Cursors of a conversation that moved since the last sweep. */
type Due = {
  readonly between: Shown['between']
  /** Nothing up to here is concerned. */
  after: number
  readonly moved: Map<string, Receipt>
}

export type ReceiptRoundsOptions = Readonly<{
  hub: Pick<Hub, 'subscribersOf'>
  watching: Watching
  store: Pick<Store, 'receiptsOf'>
  log: Log
}>

/**
 * Rule 9: authors are told how far others have got with what they wrote. Moves are gathered and
 * told by `sweep`, which is called once a second: in a direct conversation to the other side; in a
 * group to those who have it open and wrote in it after what was read before.
 */
export class ReceiptRounds {
  #options: ReceiptRoundsOptions
  #due = new Map<string, Due>()

  constructor(options: ReceiptRoundsOptions) {
    this.#options = options
  }

  onHint(hint: Hint): void {
    if (hint.kind === 'cursors') this.#note(hint.cursors)
    if (hint.kind !== 'appended') return
    for (const { conversation, between, entry } of hint.appended) {
      if (between !== undefined || entry.kind !== 'text') continue
      this.#options.watching.wrote(conversation, entry.from, entry.seq)
    }
  }

  /** Once a second. */
  sweep(): void {
    const due = [...this.#due]
    this.#due.clear()
    for (const [conversation, one] of due) {
      if (one.between !== undefined) this.#tellPartners(conversation, one.between, one.moved)
      else void this.#tellAuthors(conversation, one)
    }
  }

  #note({ user, conversation, shown }: Cursors): void {
    if (shown === undefined) return
    const { between, after, delivered, read } = shown
    if (!this.#concerns(conversation, user, between)) return
    const due = this.#due.get(conversation) ?? { between, after, moved: new Map() }
    due.after = Math.min(due.after, after)
    due.moved.set(user, { user, delivered, read })
    this.#due.set(conversation, due)
  }

  /** Whether anybody here may be told. */
  #concerns(conversation: string, user: string, between: Shown['between']): boolean {
    const { hub, watching } = this.#options
    if (between === undefined) return watching.has(conversation)
    return hub.subscribersOf(otherOf(between, user)).size > 0
  }

  #tellPartners(
    conversation: string,
    between: readonly [string, string],
    moved: ReadonlyMap<string, Receipt>,
  ): void {
    for (const [user, receipt] of moved) {
      const frame = encode({ type: 'receipts', conversation, members: [receipt] })
      for (const subscriber of this.#options.hub.subscribersOf(otherOf(between, user))) {
        notify(subscriber, `receipts ${conversation}`, frame)
      }
    }
  }

  async #tellAuthors(conversation: string, { after, moved }: Due): Promise<void> {
    const { watching, store, log } = this.#options
    const authors = watching.authorsAfter(conversation, after)
    if (authors.length === 0) return
    try {
      const reached = await store.receiptsOf(conversation, authors)
      for (const reach of reached) this.#tell(conversation, reach, moved)
    } catch (error) {
      log.warn('receipts could not be read', { conversation, error })
    }
  }

  #tell(
    conversation: string,
    { user, seq, members, delivered, read, of }: Reach,
    moved: ReadonlyMap<string, Receipt>,
  ): void {
    const who = members.filter((member) => moved.has(member.user))
    // One's own move is no news; nor is a move of who shows one nothing.
    if (members.length > 0 && who.length === 0) return
    const counts = { seq, delivered, read, of }
    const frame = encode({ type: 'receipts', conversation, members: who, ...counts })
    const topic = `receipts ${conversation} ${who.map((one) => one.user).join(' ')}`
    for (const subscriber of this.#options.watching.of(conversation)) {
      if (subscriber.user.id === user) notify(subscriber, topic, frame)
    }
  }
}

function otherOf([one, other]: readonly [string, string], user: string): string {
  return user === one ? other : one
}
