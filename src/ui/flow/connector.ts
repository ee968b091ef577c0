import { hostname, type as systemName } from 'node:os'
import { formatAddress, parseAddress } from '../../net/address.ts'
import { ChatClient, type Seen } from '../../net/chat-client.ts'
import { dial, type Pins } from '../../net/dial.ts'
import type { ClientEvent } from '../../net/events.ts'
import { removeAccountFiles, removeSessionFiles } from '../../net/files/account-files.ts'
import { LastOpenFolder } from '../../net/files/last-open.ts'
import { countWaiting, openOutbox } from '../../net/files/outbox-file.ts'
import { PinFolder } from '../../net/files/pins.ts'
import { SessionFolder } from '../../net/files/sessions.ts'
import type { Fingerprint } from '../../net/fingerprint.ts'
import type { User } from '../../protocol/messages.ts'
import type { Start } from '../options.ts'
import type { RecentServer } from '../state/model.ts'
import { KEEPS_ALL, type Keeps, type Memory, openMemory } from './memory.ts'

/** What the interface uses of a ChatClient. */
export type Chat = Pick<
  ChatClient,
  | 'logIn'
  | 'register'
  | 'resume'
  | 'say'
  | 'discard'
  | 'retry'
  | 'request'
  | 'reconnect'
  | 'outbox'
  | 'logOut'
  | 'close'
>

/** Where to connect to, as a person wrote it. */
export type ServerPlace = Readonly<{ address: string; plaintext: boolean }>

/** A session that a log-in left on this machine. */
export type Kept = Readonly<{ user: User; token: Uint8Array }>

/** The way to servers and to what is kept of them: the rest of the interface knows no socket or file. */
export interface Connector {
  /**
   * Connects, checks who answers, and lets go: nothing is held while a person decides. Answers the
   * key by which the server is known; undefined where an authority vouches for it, or there is none.
   * @param named the key that a share line names: then it must be this one
   * @throws TypeError (not an address), DialError, UntrustedKeyError, ChangedKeyError, OtherKeyError
   */
  check(
    place: ServerPlace,
    signal: AbortSignal,
    named?: Fingerprint,
  ): Promise<Fingerprint | undefined>
  /** Trusts the key for this run, or for good. */
  trust(place: ServerPlace, fingerprint: Fingerprint, forGood: boolean): Promise<void>
  /** Servers with a session on this machine, last used first. */
  recent(): Promise<readonly RecentServer[]>
  /** The session kept for this server, of this user or of the last one. */
  kept(place: ServerPlace, userName: string | undefined): Promise<Kept | undefined>
  keep(place: ServerPlace, kept: Kept): Promise<void>
  /** The session is over: its token is of no use. What the person wrote stays. */
  forgetSession(place: ServerPlace, userName: string): Promise<void>
  /** Leaves nothing of this user at this server. */
  forget(place: ServerPlace, user: User): Promise<void>
  /** The target that was open last. */
  lastOpen(place: ServerPlace, userName: string): Promise<string | undefined>
  rememberOpen(place: ServerPlace, userName: string, target: string): Promise<void>
  /** How many messages an earlier run left for this user's next client to send. */
  waiting(place: ServerPlace, userName: string): Promise<number>
  /** The key that is known of this server. */
  knownKey(place: ServerPlace): Promise<Fingerprint | undefined>
  /** What this computer remembers of an account there, for this run. Never throws. */
  memory(place: ServerPlace, user: User): Promise<Memory>
  /** A client with this user's outbox. Nothing is connected yet. */
  open(
    place: ServerPlace,
    userName: string,
    onEvent: (event: ClientEvent) => void,
    seen?: Seen,
  ): Promise<Chat>
}

/** The connector over real sockets and the files in `stateFolder`. */
export class FileConnector implements Connector {
  readonly #stateFolder: string
  readonly #device: string
  readonly #pins: RunPins
  readonly #sessions: SessionFolder
  readonly #lastOpen: LastOpenFolder
  /** What was open last is being written. */
  #remembering: Promise<void> = Promise.resolve()
  readonly #keeps: Keeps
  /** The only keys that these servers may have, whoever vouches for others. */
  readonly #wanted = new Map<string, Fingerprint>()

  /** @param start where the person wants to go, and the key that they trust there */
  constructor(
    stateFolder: string,
    version: string,
    { address = '', trust }: Partial<Pick<Start, 'address' | 'trust'>> = {},
    keeps: Keeps = KEEPS_ALL,
  ) {
    this.#keeps = keeps
    if (trust !== undefined) this.#wanted.set(formatAddress(parseAddress(address)), trust)
    this.#stateFolder = stateFolder
    this.#device = `tchat ${version} on ${hostname()} (${systemName()})`
    this.#pins = new RunPins(new PinFolder(stateFolder))
    this.#sessions = new SessionFolder(stateFolder)
    this.#lastOpen = new LastOpenFolder(stateFolder)
  }

