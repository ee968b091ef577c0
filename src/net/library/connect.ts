import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { NONCE_BYTES } from '../../protocol/limits.ts'
import { type Address, parseAddress } from '../address.ts'
import { ChatClient } from '../chat-client.ts'
import { dial, type Pins } from '../dial.ts'
import type { ClientEvent } from '../events.ts'
import { memoryPins } from '../files/pins.ts'
import { type Fingerprint, parseFingerprint } from '../fingerprint.ts'
import { lossOf } from '../loss.ts'
import { memoryOutbox, type Outbox } from '../outbox.ts'
import { looksLikeShareLine, parseShareLine } from '../share-line.ts'
import { systemTimers, type Timers } from '../timers.ts'
import { Chat } from './chat.ts'

export type ConnectOptions = Readonly<{
  /** `HOST`, `HOST:PORT` or `[IPv6]:PORT`, or a share line (`tchat://…`). The port is 8000 unless given. */
  server: string
  /** Name of the account; with `password`. */
  user?: string
  password?: string
  /** Of an earlier log-in (`chat.client.token`), instead of user and password. A secret. */
  token?: Uint8Array
  /** Makes the account first; refused when the name is taken. */
  register?: boolean
  /** To register where that takes one; that of a share line by default. */
  invite?: string
  /** The key that the server must have: `sha256:…`. Else see `pins`. */
  trust?: string
  /** The key that a share line names: as in the line. */
  named?: Fingerprint
  /** No TLS: only on loopback, or where the server allows it. */
  plaintext?: boolean
  /**
   * Servers whose keys are known. By default they are forgotten with the program; then a server that
   * is neither on this machine nor vouched for by an authority needs `trust`, or a share line.
   */
  pins?: Pins
  /** Where what was said is kept until it is acknowledged: in memory by default. */
  outbox?: Outbox
  /**
   * This run may say again what an earlier one, that was killed, has said: the first `send` of the
   * same text to the same target means what that one left in the outbox, which is then not said
   * twice. What it left is kept until it is repeated, or `endRepeats` is called.
   */
  repeats?: boolean
  /** What the program is, for the account's list of sessions. */
  device?: string
  /** Whatever happens, as ChatClient tells it. */
  onEvent?: (event: ClientEvent) => void
  /** Gives up connecting. */
  signal?: AbortSignal
  timers?: Timers
}>

/**
 * Connects and logs in. After that the connection is kept alive, and made again whenever it is lost.
 * @throws TypeError (an option that cannot be read), DialError, UntrustedKeyError, ChangedKeyError,
 * OtherKeyError, ChatError (the log-in is refused)
 */
export async function connect(options: ConnectOptions): Promise<Chat> {
  const { timers = systemTimers, onEvent = () => undefined, signal } = options
  const way = wayOf(options)
  const { outbox = memoryOutbox(), device = `tchat library on ${hostname()}` } = options
  const { repeats = false } = options
  const randomNonce = () => randomBytes(NONCE_BYTES)
  const chat = new Chat(
    { timers, randomNonce, onEvent, repeats },
    (hooks) => new ChatClient({ ...hooks, outbox, device, timers, dial: way.dial }),
  )
  const giveUp = () => void chat.close()
  signal?.addEventListener('abort', giveUp)
  try {
    signal?.throwIfAborted()
    await logIn(chat.client, options, way.invite)
    return chat
  } catch (error) {
    await chat.close()
    throw lossOf(error).error
  } finally {
    signal?.removeEventListener('abort', giveUp)
  }
}

type Way = Readonly<{
  dial: (signal: AbortSignal) => ReturnType<typeof dial>
  /** That of a share line; '': none. */
  invite: string
}>

function wayOf(options: ConnectOptions): Way {
  const { server, trust, plaintext = false, pins = memoryPins() } = options
  const { address, named = options.named, invite } = serverOf(server)
  const security = plaintext ? 'plaintext' : 'tls'
  const keys = { pins, named, trust: trust === undefined ? undefined : parseFingerprint(trust) }
  return { invite, dial: (signal) => dial(address, { security, signal, ...keys }) }
}

/**
 * Where a server is, from an address or a share line.
 * @throws TypeError that says what is wrong and what would be right
 */
export function serverOf(text: string): NamedServer {
  if (!looksLikeShareLine(text)) {
    return { address: parseAddress(text), named: undefined, invite: '', group: '' }
  }
  const { address, fingerprint, invite, group } = parseShareLine(text)
  return { address, named: fingerprint, invite, group }
}

/** Empty texts: the line names none. */
type NamedServer = Readonly<{
  address: Address
  /** The key that the line names. */
  named: Fingerprint | undefined
  invite: string
  group: string
}>

async function logIn(client: ChatClient, options: ConnectOptions, invite: string): Promise<void> {
  const { user, password, token, register = false } = options
  if (token !== undefined) await client.logInByToken(token)
  else if (user === undefined || password === undefined) {
    throw new TypeError('who connects? Give user and password, or token')
  } else if (register) await client.register(user, password, options.invite ?? invite)
  else await client.logIn(user, password)
}
