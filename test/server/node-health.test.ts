import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { type RunningServer, serve } from '../../src/server/serve.ts'
import { NATS_LACKS, natsIsHere, startNats } from '../support/nats.ts'
import { postgresIsHere } from '../support/postgres.ts'
import { POSTGRES_LACKS } from '../support/postgres-server.ts'
import { CHEAP } from '../support/server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { valvedSchema } from '../support/valved-schema.ts'

beforeEach(({ skip }) => skip(!postgresIsHere, POSTGRES_LACKS))

const HERE = { host: '127.0.0.1', port: 0 }

async function start(store: string, bus?: string): Promise<RunningServer> {
  const folder = temporaryFolder()
  const server = await serve({ ...HERE, folder, store, bus, metrics: HERE, passwordCost: CHEAP })
  onTestFinished(() => server.close())
  return server
}

async function get({ metricsPort }: RunningServer, path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${metricsPort}${path}`)
  return `${response.status} ${await response.text()}`
}

async function gauge(server: RunningServer, name: string): Promise<string | undefined> {
  const page = await get(server, '/metrics')
  return new RegExp(`^${name} (\\d)$`, 'm').exec(page)?.[1]
}

test('a node whose store is away is ill, though nobody asks it for anything else', async () => {
  const { url, valve } = await valvedSchema()
  const node = await start(url)
  await expect.poll(() => get(node, '/health')).toBe('200 ok\n')
  await expect.poll(() => gauge(node, 'tchat_store_up')).toBe('1')
  valve.shut()
  await expect.poll(() => get(node, '/health')).toMatch(/^503 the store /)
  await expect.poll(() => gauge(node, 'tchat_store_up')).toBe('0')
  await expect.poll(() => get(node, '/health')).toMatch(/^503 the store is away/)
  valve.open()
  await expect.poll(() => get(node, '/health')).toBe('200 ok\n')
  await expect.poll(() => gauge(node, 'tchat_store_up')).toBe('1')
})

test('a node without its bus works, and says that it is away', async ({ skip }) => {
  skip(!natsIsHere, NATS_LACKS)
  const nats = await startNats()
  const { url } = await valvedSchema()
  const node = await start(url, nats.url)
  await expect.poll(() => get(node, '/health')).toBe('200 ok\n')
  await expect.poll(() => gauge(node, 'tchat_bus_up')).toBe('1')
  await nats.kill()
  await expect.poll(() => gauge(node, 'tchat_bus_up')).toBe('0')
  await expect.poll(() => get(node, '/health')).toMatch(/^200 ok, but the bus is away: /)
  await nats.start()
  await expect.poll(() => gauge(node, 'tchat_bus_up')).toBe('1')
})
