import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { ChatError, ProtocolError } from '../../protocol/errors.ts'
import type { User } from '../../protocol/messages.ts'
import { HEARTBEAT_MS } from '../limits.ts'
import type { Services } from '../services.ts'
import { Delivery } from './delivery.ts'
import { type Entered, enter } from './entrance.ts'
import { Line } from './line.ts'
import { NativeEnd } from './native-end.ts'
import type { ClientPacket, ClientPacketType, PacketOf } from './packets.ts'
import { patiently } from './patience.ts'
import { type Asking, type Row, translator } from './translator.ts'

/** Nothing heard for so long: the client is gone. */
export const CLASSIC_SILENCE_MS_MAX = 60_000
/** A person types the name after connecting. */
export const CLASSIC_GUEST_MS_MAX = 300_000

/** As in version 2, in messages. */
const HEARTBEAT_COST = 0.02

/** How long what a client said is worked on when it is gone. */
const GONE_MS_MAX = 5_000

export type SessionOptions = Readonly<{
  services: Services
  /** The client. */
  stream: Duplex
  /** A peer of this server, as any client has one. */
  native: Duplex
  address: string
  onGone: () => void
}>

/** Who is logged in over this connection. */
type Member = Readonly<{ user: User; delivery: Delivery; entered: Entered }>

/**
 * One client of version 1. Its packets are translated one after the other: the next one begins when
 * the one before is answered, so that a heartbeat's answer means what rule 4 says.
 */
export class ClassicSession {
  #services: Services
  #address: string
  #onGone: () => void
  #line: Line
  #native: NativeEnd
  #member: Member | undefined
  #waiting: ClientPacket[] = []
  #working: Promise<void> | undefined
  #guestSince: number
  #stopping = false
  #closed = false
  /** When it is closed: what is not done by then is dropped. */
  #doneBy = 0

