import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Where } from './task.ts'

/**
 * A socket to a server on this machine, once it can be written to.
 * @param at which node of it, counted on and on
 */
export async function connected({ port: first, others = [], tls }: Where, at = 0): Promise<Socket> {
  const ports = [first, ...others]
  const port = ports[at % ports.length] ?? first
  const where = { host: '127.0.0.1', port, noDelay: true }
  const socket = tls ? connectTls({ ...where, rejectUnauthorized: false }) : connectPlain(where)
  await new Promise<void>((resolve, reject) => {
    socket.once(tls ? 'secureConnect' : 'connect', () => resolve())
    socket.once('error', reject)
  })
  return socket
}
