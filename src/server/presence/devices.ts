import { setTimeout as delay } from 'node:timers/promises'
import type { Hint } from '../bus/bus.ts'
import type { Hub } from '../hub.ts'
import { DEVICES_MS_MAX } from '../limits.ts'
import { sessionIdOf } from '../store/people/session-id.ts'
import type { Presence } from './presence.ts'

/** What other nodes were asked of a user. */
type Asked = {
  /** Nodes that have not answered. */
  readonly waiting: Set<string>
  readonly sessions: Set<string>
  readonly answered: PromiseWithResolvers<void>
}

export type DevicesOptions = Readonly<{
  node: string
  hub: Pick<Hub, 'subscribersOf'>
  presence: Pick<Presence, 'nodesOf'>
  publish: (hint: Hint) => void
}>

/** Which sessions of a user have a connection, to whichever node: other nodes are asked. */
export class Devices {
  #options: DevicesOptions
  #asked = new Map<string, Asked>()

  constructor(options: DevicesOptions) {
    this.#options = options
  }

  /** Public ids of the sessions, as far as the nodes of the user have answered in time. */
  async of(user: string): Promise<ReadonlySet<string>> {
    const nodes = this.#options.presence.nodesOf(user)
    const elsewhere = nodes.length === 0 ? [] : await this.#ask(user, nodes)
    return new Set([...this.#here(user), ...elsewhere])
  }

  onHint(hint: Hint): void {
    const { node, publish } = this.#options
    if (hint.kind === 'devices' && hint.node !== node) {
      const sessions = this.#here(hint.user)
      publish({ kind: 'connected', node, asker: hint.node, user: hint.user, sessions })
    }
    if (hint.kind === 'connected' && hint.asker === node) this.#answered(hint)
  }

  #here(user: string): readonly string[] {
    const subscribers = [...this.#options.hub.subscribersOf(user)]
    return [...new Set(subscribers.map(({ session }) => sessionIdOf(session.tokenHash)))]
  }

  /** Who asks while others wait for the answer is told the same. */
  async #ask(user: string, nodes: readonly string[]): Promise<Iterable<string>> {
    const asked = this.#asked.get(user) ?? this.#begin(user, nodes)
    // The question or an answer may be lost.
    const late = new AbortController()
    const { signal } = late
    const given = delay(DEVICES_MS_MAX, undefined, { signal, ref: false }).catch(() => undefined)
    await Promise.race([asked.answered.promise, given])
    late.abort()
    if (this.#asked.get(user) === asked) this.#asked.delete(user)
    return asked.sessions
  }

  #begin(user: string, nodes: readonly string[]): Asked {
    const answered = Promise.withResolvers<void>()
    const asked = { waiting: new Set(nodes), sessions: new Set<string>(), answered }
    this.#asked.set(user, asked)
    this.#options.publish({ kind: 'devices', node: this.#options.node, user })
    return asked
  }

  #answered({ node, user, sessions }: Extract<Hint, { kind: 'connected' }>): void {
    const asked = this.#asked.get(user)
    if (asked === undefined) return
    for (const session of sessions) asked.sessions.add(session)
    asked.waiting.delete(node)
    if (asked.waiting.size === 0) asked.answered.resolve()
  }
}
