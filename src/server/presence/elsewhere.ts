import type { Hint } from '../bus/bus.ts'
import { BEAT_MS, NODE_GONE_MS, ROLL_GAP_MS, ROLL_USERS, STANDSTILL_MS } from '../limits.ts'
import { Roll } from './roll.ts'

/** Another node, as far as it was heard of. */
type Node = {
  roll: Roll
  /** The parts of its answer that have come. */
  coming: Roll | undefined
  heardAt: number
  /** When it was asked for all. */
  askedAt: number
}

export type ElsewhereOptions = Readonly<{
  node: string
  /** Other nodes work on the same store: each says now and then that it lives. */
  shared: boolean
  /** Who is connected to this node. */
  here: Roll
  publish: (hint: Hint) => void
  monotonic: () => number
  /** These users came to other nodes, or left them all. `compared`: their hints were lost. */
  changed: (users: readonly string[], compared: boolean) => void
  /** A node is heard no more: it has died, or what it says does not come here. */
  gone: (node: string) => void
}>

/**
 * Who is connected to other nodes. They say who comes and goes; since that may be lost, each also
 * says once a second how many there are, with a digest, and who knows others asks for all of them.
 * Of a node that says nothing for some seconds nobody is there any more.
 */
export class Elsewhere {
  #options: ElsewhereOptions
  #nodes = new Map<string, Node>()
  #sweptAt: number
  #beatAt = Number.NEGATIVE_INFINITY

  constructor(options: ElsewhereOptions) {
    this.#options = options
    this.#sweptAt = options.monotonic()
  }

  /** That are heard of. */
  get nodes(): number {
    return this.#nodes.size
  }

  /** Who is at several of them comes several times. */
  *users(): Iterable<string> {
    for (const { roll } of this.#nodes.values()) yield* roll
  }

  /** Those that the user is connected to. */
  nodesOf(user: string): readonly string[] {
    return [...this.#nodes].flatMap(([node, { roll }]) => (roll.has(user) ? [node] : []))
  }

  has(user: string): boolean {
    for (const { roll } of this.#nodes.values()) if (roll.has(user)) return true
    return false
  }

  onHint(hint: Hint): void {
    if (hint.kind === 'roll' && hint.node === this.#options.node) this.#answer()
    if (hint.kind !== 'presence' && hint.kind !== 'beat' && hint.kind !== 'present') return
    if (hint.node === this.#options.node) return
    const node = this.#heard(hint.node)
    if (hint.kind === 'presence') this.#cameOrWent(node, hint.user, hint.online)
    if (hint.kind === 'beat') this.#compare(hint.node, node, hint)
    if (hint.kind === 'present') this.#gather(node, hint)
  }

  /** Once a second. */
  sweep(): void {
    if (!this.#options.shared) return
    const now = this.#options.monotonic()
    const stoodStill = now - this.#sweptAt > STANDSTILL_MS
    this.#sweptAt = now
    this.#beat(now)
    for (const [name, node] of this.#nodes) {
      // What it said meanwhile is read first.
      if (stoodStill) node.heardAt = now
      if (now - node.heardAt >= NODE_GONE_MS) this.#forget(name, node)
    }
  }

  #heard(name: string): Node {
    const now = this.#options.monotonic()
    const known = this.#nodes.get(name)
    if (known !== undefined) {
      known.heardAt = now
      return known
    }
    const askedAt = Number.NEGATIVE_INFINITY
    const node = { roll: new Roll(), coming: undefined, heardAt: now, askedAt }
    this.#nodes.set(name, node)
    return node
  }

  #cameOrWent({ roll }: Node, user: string, online: boolean): void {
    if (roll.has(user) === online) return
    if (online) roll.add(user)
    else roll.delete(user)
    this.#tell(roll, [user], false)
  }

  #compare(name: string, node: Node, { users, digest }: Readonly<Extract<Hint, { kind: 'beat' }>>) {
    const { roll } = node
    if (roll.size === users && roll.digest === digest) return
    const now = this.#options.monotonic()
    if (now - node.askedAt < ROLL_GAP_MS) return
    node.askedAt = now
    this.#options.publish({ kind: 'roll', node: name })
  }

  #answer(): void {
    const { node, here, publish } = this.#options
    const users = [...here]
    for (let at = 0; at === 0 || at < users.length; at += ROLL_USERS) {
      const last = at + ROLL_USERS >= users.length
      const part = users.slice(at, at + ROLL_USERS)
      publish({ kind: 'present', node, first: at === 0, last, users: part })
    }
  }

  #gather(node: Node, { first, last, users }: Extract<Hint, { kind: 'present' }>): void {
    if (first) node.coming = new Roll()
    // The beginning was lost: it is asked for again.
    if (node.coming === undefined) return
    for (const user of users) node.coming.add(user)
    if (!last) return
    this.#replace(node, node.coming)
    node.coming = undefined
  }

  #replace(node: Node, roll: Roll): void {
    const before = node.roll
    node.roll = roll
    const gone = [...before].filter((user) => !roll.has(user))
    this.#tell(roll, [...gone, ...[...roll].filter((user) => !before.has(user))], true)
  }

  #forget(name: string, node: Node): void {
    this.#nodes.delete(name)
    this.#tell(node.roll, [...node.roll], true)
    this.#options.gone(name)
  }

  /** Who is at a third node, too, was online before and still is. */
  #tell(changed: Roll, users: readonly string[], compared: boolean): void {
    const others = [...this.#nodes.values()].filter(({ roll }) => roll !== changed)
    const news = users.filter((user) => !others.some(({ roll }) => roll.has(user)))
    if (news.length > 0) this.#options.changed(news, compared)
  }

  #beat(now: number): void {
    if (now - this.#beatAt < BEAT_MS) return
    this.#beatAt = now
    const { node, here, publish } = this.#options
    publish({ kind: 'beat', node, users: here.size, digest: here.digest })
  }
}
