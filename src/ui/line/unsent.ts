import type { ClientEvent, OutboxItem } from '../../net/events.ts'
import { nonceKey } from '../../net/sender.ts'
import { inWords } from '../flow/refusal.ts'
import { conversationTitle } from '../panes/title.ts'
import { countUnsent } from '../state/selectors.ts'
import type { LineContext } from './context.ts'

/** What one has said and what becomes of it: waiting and refused are told here, sent with the entry. */
export class Unsent {
  readonly #context: Pick<LineContext, 'store' | 'look' | 'line' | 'say' | 'complain'>
  /** By nonce: what has not come back as an entry. */
  readonly #items = new Map<string, OutboxItem>()
  readonly #refused = new Set<string>()

  constructor(context: Pick<LineContext, 'store' | 'look' | 'line' | 'say' | 'complain'>) {
    this.#context = context
  }

  /** How many messages wait for the server. */
  get waiting(): number {
    return countUnsent(this.#context.store.getSnapshot().outbox).waiting
  }

  /** What the server has acknowledged, but not yet shown as an entry. */
  get unsaid(): number {
    return this.#items.size
  }

  /** After the state has taken it. Answers whether it is a message of one's own that was waited for. */
  take(event: ClientEvent): boolean {
    if (event.type === 'outbox') this.#look(event.items)
    if (event.type === 'loggedIn') this.#recall()
    return event.type === 'entry' && this.#items.delete(nonceKey(event.entry.nonce))
  }

  /** What an earlier run left goes out now. */
  #recall(): void {
    for (const item of this.#context.store.getSnapshot().outbox) {
      if (item.refused === undefined) this.#items.set(item.nonce, item)
    }
  }

  #look(items: readonly OutboxItem[]): void {
    for (const item of items) {
      if (item.refused !== undefined) this.#sayRefused(item, item.refused)
      else if (!this.#items.has(item.nonce)) this.#begin(item)
    }
  }

  #begin(item: OutboxItem): void {
    const { store, line, say } = this.#context
    this.#items.set(item.nonce, item)
    this.#refused.delete(item.nonce)
    if (store.getSnapshot().link.state !== 'online') say(line.waiting(this.#place(item), item.text))
  }

  #sayRefused(item: OutboxItem, reason: string): void {
    const { nonce, text } = item
    this.#items.delete(nonce)
    if (this.#refused.has(nonce)) return
    this.#refused.add(nonce)
    const { line, complain, look } = this.#context
    complain(line.refused(this.#place(item), text, inWords(new Error(reason), look)))
  }

  #place({ target }: OutboxItem): string {
    const { store, look } = this.#context
    const state = store.getSnapshot()
    const conversation = state.conversations.get(target.id)
    return conversation === undefined ? target.id : conversationTitle(state, conversation, look)
  }
}