  async check(
    place: ServerPlace,
    signal: AbortSignal,
    named?: Fingerprint,
  ): Promise<Fingerprint | undefined> {
    const { stream, fingerprint, trusted } = await this.#dial(place, signal, named)
    stream.destroy()
    // Such a certificate may come with another key tomorrow.
    return trusted === 'authority' ? undefined : fingerprint
  }

  async trust(place: ServerPlace, fingerprint: Fingerprint, forGood: boolean): Promise<void> {
    await this.#pins.decide(place, fingerprint, forGood)
  }

  async recent(): Promise<readonly RecentServer[]> {
    const sessions = await this.#sessions.list()
    return sessions.map(({ server, plaintext, user }) => ({
      address: server,
      plaintext,
      user: user.name,
    }))
  }

  async kept(place: ServerPlace, userName: string | undefined): Promise<Kept | undefined> {
    const session = await this.#sessions.find(serverOf(place), userName)
    return session?.plaintext === place.plaintext ? session : undefined
  }

  async keep(place: ServerPlace, { user, token }: Kept): Promise<void> {
    const { plaintext } = place
    const usedAt = Date.now()
    await this.#sessions.keep({ server: serverOf(place), plaintext, user, token, usedAt })
  }

  async forgetSession(place: ServerPlace, userName: string): Promise<void> {
    await this.#remembering
    await removeSessionFiles(this.#stateFolder, serverOf(place), userName)
  }

  async forget(place: ServerPlace, user: User): Promise<void> {
    const key = await this.#keyOf(place)
    const stateFolder = this.#stateFolder
    // What is written after it would stay.
    await this.#remembering
    await removeAccountFiles({ stateFolder, server: serverOf(place), key, user })
  }

  async lastOpen(place: ServerPlace, userName: string): Promise<string | undefined> {
    return this.#lastOpen.find(serverOf(place), userName)
  }

  async rememberOpen(place: ServerPlace, userName: string, target: string): Promise<void> {
    const writing = this.#lastOpen.keep(serverOf(place), userName, target)
    this.#remembering = writing.catch(() => undefined)
    await writing
  }

  async waiting(place: ServerPlace, userName: string): Promise<number> {
    const stateFolder = this.#stateFolder
    return countWaiting({ stateFolder, server: serverOf(place), userName })
  }

  async open(
    place: ServerPlace,
    userName: string,
    onEvent: (event: ClientEvent) => void,
    seen?: Seen,
  ): Promise<Chat> {
    const stateFolder = this.#stateFolder
    const outbox = await openOutbox({ stateFolder, server: serverOf(place), userName })
    return new ChatClient({
      dial: (signal) => this.#dial(place, signal),
      outbox,
      onEvent,
      seen,
      device: this.#device,
    })
  }

  async knownKey({ address }: ServerPlace): Promise<Fingerprint | undefined> {
    const place = parseAddress(address)
    return this.#wanted.get(formatAddress(place)) ?? (await this.#pins.find(place))
  }

  async memory(place: ServerPlace, user: User): Promise<Memory> {
    const server = (await this.#keyOf(place)) ?? serverOf(place)
    return openMemory({ stateFolder: this.#stateFolder, server, user: user.id }, this.#keeps)
  }

  /** Undefined where no key must be known: there the address says which server it is. */
  async #keyOf(place: ServerPlace): Promise<Fingerprint | undefined> {
    return place.plaintext ? undefined : this.knownKey(place).catch(() => undefined)
  }

  async #dial({ address, plaintext }: ServerPlace, signal: AbortSignal, named?: Fingerprint) {
    const security = plaintext ? 'plaintext' : 'tls'
    const place = parseAddress(address)
    const trust = this.#wanted.get(formatAddress(place))
    return dial(place, { security, pins: this.#pins, signal, named, trust })
  }
}

/** Keys in the folder, and those that a person trusted for this run only. */
class RunPins implements Pins {
  readonly #folder: PinFolder
  readonly #once = new Map<string, Fingerprint>()

  constructor(folder: PinFolder) {
    this.#folder = folder
  }

  async decide(
    { address }: ServerPlace,
    fingerprint: Fingerprint,
    forGood: boolean,
  ): Promise<void> {
    const place = parseAddress(address)
    if (forGood) await this.#folder.trust(place, fingerprint)
    else this.#once.set(formatAddress(place), fingerprint)
  }

  find(address: Parameters<Pins['find']>[0]): Promise<Fingerprint | undefined> {
    const once = this.#once.get(formatAddress(address))
    return once === undefined ? this.#folder.find(address) : Promise.resolve(once)
  }

  trust(address: Parameters<Pins['trust']>[0], fingerprint: Fingerprint): Promise<void> {
    return this.#folder.trust(address, fingerprint)
  }
}

function serverOf({ address }: ServerPlace): string {
  return formatAddress(parseAddress(address))
}
