import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ServeError } from '../serve-error.ts'
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
    '/health': (response) => {
      const ill = illness(options)
      answer(response, ill === undefined ? 200 : 503, `${ill ?? 'ok'}\n`)
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

function illness({ failure, services, monotonic }: MetricsOptions): string | undefined {
  const failed = failure()
  if (failed !== undefined) return `the server cannot go on: ${failed}`
  const isFresh = monotonic() - services.counts.storeFaultAt < FAULT_MS
  return isFresh ? 'the store refused a transaction a moment ago: see the log' : undefined
}

function listen(server: Server, { host, port }: MetricsAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const where = `${host}, port ${port}`
      reject(new ServeError(`metrics cannot be served on ${where}: ${error.message}`))
    })
    server.listen({ host, port }, resolve)
  })
}
