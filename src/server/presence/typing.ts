import { encode } from '../../protocol/codec.ts'
import type { User } from '../../protocol/messages.ts'
import type { Hint } from '../bus/bus.ts'
import type { Hub } from '../hub.ts'
import { TYPING_GAP_MS, TYPING_SHOWN_MS, TYPISTS_MAX } from '../limits.ts'
import type { Scene } from '../store/store.ts'
import type { Subscriber } from '../subscriber.ts'
import type { Watching } from './watching.ts'

export type TypingOptions = Readonly<{
  hub: Pick<Hub, 'follows'>
  watching: Watching
  publish: (hint: Hint) => void
  monotonic: () => number
}>

type Typed = Extract<Hint, { kind: 'typing' }>

/**
 * Who is writing where: told at once to those who have the conversation open, never stored, and
 * dropped for who is slow. Of one user it is passed on every few seconds at most, and of so many
 * users of a conversation at a time: nobody reads more names.
 */
export class Typing {
  #options: TypingOptions
  /** When it was passed on, by conversation and user. */
  #typists = new Map<string, Map<string, number>>()

  constructor(options: TypingOptions) {
    this.#options = options
  }

  /** The user writes there. */
  say(user: User, conversation: string, { between, apart }: Scene): void {
    const now = this.#options.monotonic()
    const typists = this.#typists.get(conversation) ?? new Map<string, number>()
    const before = typists.get(user.id)
    if (before !== undefined && now - before < TYPING_GAP_MS) return
    forgetOld(typists, now)
    if (!typists.has(user.id) && typists.size >= TYPISTS_MAX) return
    typists.set(user.id, now)
    this.#typists.set(conversation, typists)
    this.#options.publish({ kind: 'typing', conversation, user, between, apart })
  }

  onHint(hint: Hint): void {
    if (hint.kind === 'typing') this.#tell(hint)
  }

  /** Once a second. */
  sweep(): void {
    const now = this.#options.monotonic()
    for (const [conversation, typists] of this.#typists) {
      forgetOld(typists, now)
      if (typists.size === 0) this.#typists.delete(conversation)
    }
  }

  #tell(hint: Typed): void {
    let frame: Buffer | undefined
    for (const subscriber of this.#options.watching.of(hint.conversation)) {
      if (subscriber.slow || !this.#mayKnow(subscriber, hint)) continue
      frame ??= encode({ type: 'typed', conversation: hint.conversation, user: hint.user })
      subscriber.line.send(frame)
    }
  }

  /** Who left a group may still have it open. */
  #mayKnow(subscriber: Subscriber, { conversation, user, between, apart }: Typed): boolean {
    const { id } = subscriber.user
    if (id === user.id || apart.includes(id)) return false
    return between !== undefined || this.#options.hub.follows(subscriber, conversation)
  }
}

function forgetOld(typists: Map<string, number>, now: number): void {
  for (const [user, time] of typists) {
    if (now - time >= TYPING_SHOWN_MS) typists.delete(user)
  }
}