  constructor({ services, stream, native, address, onGone }: SessionOptions) {
    this.#services = services
    this.#address = address
    this.#onGone = onGone
    this.#guestSince = services.monotonic()
    this.#line = new Line(
      stream,
      {
        onPacket: (packet) => this.#receive(packet),
        onFault: (error) => this.#fail(error),
        onHanded: (places) => this.#member?.delivery.handed(places),
        onEnd: () => this.#endWhenDone(),
        onClose: () => this.#close(),
      },
      services.monotonic,
    )
    const onClose = () => this.#line.end()
    const onPush = this.#onPush
    this.#native = new NativeEnd(native, { onPush, onClose }, services.monotonic)
    // A peer waits for a first request only so long.
    this.#native.tell({ type: 'heartbeat' })
  }

  get outboxBytes(): number {
    return this.#line.outboxBytes
  }

  /** Once a second. */
  sweep(): void {
    const now = this.#services.monotonic()
    const typing = this.#member === undefined && now - this.#guestSince > CLASSIC_GUEST_MS_MAX
    // Whom we do not read cannot be silent.
    const reading = this.#working === undefined
    const silent = reading && now - this.#line.heardAt > CLASSIC_SILENCE_MS_MAX
    // Who asks and takes no answers is gone as well: it would never be read again.
    const { stuckSince = now } = this.#line
    const stuck = now - stuckSince > CLASSIC_SILENCE_MS_MAX
    if (typing || silent || stuck) this.#line.end()
    else if (now - this.#native.askedAt >= HEARTBEAT_MS) this.#native.tell({ type: 'heartbeat' })
  }

  /** Reads no more; resolves when what was read is done, and what was handed is marked so. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#line.pause()
    await this.#working
    await this.#member?.delivery.finish()
  }

  #onPush = (message: Parameters<Delivery['note']>[0]): void => {
    if (message.type === 'goodbye') this.#line.end()
    else this.#member?.delivery.note(message)
  }

  #receive(packet: ClientPacket): void {
    if (this.#stopping) return
    this.#waiting.push(packet)
    if (this.#working !== undefined) return
    this.#line.pause()
    this.#working = this.#work()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#working = undefined
        this.#line.heardAt = this.#services.monotonic()
        if (!this.#stopping) this.#line.resume()
      })
  }

  async #work(): Promise<void> {
    for (;;) {
      const packet = this.#waiting.shift()
      if (packet === undefined || this.#isTooLate) return
      await this.#answer(packet)
      // Who takes no answers is read no more.
      await this.#line.room()
    }
  }

  /** Who is gone has said what was read of them; only so much of it is still done. */
  get #isTooLate(): boolean {
    if (!this.#closed) return false
    return this.#member === undefined || this.#services.monotonic() > this.#doneBy
  }

  async #answer<T extends ClientPacketType>(packet: PacketOf<T> & { type: T }): Promise<void> {
    const row: Row<T> = translator[packet.type]
    const user = this.#member?.user
    if (row.needs === 'member' && user === undefined) throw new ProtocolError('notLoggedIn')
    const answer =
      row.needs === 'member' && user !== undefined
        ? await row.run({ ...this.#asking, user }, packet)
        : await (row as Extract<Row<T>, { needs: 'any' }>).run(this.#asking, packet)
    if (answer !== undefined) this.#line.send(answer)
  }

  get #asking(): Asking {
    return {
      native: this.#native,
      store: this.#services.store,
      logIn: (name, password) => this.#logIn(name, password),
      logOut: () => this.#logOut(),
      announce: async (group) => this.#member?.delivery.announce(group),
      pace: () => this.#pace(),
    }
  }

  /** Rule 14. */
  async #pace(): Promise<void> {
    const { messages } = this.#services.limits
    const retryMs = messages.take(this.#member?.user.id ?? this.#address, HEARTBEAT_COST)
    if (retryMs === 0) return
    await delay(retryMs, undefined, { ref: false })
    await this.#pace()
  }

  async #logIn(name: string, password: string): Promise<void> {
    try {
      if (this.#member !== undefined) throw new ChatError('alreadyLoggedIn')
      const context = { ...this.#services, caller: { address: this.#address } }
      const entered = await patiently(() => enter(context, name, password))
      await this.#take(entered)
    } catch (error) {
      if (!(error instanceof ChatError) || error.code === 'stopping') throw error
      const { message: reason } = error
      this.#line.send({ type: 'logInResult', success: false, reason, userId: '', userName: '' })
    }
  }

  async #take(entered: Entered): Promise<void> {
    try {
      const { user } = await this.#native.ask({ type: 'logIn', token: entered.token })
      if (user === undefined) throw new ChatError('failed')
      this.#welcome(user, entered)
    } catch (error) {
      this.#forget(entered)
      throw error
    }
    await this.#member?.delivery.begin()
  }

  #welcome(user: User, entered: Entered): void {
    const [native, line] = [this.#native, this.#line]
    const onFault = (error: unknown) => this.#fail(error)
    this.#member = { user, entered, delivery: new Delivery({ user, native, line, onFault }) }
    const { id: userId, name: userName } = user
    line.send({ type: 'logInResult', success: true, reason: '', userId, userName })
  }

  async #logOut(): Promise<void> {
    await this.#member?.delivery.finish()
    await this.#native.ask({ type: 'logOut' })
    this.#member = undefined
    this.#guestSince = this.#services.monotonic()
  }

  /** Such a client cannot be told why. */
  #fail(error: unknown): void {
    const expected = error instanceof ProtocolError || error instanceof ChatError
    const address = this.#address
    if (expected) this.#services.log.debug('a client of version 1 is closed', { address, error })
    else this.#services.log.error('a connection failed', { address, error })
    this.#waiting = []
    if (error instanceof ProtocolError) this.#line.destroy()
    else this.#line.end()
  }

  /** The client says no more; what it has said is done first. */
  async #endWhenDone(): Promise<void> {
    await this.#working
    this.#line.end()
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#doneBy = this.#services.monotonic() + GONE_MS_MAX
    this.#member?.delivery.abandon()
    if (this.#working === undefined) this.#release()
    else void this.#working.finally(() => this.#release())
  }

  #release(): void {
    this.#member?.delivery.abandon()
    this.#native.end()
    if (this.#member !== undefined) this.#forget(this.#member.entered)
    this.#onGone()
  }

  /** Nobody has its token. */
  #forget({ tokenHash }: Entered): void {
    this.#services.store.deleteSession(tokenHash).catch((error: unknown) => {
      this.#services.log.warn('a session could not be ended', { error })
    })
  }
}
