import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { Counts } from '../../src/server/metrics/counts.ts'
import { Histogram } from '../../src/server/metrics/histogram.ts'
import { startMetrics } from '../../src/server/metrics/server.ts'
import { type RunningServer, serve } from '../../src/server/serve.ts'
import { StoreTimings } from '../../src/server/store/upkeep/timings.ts'
import { RawClient } from '../support/raw-client.ts'
import { CHEAP, nonce, PASSWORD } from '../support/server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const MB = 1_048_576
const HERE = { host: '127.0.0.1', port: 0 }

async function start(folder = temporaryFolder()): Promise<RunningServer> {
  const server = await serve({ ...HERE, folder, metrics: HERE, passwordCost: CHEAP })
  onTestFinished(() => server.close())
  return server
}

async function get(server: Pick<RunningServer, 'metricsPort'>, path: string, method = 'GET') {
  const response = await fetch(`http://127.0.0.1:${server.metricsPort}${path}`, { method })
  return { status: response.status, text: await response.text(), type: response.headers }
}

/** The value of one line. */
async function metric(server: RunningServer, name: string): Promise<number> {
  const { text } = await get(server, '/metrics')
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  if (line === undefined) throw new Error(`no ${name} in\n${text}`)
  return Number(line.slice(name.length))
}

async function client(server: RunningServer): Promise<RawClient> {
  const socket = connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false })
  onTestFinished(() => {
    socket.destroy()
  })
  await new Promise((resolve) => socket.once('secureConnect', resolve))
  return new RawClient(socket)
}

test('without room the node is ill from its start, says how much it needs, and is well with room again', async () => {
  const folder = temporaryFolder()
  const ballast = join(folder, 'ballast')
  writeFileSync(ballast, '')
  truncateSync(ballast, 60 * MB)
  const events: string[] = []
  const write = (event: string) => events.push(event)
  const log = { debug: write, info: write, warn: write, error: write }
  const limits = { maxDiskBytes: 50 * MB, log }
  const server = await serve({ ...HERE, folder, metrics: HERE, passwordCost: CHEAP, ...limits })
  onTestFinished(() => server.close())
  expect(events).toContain('nothing new is taken: there is no room for it')
  const health = await get(server, '/health')
  expect(health.status).toBe(503)
  expect(health.text).toMatch(
    /^nothing new is taken: in what --max-disk allows.*; \d{8} bytes more/,
  )
  expect(await metric(server, 'tchat_room_full')).toBe(1)
  expect(await metric(server, 'tchat_room_limit_bytes')).toBe(50 * MB)
  expect(await metric(server, 'tchat_room_used_bytes')).toBeGreaterThan(60 * MB)
  expect(await metric(server, 'tchat_room_free_bytes')).toBeGreaterThan(0)
  rmSync(ballast)
  await expect.poll(async () => (await get(server, '/health')).status).toBe(200)
  expect(await metric(server, 'tchat_room_full')).toBe(0)
})

test('a port for metrics that is taken is said in a line', async () => {
  const first = await start()
  const taken = { host: '127.0.0.1', port: first.metricsPort ?? 0 }
  const second = serve({ ...HERE, folder: temporaryFolder(), metrics: taken, passwordCost: CHEAP })
  await expect(second).rejects.toThrow(/another program has it; choose another with --metrics/)
})

test('what happened is counted, and read when somebody asks', async () => {
  const server = await start()
  const ann = await client(server)
  await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  const bob = await client(server)
  await bob.ask({ type: 'register', name: 'bob', password: PASSWORD })
  for (let at = 0; at < 3; at += 1) {
    await ann.ask({ type: 'sendDirect', to: 'bob', nonce: nonce(), text: 'hi' })
  }
  await ann.refusal({ type: 'sendDirect', to: 'nobody', nonce: nonce(), text: 'hi' })
  await bob.push('directEntry', (push) => push.entry?.seq === 3)
  expect(await metric(server, 'tchat_connections')).toBe(2)
  expect(await metric(server, 'tchat_users_online')).toBe(2)
  // Two joins of #lobby and three texts; each is pushed to both but for ann's own joining.
  expect(await metric(server, 'tchat_entries_appended_total')).toBe(5)
  expect(await metric(server, 'tchat_deliveries_total')).toBeGreaterThanOrEqual(7)
  expect(await metric(server, 'tchat_received_bytes_total')).toBeGreaterThan(1_000)
  expect(await metric(server, 'tchat_sent_bytes_total')).toBeGreaterThan(1_000)
  expect(await metric(server, 'tchat_store_bytes')).toBeGreaterThan(10_000)
  const requests = 'tchat_requests_total{request="sendDirect",outcome'
  expect(await metric(server, `${requests}="ok"}`)).toBe(3)
  expect(await metric(server, `${requests}="unknownUser"}`)).toBe(1)
  const commits = await metric(server, 'tchat_store_commit_seconds_count')
  expect(commits).toBeGreaterThan(5)
  expect(await metric(server, 'tchat_store_commit_seconds_bucket{le="+Inf"}')).toBe(commits)
  const calls = await metric(server, 'tchat_store_call_seconds_count')
  expect(calls).toBeGreaterThanOrEqual(commits)
  const { text } = await get(server, '/metrics')
  expect(text).toContain('# TYPE tchat_store_commit_seconds histogram')
  expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m)
  expect(text).toMatch(/^process_resident_memory_bytes /m)
})

