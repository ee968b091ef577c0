import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ServeError } from '../serve-error.ts'
import type { RoomChange } from '../store/upkeep/room.ts'
import { type Measured, metricsOf } from './metrics.ts'

/** For so long after a failed transaction the node counts as ill, milliseconds. */
const FAULT_MS = 30_000

export type MetricsAddress = Readonly<{ host: string; port: number }>

export type MetricsOptions = Measured &
  Readonly<{
    address: MetricsAddress
    monotonic: () => number
    /** Why the node cannot go on; undefined: it can. */
    failure: () => string | undefined
  }>

export type RunningMetrics = Readonly<{ port: number; close: () => Promise<void> }>

/**
 * `/metrics` for Prometheus and `/health` for who looks whether the node works: 200 or 503.
 * @throws ServeError when it cannot listen there
 */
export async function startMetrics(options: MetricsOptions): Promise<RunningMetrics> {
  const registry = metricsOf(options)
  const pages: Readonly<Record<string, (response: ServerResponse) => Promise<void> | void>> = {
    '/metrics': async (response) => {
      answer(response, 200, await registry.metrics(), registry.contentType)
    },
    '/health': async (response) => {
      // Who is asked also looks whether there is room again.
      const ill = illness(options, await options.lookAtStore?.())
      answer(response, ill === undefined ? 200 : 503, `${ill ?? wellness(options)}\n`)
    },
  }
  const server = createServer((request, response) => {
    const page = request.method === 'GET' ? pages[request.url?.split('?')[0] ?? ''] : undefined
    if (page === undefined) return answer(response, 404, 'GET /metrics or /health\n')
    Promise.resolve(page(response)).catch(() => answer(response, 500, 'failed\n'))
  })
  await listen(server, options.address)
  const { port } = server.address() as AddressInfo
  return {
    port,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function answer(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'Content-Type': type })
  response.end(text)
}

/** @param away why the store does not work */
function illness(
  { failure, services, monotonic }: MetricsOptions,
  away: string | undefined,
): string | undefined {
  const failed = failure()
  if (failed !== undefined) return `the server cannot go on: ${failed}`
  if (away !== undefined) return away
  const { storeFaultAt, noRoom } = services.counts
  if (monotonic() - storeFaultAt < FAULT_MS) {
    return 'the store refused a transaction a moment ago: see the log'
  }
  return noRoom === undefined ? undefined : inWords(noRoom)
}

/** Without the bus everything works, but some of it later: no reason to send people elsewhere. */
function wellness({ services }: MetricsOptions): string {
  if (services.busIsUp?.() !== false) return 'ok'
  return 'ok, but the bus is away: what happens at other nodes comes seconds later'
}

function inWords({ because, needed }: RoomChange): string {
  const where = because === 'maxDisk' ? 'in what --max-disk allows' : 'on the disk'
  return `nothing new is taken: ${where} there is no room; ${needed} bytes more are needed`
}

function listen(server: Server, { host, port }: MetricsAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const where = `${host}, port ${port}`
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      const why = isTaken ? 'another program has it' : error.message
      const right = 'choose another with --metrics [HOST:]PORT, or 0 for any free one'
      reject(new ServeError(`metrics cannot be served on ${where}: ${why}; ${right}`))
    })
    server.listen({ host, port }, resolve)
  })
}
