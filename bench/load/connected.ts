import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** A socket to a server on this machine, once it can be written to. */
export async function connected({
  port,
  tls,
}: Readonly<{ port: number; tls: boolean }>): Promise<Socket> {
  const where = { host: '127.0.0.1', port, noDelay: true }
  const socket = tls ? connectTls({ ...where, rejectUnauthorized: false }) : connectPlain(where)
  await new Promise<void>((resolve, reject) => {
    socket.once(tls ? 'secureConnect' : 'connect', () => resolve())
    socket.once('error', reject)
  })
  return socket
}
