import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { ChatError } from '../protocol/errors.ts'
import { WAITING_HASHES_MAX } from './limits.ts'

/** What one hash costs: argon2id's m (KiB), t and p. */
export type PasswordCost = Readonly<{ memoryKiB: number; passes: number; lanes: number }>

/** OWASP's least for argon2id; 26 ms on one core here (research, libraries E). */
export const defaultPasswordCost: PasswordCost = { memoryKiB: 19_456, passes: 2, lanes: 1 }

const SALT_BYTES = 16
const TAG_BYTES = 32
/** Told to who finds the queue full. */
const RETRY_MS = 1_000

type Hash = Readonly<{ cost: PasswordCost; salt: Buffer; tag: Buffer }>

/**
 * Argon2id off the event loop, a bounded number at a time. Hashes are PHC strings, so that the
 * cost can be raised later: `renewed` is the new hash of a password that was right.
 */
export class Passwords {
  #cost: PasswordCost
  #turns = new Turns(Math.max(1, availableParallelism() - 1), WAITING_HASHES_MAX)
  /** Stands in for the hash of an account that does not exist: it fits no password. */
  #nobody: Hash

  constructor(cost: PasswordCost) {
    this.#cost = cost
    this.#nobody = { cost, salt: randomBytes(SALT_BYTES), tag: randomBytes(TAG_BYTES) }
  }

  /** @throws ChatError rateLimited when too many wait already */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES)
    const tag = await this.#derive(password, salt, this.#cost)
    return phcOf({ cost: this.#cost, salt, tag })
  }

  /**
   * Takes as long for no account (undefined) as for a wrong password.
   * @throws ChatError rateLimited when too many wait already
   */
  async check(password: string, stored: string | undefined): Promise<boolean> {
    const hash = (stored === undefined ? undefined : parsePhc(stored)) ?? this.#nobody
    const tag = await this.#derive(password, hash.salt, hash.cost, hash.tag.length)
    return timingSafeEqual(tag, hash.tag)
  }

  /** The hash was made at another cost than is asked now. */
  outdated(stored: string): boolean {
    const cost = parsePhc(stored)?.cost
    return cost === undefined || costText(cost) !== costText(this.#cost)
  }

  #derive(
    password: string,
    nonce: Buffer,
    cost: PasswordCost,
    tagLength = TAG_BYTES,
  ): Promise<Buffer> {
    // One password, typed with composed or decomposed letters, is one password.
    const message = password.normalize('NFC')
    return this.#turns.run(() =>
      derive({
        message,
        nonce,
        memory: cost.memoryKiB,
        passes: cost.passes,
        parallelism: cost.lanes,
        tagLength,
      }),
    )
  }
}

function derive(parameters: Argon2Parameters): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => {
      if (error === null) resolve(tag)
      else reject(error)
    })
  })
}

/** At most `atOnce` tasks at a time, at most `waitingMax` in line. */
class Turns {
  #atOnce: number
  #waitingMax: number
  #running = 0
  #waiting: (() => void)[] = []

  constructor(atOnce: number, waitingMax: number) {
    this.#atOnce = atOnce
    this.#waitingMax = waitingMax
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    await this.#turn()
    try {
      return await task()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }

  #turn(): Promise<void> | undefined {
    if (this.#running < this.#atOnce) {
      this.#running += 1
      return undefined
    }
    if (this.#waiting.length >= this.#waitingMax) {
      throw new ChatError('rateLimited', 'too many people log in right now', RETRY_MS)
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}

function phcOf({ cost, salt, tag }: Hash): string {
  return `$argon2id$v=19$${costText(cost)}$${base64(salt)}$${base64(tag)}`
}

function costText({ memoryKiB, passes, lanes }: PasswordCost): string {
  return `m=${memoryKiB},t=${passes},p=${lanes}`
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

function parsePhc(text: string): Hash | undefined {
  const [, memory, passes, lanes, salt, tag] = PHC.exec(text) ?? []
  if (salt === undefined || tag === undefined) return undefined
  return {
    cost: { memoryKiB: Number(memory), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}
