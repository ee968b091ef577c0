import { encode } from '../../protocol/codec.ts'
import type { Entry, Receipt } from '../../protocol/messages.ts'
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
  /** Undefined: of who wrote, the store knows how far they have got. */
  readonly moved: Map<string, Receipt | undefined>
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
 * group to those who have it open and wrote in it after what was read before. Who writes has read
 * what stands before (rule 6): that is told where an author has it open.
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
      if (entry.kind === 'text') this.#wrote(conversation, between, entry)
    }
  }

  /**
   * Hints may have been lost: who has something open is told how far all others have got with what they
   * wrote there. @throws ChatError when the store cannot say
   */
  async tellAgain(): Promise<void> {
    const { watching, store } = this.#options
    for (const conversation of watching.conversations) {
      const authors = watching.authorsAfter(conversation, 0)
      if (authors.length === 0) continue
      const reached = await store.receiptsOf(conversation, authors)
      for (const reach of reached) this.#tell(conversation, reach, reach.members)
    }
  }

  /** Once a second. */
  sweep(): void {
    const due = [...this.#due]
    this.#due.clear()
    for (const [conversation, one] of due) {
      if (one.between !== undefined) void this.#tellPartners(conversation, one.between, one.moved)
      else void this.#tellAuthors(conversation, one)
    }
  }

  #note({ user, conversation, shown }: Cursors): void {
    if (shown === undefined) return
    const { between, after, delivered, read } = shown
    if (!this.#concerns(conversation, user, between)) return
    const { moved } = this.#dueIn(conversation, between, after)
    const asked = moved.has(user) && moved.get(user) === undefined
    if (!asked) moved.set(user, { user, delivered, read })
  }

  #wrote(conversation: string, between: Shown['between'], { from, seq }: Entry): void {
    const { watching } = this.#options
    if (between === undefined) {
      const before = watching.wrote(conversation, from, seq)
      if (!watching.has(conversation)) return
      this.#dueIn(conversation, between, before).moved.set(from, undefined)
    } else if (watching.has(conversation) && this.#isOpenAt(conversation, otherOf(between, from))) {
      this.#dueIn(conversation, between, seq).moved.set(from, undefined)
    }
  }

  #isOpenAt(conversation: string, user: string): boolean {
    return [...this.#options.watching.of(conversation)].some((one) => one.user.id === user)
  }

  #dueIn(conversation: string, between: Shown['between'], after: number): Due {
    const due = this.#due.get(conversation) ?? { between, after, moved: new Map() }
    due.after = Math.min(due.after, after)
    this.#due.set(conversation, due)
    return due
  }

  /** Whether anybody here may be told. */
  #concerns(conversation: string, user: string, between: Shown['between']): boolean {
    const { hub, watching } = this.#options
    if (between === undefined) return watching.has(conversation)
    return hub.subscribersOf(otherOf(between, user)).size > 0
  }

  async #tellPartners(
    conversation: string,
    between: readonly [string, string],
    moved: Due['moved'],
  ): Promise<void> {
    for (const [user, known] of moved) {
      const partner = otherOf(between, user)
      if (partner === user) continue
      const receipt = known ?? (await this.#receiptOf(conversation, user, partner))
      if (receipt === undefined) continue
      const frame = encode({ type: 'receipts', conversation, members: [receipt] })
      for (const subscriber of this.#options.hub.subscribersOf(partner)) {
        notify(subscriber, `receipts ${conversation}`, frame)
      }
    }
  }

  /** As the partner may see it; undefined: nothing. */
  async #receiptOf(
    conversation: string,
    user: string,
    partner: string,
  ): Promise<Receipt | undefined> {
    try {
      const asker = { user: partner, seq: Number.MAX_SAFE_INTEGER }
      const [reach] = await this.#options.store.receiptsOf(conversation, [asker])
      const receipt = reach?.members.find((member) => member.user === user)
      return receipt === undefined || receipt.delivered === 0 ? undefined : receipt
    } catch (error) {
      this.#options.log.warn('receipts could not be read', { conversation, error })
      return undefined
    }
  }

  async #tellAuthors(conversation: string, { after, moved }: Due): Promise<void> {
    const { watching, store, log } = this.#options
    // One's own move is no news.
    const isNews = (user: string) => moved.size > 1 || !moved.has(user)
    const authors = watching.authorsAfter(conversation, after).filter(({ user }) => isNews(user))
    if (authors.length === 0) return
    try {
      const reached = await store.receiptsOf(conversation, authors)
      for (const reach of reached) {
        const who = reach.members.filter((member) => moved.has(member.user))
        // One's own move is no news; nor is a move of who shows one nothing.
        if (reach.members.length === 0 || who.length > 0) this.#tell(conversation, reach, who)
      }
    } catch (error) {
      log.warn('receipts could not be read', { conversation, error })
    }
  }

  #tell(
    conversation: string,
    { user, seq, delivered, read, of }: Reach,
    who: readonly Receipt[],
  ): void {
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
