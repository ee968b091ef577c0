import { type Address, formatAddress, parseAddress } from '../../net/address.ts'
import {
  ChangedKeyError,
  type DialOptions,
  dial,
  OtherKeyError,
  UntrustedKeyError,
} from '../../net/dial.ts'
import { DialError } from '../../net/dial-error.ts'
import type { Fingerprint } from '../../net/fingerprint.ts'
import { lossOf } from '../../net/loss.ts'
import { type LogIn, Session } from '../../net/session.ts'
import { shareLine } from '../../net/share-line.ts'
import { systemTimers } from '../../net/timers.ts'
import { ChatError } from '../../protocol/errors.ts'
import { Failure } from '../errors.ts'
import type { Reach } from './reach.ts'

/** How a connection shows that it may do what operators do. */
type Credentials = Readonly<{ secret: Uint8Array }> | Readonly<{ logIn: LogIn; logOut: boolean }>

/** The server that has a data folder, by the folder's secret. @throws Failure */
export async function reachServer(
  address: string,
  key: Fingerprint,
  secret: Uint8Array,
): Promise<Reach> {
  const pins = { find: async () => key, trust: async () => undefined }
  const { session } = await connect(parseAddress(address), { security: 'tls', pins })
  return reachBy(session, secret)
}

/**
 * A server by an operator's account.
 * @throws Failure; ChatError when the log-in is refused
 */
export async function reachAccount(
  address: Address,
  options: DialOptions,
  { logIn, logOut }: Extract<Credentials, { logIn: LogIn }>,
): Promise<Reach> {
  const { session, key } = await connect(address, options)
  try {
    await session.logIn(logIn)
  } catch (error) {
    session.close()
    throw lost(error, options.security === 'plaintext' ? IS_IT_TLS : 'is it a tchat server?')
  }
  const reach = reachBy(session, undefined)
  const close = async () => {
    // A session made for this one command does not outlive it.
    if (logOut) await session.request({ type: 'logOut' }).catch(() => undefined)
    await reach.close()
  }
  const lineWith = (group: string, code: string) => shareLine(address, group, key, code)
  return { ...reach, lineWith, close }
}

type Connected = Readonly<{ session: Session; key: Fingerprint | undefined }>

function reachBy(session: Session, secret: Uint8Array | undefined): Reach {
  return {
    ask: async (verb, asked) => {
      const shown = secret === undefined ? {} : { secret }
      const { lines, next } = await session
        .request({ type: 'administer', verb, ...asked, ...shown })
        .catch((error: unknown) => {
          throw lost(error, 'whether it was done is not known')
        })
      const rows = lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line))
      return { rows, next }
    },
    close: async () => session.close(),
  }
}

const IS_IT_TLS = 'does the server speak TLS? Then leave --plaintext out'

/** Refusals are for people already; the rest are ways in which a connection ends. */
function lost(error: unknown, more: string): Error {
  if (error instanceof ChatError) return error
  return new Failure(`${lossOf(error).error.message}: ${more}`)
}

async function connect(address: Address, options: DialOptions): Promise<Connected> {
  try {
    const { stream, fingerprint, trusted } = await dial(address, options)
    const session = new Session(stream, {
      timers: systemTimers,
      now: Date.now,
      onNotice: () => undefined,
      onLatency: () => undefined,
      onLost: () => undefined,
    })
    // What an authority vouches for may have another key tomorrow.
    return { session, key: trusted === 'authority' ? undefined : fingerprint }
  } catch (error) {
    throw explained(error, address)
  }
}

function explained(error: unknown, address: Address): unknown {
  if (error instanceof DialError || error instanceof OtherKeyError) {
    return new Failure(error.message)
  }
  if (error instanceof UntrustedKeyError) {
    return new Failure(
      `${error.message}: if that is what the server printed, say --trust ${error.fingerprint}`,
    )
  }
  if (error instanceof ChangedKeyError) {
    const where = formatAddress(address)
    return new Failure(
      `${error.message}: nothing was sent; if you know why ${where} has another key, say --trust ${error.fingerprint}`,
    )
  }
  return error
}
