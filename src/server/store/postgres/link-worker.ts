import { setTimeout as delay } from 'node:timers/promises'
import { workerData } from 'node:worker_threads'
import { type Client, type ClientConfig, type QueryConfig, type QueryResult, types } from 'pg'
import type { LinkData, LinkOrder, LinkReply, Query } from './link.ts'
import { isAtWork } from './sign-of-life.ts'
import { type Connected, StandingClient } from './standing-client.ts'

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

/** Within a transaction: of a node that is frozen the others do not wait for its lock any longer. */
const IDLE_MS_MAX = 3_000
/** More than a statement may take, for a server that does not even end it. */
const ANSWER_MS_MORE = 5_000
/** How often it is looked whether an answer is missing. */
const LOOK_MS = 1_000
/** For an answer that PostgreSQL has given and this thread has not read yet. */
const ON_ITS_WAY_MS = 250

const { url, statementMsMax, port, signal } = workerData as LinkData
const woken = new Int32Array(signal)
const config: ClientConfig = {
  connectionString: url,
  application_name: 'tchat',
  statement_timeout: statementMsMax,
  idle_in_transaction_session_timeout: IDLE_MS_MAX,
  query_timeout: statementMsMax + ANSWER_MS_MORE,
  keepAlive: true,
  pipeline: true,
  types: { getTypeParser: parserOf },
}
const standing = new StandingClient(config)
/** What is asked goes to it until a `fresh` order comes: a transaction has one connection. */
let current: Asked | undefined
/** Of all queries, how many were asked and answered. */
let asked = 0
let answered = 0
/** How many there were when it was looked last. */
let lookedAt = { asked, answered }
let looking = false

/** `names`: of what is prepared there. */
type Asked = Readonly<{ connected: Connected; names: Map<string, string> }>

port.on('message', (order: LinkOrder) => {
  void carryOut(order).then((reply) => {
    port.postMessage(reply)
    Atomics.store(woken, 0, 1)
    Atomics.notify(woken, 0)
  })
})
setInterval(() => void look(), LOOK_MS)

async function carryOut({ queries, fresh }: LinkOrder): Promise<LinkReply> {
  try {
    const { connected, names } = fresh ? await begin() : begun()
    const ready = queries.map((query) => prepared(query, names))
    const last = await lastAnswerOf(connected.client, ready)
    return { kind: 'rows', rows: last?.rows ?? [], changes: last?.rowCount ?? 0 }
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string }
    // PostgreSQL's own refusals have a code: this is a connection that does not answer.
    if (code === '') standing.drop(error as Error)
    // Who has given up knows better why than who was cut off.
    const said = code === '' ? standing.why : message
    return { kind: 'error', code, message: said, lost: !isThere() }
  }
}

/**
 * All of them go at once, on one way there and back. With the first that fails the others fail, too, for
 * they are of one transaction.
 */
async function lastAnswerOf(
  client: Client,
  queries: readonly QueryConfig[],
): Promise<QueryResult | undefined> {
  const answers = await Promise.allSettled(queries.map((query) => answerOf(client, query)))
  let last: QueryResult | undefined
  for (const answer of answers) {
    if (answer.status === 'rejected') throw answer.reason
    last = answer.value
  }
  return last
}

async function answerOf(client: Client, query: QueryConfig): Promise<QueryResult> {
  asked += 1
  try {
    return await client.query(query)
  } finally {
    answered += 1
  }
}

async function begin(): Promise<Asked> {
  const connected = await standing.need()
  if (current?.connected !== connected) current = { connected, names: new Map() }
  return current
}

function begun(): Asked {
  if (current === undefined || !isThere()) throw new Error('the connection is gone')
  return current
}

/** The connection that was asked last is the one that there is now. */
function isThere(): boolean {
  return current !== undefined && current.connected === standing.now
}

/**
 * Where a question had no answer for a second, and the server does not work on one, it is given up. The
 * answer may have been on its way while that was found out: it is given the time to come.
 */
async function look(): Promise<void> {
  const before = { asked, answered }
  const isMissing = () => asked > answered && answered === before.answered
  const isOld = asked === lookedAt.asked && answered === lookedAt.answered
  lookedAt = before
  if (!isMissing() || !isOld || looking || current === undefined) return
  looking = true
  const works = await isAtWork(config, current.connected.pid)
  if (!works) await delay(ON_ITS_WAY_MS)
  looking = false
  if (!works && isMissing()) standing.drop(new Error('no answer came'))
}

function parserOf(oid: number, format?: 'text' | 'binary') {
  return PARSERS.get(oid) ?? types.getTypeParser(oid, format)
}

/** Planned once for each connection. */
function prepared({ text, values, once }: Query, names: Map<string, string>): QueryConfig {
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
