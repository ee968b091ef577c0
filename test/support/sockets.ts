import { connect, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import { type RunningServer, type ServeOptions, serve } from '../../src/server/serve.ts'
import { RawClient } from './raw-client.ts'
import { CHEAP, temporaryFolder } from './server.ts'

/** A real server on a free port of this machine; it stops by itself when the test is over. */
export async function serveHere(options: Partial<ServeOptions> = {}): Promise<RunningServer> {
  const folder = options.folder ?? (await temporaryFolder())
  const here = { host: '127.0.0.1', port: 0, passwordCost: CHEAP }
  const server = await serve({ ...here, ...options, folder })
  onTestFinished(() => server.close())
  return server
}

export async function plainSocket(port: number, host = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host, noDelay: true })
  onTestFinished(() => {
    socket.destroy()
  })
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return socket
}

/** Accepts whatever key the server shows. */
export async function tlsSocket(port: number, host = '127.0.0.1'): Promise<TLSSocket> {
  const socket = connectTls({ port, host, rejectUnauthorized: false })
  onTestFinished(() => {
    socket.destroy()
  })
  await new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve)
    socket.once('error', reject)
  })
  return socket
}

export async function tlsClient(port: number): Promise<RawClient> {
  return new RawClient(await tlsSocket(port))
}

export async function plainClient(port: number): Promise<RawClient> {
  return new RawClient(await plainSocket(port))
}
