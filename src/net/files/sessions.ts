import { join } from 'node:path'
import type { User } from '../../protocol/messages.ts'
import { nameKey } from '../../protocol/names.ts'
import { RecordFolder } from './record-folder.ts'

/** An account at a server that this machine is logged in to. */
export type KeptSession = Readonly<{
  /** HOST:PORT, as `formatAddress` writes it. */
  server: string
  plaintext: boolean
  user: User
  token: Uint8Array
  /** Milliseconds since 1970. */
  usedAt: number
}>

type Kept = Omit<KeptSession, 'token'> & Readonly<{ token: string }>

/** Session tokens, never passwords; and with them what was used last. */
export class SessionFolder {
  #records: RecordFolder<Kept>

  /** @param stateFolder `$XDG_STATE_HOME/tchat` */
  constructor(stateFolder: string) {
    this.#records = new RecordFolder(join(stateFolder, 'sessions'), readKept)
  }

  async keep(session: KeptSession): Promise<void> {
    const token = Buffer.from(session.token).toString('base64')
    await this.#records.set(keyOf(session.server, session.user.name), { ...session, token })
  }

  /** Of that user, or of the last one used there. */
  async find(server: string, userName?: string): Promise<KeptSession | undefined> {
    if (userName === undefined) {
      return (await this.list()).find((session) => session.server === server)
    }
    const kept = await this.#records.get(keyOf(server, userName))
    return kept === undefined ? undefined : sessionOf(kept)
  }

  async forget(server: string, userName: string): Promise<void> {
    await this.#records.remove(keyOf(server, userName))
  }

  /** Last used first. */
  async list(): Promise<readonly KeptSession[]> {
    const kept = await this.#records.list()
    return kept.map(sessionOf).toSorted((one, other) => other.usedAt - one.usedAt)
  }
}

function keyOf(server: string, userName: string): string {
  return `${server} ${nameKey(userName)}`
}

function sessionOf(kept: Kept): KeptSession {
  return { ...kept, token: Buffer.from(kept.token, 'base64') }
}

function readKept(value: unknown): Kept | undefined {
  const { server, plaintext, user, token, usedAt } = (value ?? {}) as Record<keyof Kept, unknown>
  const { id, name } = (user ?? {}) as Record<keyof User, unknown>
  if (typeof server !== 'string' || typeof token !== 'string') return undefined
  if (typeof id !== 'string' || typeof name !== 'string') return undefined
  return {
    server,
    plaintext: plaintext === true,
    user: { id, name },
    token,
    usedAt: typeof usedAt === 'number' ? usedAt : 0,
  }
}
