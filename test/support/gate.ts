import { Client } from 'pg'
import { expect } from 'vitest'

const TABLES = `SELECT string_agg(format('%I', tablename), ', ') AS names FROM pg_tables
  WHERE schemaname = current_schema() AND tablename NOT LIKE 'search%'`
const WAITING = `SELECT count(*)::int AS n FROM pg_stat_activity
  WHERE wait_event_type = 'Lock' AND datname = current_database() AND pid <> pg_backend_pid()
  AND application_name = $1`

/**
 * Holds back whoever is about to write into a database of the store, so that several are in the middle
 * of what they do at the same moment: all have read what they want to know by then, or wait for who has.
 */
export class Gate {
  #client: Client
  #who: string

  private constructor(client: Client, who: string) {
    this.#client = client
    this.#who = who
  }

  /** @param url of the store; connections of that name are the ones that are held back */
  static async shut(url: string): Promise<Gate> {
    const who = new URL(url).searchParams.get('application_name') ?? 'tchat'
    const patient = { application_name: 'gate', idle_in_transaction_session_timeout: 0 }
    const client = new Client({ connectionString: url, ...patient })
    await client.connect()
    const { rows } = await client.query<{ names: string }>(TABLES)
    await client.query(`BEGIN; LOCK TABLE ${rows[0]?.names} IN SHARE MODE`)
    return new Gate(client, who)
  }

  /** So many stand before it, or behind one who does. */
  async holds(count: number): Promise<void> {
    const waiting = async () => {
      const { rows } = await this.#client.query<{ n: number }>(WAITING, [this.#who])
      return rows[0]?.n
    }
    await expect.poll(waiting).toBe(count)
  }

  async open(): Promise<void> {
    await this.#client.end()
  }
}
