import { Client, type ClientConfig } from 'pg'

/** Of the whole look. */
const LOOK_MS_MAX = 3_000
const STATE = 'SELECT state FROM pg_stat_activity WHERE pid = $1'

/**
 * Whether the server still works on what that process of it was asked, found out over a connection of
 * its own: what takes long is waited for, a server that stands still, or has forgotten the question, is
 * not. Takes `LOOK_MS_MAX` at most.
 */
export async function isAtWork(config: ClientConfig, pid: number): Promise<boolean> {
  const bounds = { connectionTimeoutMillis: LOOK_MS_MAX, query_timeout: LOOK_MS_MAX }
  const client = new Client({ ...config, ...bounds })
  client.on('error', () => undefined)
  try {
    const look = async () => {
      await client.connect()
      return (await client.query<{ state: string }>(STATE, [pid])).rows
    }
    const rows = await within(LOOK_MS_MAX, look())
    return rows?.[0] !== undefined && !rows[0].state.startsWith('idle')
  } catch (error) {
    // Its own refusals have an SQLSTATE: it has too many connections, but it lives.
    const { code = '' } = error as { code?: string }
    return /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('57P')
  } finally {
    void client.end().catch(() => undefined)
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), ms)
  work.catch(() => undefined)
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}
