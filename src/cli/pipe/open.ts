import { hostname, type as systemName } from 'node:os'
import { UntrustedKeyError } from '../../net/dial.ts'
import { openOutbox } from '../../net/files/outbox-file.ts'
import { PinFolder } from '../../net/files/pins.ts'
import { fingerprintWords } from '../../net/fingerprint.ts'
import type { Chat } from '../../net/library/chat.ts'
import { type ConnectOptions, connect } from '../../net/library/connect.ts'
import { ClosedError } from '../../net/library/standing.ts'
import { memoryOutbox } from '../../net/outbox.ts'
import { DisconnectedError } from '../../net/requests.ts'
import { ChatError } from '../../protocol/errors.ts'
import type { FlagValues } from '../command-line.ts'
import { Failure } from '../errors.ts'
import { type Account, accountOf, flagsOf } from './account.ts'
import { givenPassword } from './password.ts'
import { failureOf } from './refusal.ts'
import type { World } from './world.ts'

/** A connection, for as long as a command runs. */
export type OpenChat = Readonly<{
  chat: Chat
  account: Account
  /** Lets go. A session that was made for this one command ends. */
  close: () => Promise<void>
}>

export type OpenOptions = Readonly<{
  /** What is said is kept on disk until who runs the command knows that the server has it. */
  keeps?: boolean
  /** The command sees to it itself that it ends when it is interrupted. */
  endsItself?: boolean
  signal?: AbortSignal
}>

/**
 * Runs with a connection as the account that flags, variables or the last log-in name. What goes
 * wrong at the server is a Failure that says where.
 * @throws UsageError, Failure
 */
export async function withChat<T>(
  world: World,
  values: FlagValues,
  run: (opened: OpenChat) => Promise<T>,
  options: OpenOptions = {},
): Promise<T> {
  const account = await accountOf(world, values)
  try {
    const opened = await open(world, values, account, options)
    const stop = () => void (options.endsItself === true || opened.chat.close())
    world.stopped.addEventListener('abort', stop)
    if (world.stopped.aborted) stop()
    try {
      return await run(opened)
    } finally {
      world.stopped.removeEventListener('abort', stop)
      await opened.close()
    }
  } catch (error) {
    const signal = options.signal ?? world.stopped
    const closed = error instanceof DisconnectedError || error instanceof ClosedError
    throw failureOf(signal.aborted && closed ? signal.reason : error, account.server)
  }
}

async function open(
  world: World,
  values: FlagValues,
  account: Account,
  options: OpenOptions,
): Promise<OpenChat> {
  const { kept } = account
  if (kept !== undefined) {
    const chat = await byToken(world, account, kept.token, options)
    if (chat !== undefined) return { chat, account, close: () => chat.close() }
  }
  const password = await givenPassword(world, values, options.signal)
  if (password === undefined) throw new Failure(notLoggedIn(account))
  const chat = await dialUp(world, account, { user: account.user, password }, options)
  return { chat, account, close: () => chat.logOut() }
}

/** Undefined: the session has ended. */
async function byToken(
  world: World,
  account: Account,
  token: Uint8Array,
  options: OpenOptions,
): Promise<Chat | undefined> {
  try {
    return await dialUp(world, account, { token }, options)
  } catch (error) {
    if (error instanceof ChatError && error.code === 'badToken') return undefined
    throw error
  }
}

function notLoggedIn(account: Account): string {
  const why = account.kept === undefined ? 'not logged in' : 'the session has ended'
  return `${why} at ${account.server} as ${account.user}: 'tchat login ${flagsOf(account)}', or give TCHAT_PASSWORD or --password-command`
}

type Credentials = Pick<ConnectOptions, 'user' | 'password' | 'token' | 'register'>

/**
 * One attempt, with the keys that this machine knows; at a terminal a person is asked about another.
 * @throws what `connect` throws
 */
export async function dialUp(
  world: World,
  account: Account,
  credentials: Credentials,
  { keeps = false, signal }: OpenOptions = {},
): Promise<Chat> {
  const { stateFolder, version, person, stopped } = world
  const { server, plaintext, invite, trust, named, user: userName } = account
  const pins = new PinFolder(stateFolder)
  const attempt = async () => {
    const outbox = keeps ? await openOutbox({ stateFolder, server, userName }) : memoryOutbox()
    return connect({
      ...credentials,
      ...(trust === undefined ? {} : { trust }),
      ...(named === undefined ? {} : { named }),
      server,
      plaintext,
      invite,
      pins,
      outbox,
      repeats: keeps,
      device: `tchat ${version} (pipe) on ${hostname()} (${systemName()})`,
      signal: signal ?? stopped,
      timers: world.timers,
    })
  }
  try {
    return await attempt()
  } catch (error) {
    if (!(error instanceof UntrustedKeyError) || person === undefined) throw error
    const { address, fingerprint } = error
    const words = fingerprintWords(fingerprint).join(' ')
    const question = `The key of ${server} is not known yet:\n${words}\n${fingerprint}\nDid the server print this? [y/N] `
    if (!(await person.agrees(question))) throw error
    await pins.trust(address, fingerprint)
    return attempt()
  }
}
