import { workerData } from 'node:worker_threads'
import { Client, type ClientConfig, type QueryResult, types } from 'pg'
import type { LinkData, LinkOrder, LinkReply, Query } from './link.ts'

/** The thread that speaks with PostgreSQL, for the one that waits for it. */

const INT8 = 20
const NUMERIC = 1700
const BOOL = 16
const JSON_TEXT = 114
/** Numbers are below 2^53, truth is 0 or 1, as in SQLite. */
const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<
  number,
  (text: string) => unknown
>([
  [INT8, Number],
  [NUMERIC, Number],
  [BOOL, (text) => (text === 't' ? 1 : 0)],
  [JSON_TEXT, (text) => text],
])

const CONNECT_MS_MAX = 5_000
/** Of one statement: a server that hangs is one that is away. */
const STATEMENT_MS_MAX = 30_000
/** Within a transaction: of a node that is frozen the others do not wait for its lock any longer. */
const IDLE_MS_MAX = 3_000
/** For a server that does not even say that. */
const ANSWER_MS_MAX = 35_000

const { url, port, signal } = workerData as LinkData
const woken = new Int32Array(signal)
const names = new Map<string, string>()
let client: Client | undefined

port.on('message', (order: LinkOrder) => {
  void carryOut(order).then((reply) => {
    port.postMessage(reply)
    Atomics.store(woken, 0, 1)
    Atomics.notify(woken, 0)
  })
})

async function carryOut({ queries, fresh }: LinkOrder): Promise<LinkReply> {
  try {
    if (client === undefined && !fresh) throw new Error('the connection is gone')
    const connected = client ?? (await connect())
    let last: QueryResult | undefined
    for (const query of queries) last = await connected.query(prepared(query))
    return { kind: 'rows', rows: last?.rows ?? [], changes: last?.rowCount ?? 0 }
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string }
    // PostgreSQL's own refusals have a code: this is a connection that does not answer.
    if (code === '') drop()
    return { kind: 'error', code, message, lost: client === undefined }
  }
}

function drop(): void {
  const dropped = client
  client = undefined
  void dropped?.end().catch(() => undefined)
}

async function connect(): Promise<Client> {
  const config: ClientConfig = {
    connectionString: url,
    application_name: 'tchat',
    connectionTimeoutMillis: CONNECT_MS_MAX,
    statement_timeout: STATEMENT_MS_MAX,
    idle_in_transaction_session_timeout: IDLE_MS_MAX,
    query_timeout: ANSWER_MS_MAX,
    keepAlive: true,
    types: { getTypeParser: parserOf },
  }
  const made = new Client(config)
  const lose = () => {
    if (client === made) client = undefined
  }
  made.on('error', lose)
  made.on('end', lose)
  await made.connect()
  names.clear()
  client = made
  return made
}

function parserOf(oid: number, format?: 'text' | 'binary') {
  return PARSERS.get(oid) ?? types.getTypeParser(oid, format)
}

/** Planned once for each connection. */
function prepared({ text, values, once }: Query) {
  if (once === true) return { text, values: values.map(asParameter) }
  if (values.length === 0 && text.includes(';')) return { text }
  let name = names.get(text)
  if (name === undefined) {
    name = `s${names.size}`
    names.set(text, name)
  }
  return { name, text, values: values.map(asParameter) }
}

function asParameter(value: Query['values'][number]) {
  if (!(value instanceof Uint8Array)) return value
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}
