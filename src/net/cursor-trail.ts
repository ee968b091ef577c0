import type { Head } from '../protocol/messages.ts'

/** How far the user has got in a conversation. */
export type Cursors = Readonly<Pick<Head, 'conversation' | 'delivered' | 'read' | 'readN'>>

/**
 * Where the user's cursors are, as far as one connection was told. They only move forward (rule 6),
 * but of what several nodes tell the older may come last, and also of what was told while the heads
 * were read.
 */
export class CursorTrail {
  #furthest = new Map<string, Cursors>()
  /** Until then an earlier connection may have been told more. */
  #headsTold = false

  /** Takes what the server said; where they are now, unless that is to be told with the heads or is old. */
  take(said: Cursors): Cursors | undefined {
    const before = this.#furthest.get(said.conversation) ?? said
    const now = furthest(before, said)
    this.#furthest.set(said.conversation, now)
    const isOld = isAhead(before, said) && !isAhead(now, before)
    return isOld || !this.#headsTold ? undefined : now
  }

  /** Takes heads that were told; where they were behind what is known. */
  takeHeads(heads: readonly Head[]): readonly Cursors[] {
    this.#headsTold = true
    return heads.flatMap((head) => {
      const { conversation, delivered, read, readN } = head
      const known = this.#furthest.get(conversation) ?? head
      const now = furthest({ conversation, delivered, read, readN }, known)
      this.#furthest.set(conversation, now)
      return isAhead(now, head) ? [now] : []
    })
  }

  /** One is not a member any more. */
  forget(conversation: string): void {
    this.#furthest.delete(conversation)
  }
}

function furthest(one: Cursors, other: Cursors): Cursors {
  const { conversation } = one
  const { read, readN } = other.read > one.read ? other : one
  return { conversation, delivered: Math.max(one.delivered, other.delivered), read, readN }
}

/** In one of the two at least. */
function isAhead(one: Cursors, other: Cursors): boolean {
  return one.delivered > other.delivered || one.read > other.read
}
