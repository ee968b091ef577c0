import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { Flusher } from '../net/connection.ts'
import { encode } from '../protocol/codec.ts'
import type { DraftMessage } from '../protocol/messages.ts'
import { STANDSTILL_MS, STOP_ANSWERS_MS_MAX } from './limits.ts'
import { type Arrival, Peer } from './peer.ts'
import type { Services } from './services.ts'
import { SessionWatch } from './session-watch.ts'
import { notify, type Subscriber } from './subscriber.ts'

/** All connections of a node. */
export class Peers {
  #services: Services
  #flusher = new Flusher()
  #all = new Set<Peer>()
  #accepted = 0
  #sessionWatch: SessionWatch
  #sweptAt: number

  constructor(services: Services) {
    this.#services = services
    this.#sweptAt = services.monotonic()
    this.#sessionWatch = new SessionWatch(services)
    services.storeState.onChange((away) => this.#tellAll({ type: 'serverState', away }))
  }

  /** Open connections, guests included. */
  get size(): number {
    return this.#all.size
  }

  /** Users with at least one connection. */
  get usersOnline(): number {
    const users = new Set<string>()
    for (const peer of this.#all) if (peer.user !== undefined) users.add(peer.user.id)
    return users.size
  }

  /** Bytes that clients have not taken yet. */
  get outboxBytes(): number {
    let bytes = 0
    for (const peer of this.#all) bytes += peer.outboxBytes
    return bytes
  }

  accept(stream: Duplex, arrival: Arrival): void {
    this.#accepted += 1
    const id = `${this.#services.node}-${this.#accepted}`
    const onGone = (peer: Peer) => this.#all.delete(peer)
    this.#all.add(new Peer(id, this.#services, stream, arrival, onGone, this.#flusher))
  }

  /** One wheel for all time-outs, and for what the hub and presence put off: once a second. */
  sweep(): void {
    const now = this.#services.monotonic()
    const stoodStill = now - this.#sweptAt > STANDSTILL_MS
    this.#sweptAt = now
    if (!stoodStill) for (const peer of this.#all) peer.sweep()
    const { hub, presence, crowds, receipts, typing, limits, logWatch } = this.#services
    hub.sweep()
    presence.sweep()
    crowds.sweep()
    receipts.sweep()
    typing.sweep()
    logWatch?.sweep()
    this.#sessionWatch.sweep(() => this.#subscribers())
    for (const limit of Object.values(limits)) limit.sweep()
  }

  /** Everything that was read is answered, then everyone is told that the server stops. */
  async stop(): Promise<void> {
    const answered = Promise.all([...this.#all].map((peer) => peer.stop()))
    this.#services.cursors.flush()
    await Promise.race([answered, delay(STOP_ANSWERS_MS_MAX, undefined, { ref: false })])
    for (const peer of this.#all) peer.close('stopping')
  }

  /** Of a kind of which only the newest counts. */
  #tellAll(message: DraftMessage): void {
    const frame = encode(message)
    for (const subscriber of this.#subscribers()) notify(subscriber, message.type, frame)
  }

  #subscribers(): readonly Subscriber[] {
    return [...this.#all].flatMap(({ subscriber }) => subscriber ?? [])
  }
}
