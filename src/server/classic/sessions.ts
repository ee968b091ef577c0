import { type Duplex, duplexPair } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { STANDSTILL_MS, STOP_ANSWERS_MS_MAX } from '../limits.ts'
import type { Peers } from '../peers.ts'
import type { Services } from '../services.ts'
import { ClassicSession } from './session.ts'

/** All connections of version 1: each has a peer like a client of version 2. */
export class ClassicSessions {
  #services: Services
  #peers: Pick<Peers, 'accept'>
  #all = new Set<ClassicSession>()
  #sweptAt: number

  constructor(services: Services, peers: Pick<Peers, 'accept'>) {
    this.#services = services
    this.#peers = peers
    this.#sweptAt = services.monotonic()
  }

  /** Bytes that clients have not taken yet. */
  get outboxBytes(): number {
    let bytes = 0
    for (const session of this.#all) bytes += session.outboxBytes
    return bytes
  }

  /** `address`: as it is counted by. */
  accept(stream: Duplex, address: string): void {
    const [native, far] = duplexPair()
    this.#peers.accept(far, { address, refusal: undefined })
    const services = this.#services
    const onGone = () => this.#all.delete(session)
    const session = new ClassicSession({ services, stream, native, address, onGone })
    this.#all.add(session)
  }

  /** Once a second. After a standstill what clients sent meanwhile is read first. */
  sweep(): void {
    const now = this.#services.monotonic()
    const stoodStill = now - this.#sweptAt > STANDSTILL_MS
    this.#sweptAt = now
    if (!stoodStill) for (const session of this.#all) session.sweep()
  }

  /** Everything that was read is done, and what clients were handed is known, within seconds. */
  async stop(): Promise<void> {
    const stopped = Promise.allSettled([...this.#all].map((session) => session.stop()))
    await Promise.race([stopped, delay(STOP_ANSWERS_MS_MAX, undefined, { ref: false })])
  }
}