test('bytes of connections that are gone stay counted', async () => {
  const server = await start()
  const ann = await client(server)
  await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  const before = await metric(server, 'tchat_received_bytes_total')
  ann.end()
  while ((await metric(server, 'tchat_connections')) > 0) await new Promise(setImmediate)
  expect(await metric(server, 'tchat_received_bytes_total')).toBeGreaterThanOrEqual(before)
})

test('no name, text or address of anybody is in the figures', async () => {
  const server = await start()
  const ann = await client(server)
  await ann.ask({ type: 'register', name: 'anneliese', password: PASSWORD })
  await ann.ask({ type: 'sendDirect', to: 'anneliese', nonce: nonce(), text: 'very private' })
  const { text } = await get(server, '/metrics')
  expect(text).not.toMatch(/anneliese|private|127\.0\.0\.1/)
})

test('health is 200 while all is well; there are no other pages', async () => {
  const server = await start()
  expect(await get(server, '/health')).toMatchObject({ status: 200, text: 'ok\n' })
  expect(await get(server, '/')).toMatchObject({ status: 404 })
  expect(await get(server, '/metrics', 'POST')).toMatchObject({ status: 404 })
  const { type } = await get(server, '/metrics')
  expect(type.get('content-type')).toContain('text/plain; version=0.0.4')
})

test.each([
  ['while the store fails', { fault: true, failure: undefined }, 503, /refused a transaction/],
  ['when it has failed for good', { fault: false, failure: 'no disk' }, 503, /no disk/],
  ['else', { fault: false, failure: undefined }, 200, /ok/],
])('health: %s', async (_, { fault, failure }, status, words) => {
  const counts = new Counts()
  if (fault) counts.storeFault(1_000)
  const metrics = await startMetrics({
    address: HERE,
    services: { counts, hub: { deliveries: 0 } },
    peers: { size: 0, usersOnline: 0, outboxBytes: 0 },
    listener: { traffic: { received: 0, sent: 0 } },
    timings: new StoreTimings(),
    folder: temporaryFolder(),
    monotonic: () => 2_000,
    failure: () => failure,
  })
  onTestFinished(() => metrics.close())
  expect(await get({ metricsPort: metrics.port }, '/health')).toMatchObject({
    status,
    text: expect.stringMatching(words),
  })
})

test('a port that is taken is said in one line, and nothing is left running', async () => {
  const first = await start()
  const folder = temporaryFolder()
  const metrics = { host: '127.0.0.1', port: first.metricsPort ?? 0 }
  await expect(serve({ ...HERE, folder, metrics })).rejects.toThrow(
    `metrics cannot be served on 127.0.0.1, port ${first.metricsPort}`,
  )
  const again = await serve({ ...HERE, folder })
  expect(again.metricsPort).toBe(undefined)
  await again.close()
})

test('a histogram counts what is up to each bound, many at a time', () => {
  const histogram = new Histogram([1, 2])
  histogram.add(1)
  histogram.add(1.5, 3)
  histogram.add(9, 2)
  expect(histogram.counts).toEqual([1, 3, 2])
  expect(histogram.sum).toBe(23.5)
})

test('calls that were sent together are timed from then, also when answered apart', () => {
  const timings = new StoreTimings()
  timings.sent(3)
  timings.sent(2)
  timings.answered(4, 1)
  timings.answered(1, 1)
  const total = ({ counts }: Histogram) => counts.reduce((sum, count) => sum + count, 0)
  expect(total(timings.calls)).toBe(5)
  expect(total(timings.commits)).toBe(2)
})
