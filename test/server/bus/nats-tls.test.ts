import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { Bus, Hint } from '../../../src/server/bus/bus.ts'
import { connectNats } from '../../../src/server/bus/nats.ts'
import { silentLog } from '../../../src/server/log.ts'
import { certificateFor } from '../../support/certificate.ts'
import { NATS_LACKS, NatsServer, natsIsHere, startNats } from '../../support/nats.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

beforeEach(({ skip }) => skip(!natsIsHere, NATS_LACKS))

const known = getCACertificates('default')
afterEach(() => setDefaultCACertificates([...known]))

let nodes = 0

/** As `NODE_EXTRA_CA_CERTS` does for a process. */
function trust(authority: string): void {
  setDefaultCACertificates([...known, authority])
}

async function startTls(host = 'localhost') {
  const { cert, key } = await certificateFor(host)
  const folder = temporaryFolder()
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  writeFileSync(files.cert, cert)
  writeFileSync(files.key, key)
  const server = await startNats(['--tls', '--tlscert', files.cert, '--tlskey', files.key])
  return { server, cert, url: `tls://localhost:${server.port}` }
}

async function enter(url: string): Promise<{ bus: Bus; heard: string[]; lost: () => number }> {
  nodes += 1
  const heard: string[] = []
  let lost = 0
  const bus = await connectNats({
    url,
    node: `n${nodes}`,
    onHint: (told) => {
      if (told.kind === 'presence') heard.push(told.user)
    },
    onLost: () => {
      lost += 1
    },
    log: silentLog,
  })
  onTestFinished(() => bus.close())
  return { bus, heard, lost: () => lost }
}

function hint(user: string): Hint {
  return { kind: 'presence', node: 'n', user, online: true }
}

test('over TLS nodes hear each other when the authority is trusted', async () => {
  const { cert, url } = await startTls()
  trust(cert)
  const [one, other] = [await enter(url), await enter(url)]
  one.bus.publish(hint('secretly'))
  await expect.poll(() => other.heard).toEqual(['secretly'])
})

test('a server whose authority is not trusted is refused, whether TLS was asked for or not', async () => {
  const { url } = await startTls()
  await expect(enter(url)).rejects.toThrow(/^the bus at tls:.* cannot be reached: self-signed/)
  await expect(enter(url.replace('tls:', 'nats:'))).rejects.toThrow(
    /cannot be reached: self-signed/,
  )
})

test.each([
  { of: 'localhost', named: '127.0.0.1' },
  { of: 'office.test', named: 'localhost' },
  { of: 'office.test', named: '127.0.0.1' },
])('the certificate of $of is refused from who is named $named', async ({ of, named }) => {
  const { cert, url } = await startTls(of)
  trust(cert)
  const wrong = url.replace('localhost', named)
  await expect(enter(wrong)).rejects.toThrow(/cannot be reached: .*does not match/)
})

test('a server may be named by its address, when its certificate is', async () => {
  const { cert, url } = await startTls('127.0.0.1')
  trust(cert)
  const { bus } = await enter(url.replace('localhost', '127.0.0.1'))
  expect(bus.isUp).toBe(true)
})

test('who asks for TLS never speaks without it', async () => {
  const server = await startNats()
  const url = server.url.replace('nats:', 'tls:')
  await expect(enter(url)).rejects.toThrow(/cannot be reached: /)
})

test('of several servers of one cluster any will do, and another takes the place of one that is gone', async () => {
  const first = await startNats(['--cluster', 'nats://127.0.0.1:-1', '--cluster_name', 'test'])
  const routes = ['--routes', `nats://127.0.0.1:${first.routePort}`]
  const second = await startNats([
    '--cluster',
    'nats://127.0.0.1:-1',
    '--cluster_name',
    'test',
    ...routes,
  ])
  const one = await enter(`${first.url},${second.url}`)
  const other = await enter(second.url)
  const reaches = async (user: string) => {
    const arrived = () => {
      one.bus.publish(hint(user))
      return other.heard.includes(user)
    }
    await expect.poll(arrived).toBe(true)
  }
  await reaches('from one to the other')
  await first.kill()
  await reaches('after the first has gone')
  const late = await enter(`${first.url},${second.url}`)
  late.bus.publish(hint('late'))
  await expect.poll(() => one.heard).toContain('late')
})

test('a server that is named first but gone does not keep a node from starting', async () => {
  const gone = new NatsServer()
  await gone.start()
  const { url } = gone
  await gone.kill()
  const there = await startNats()
  const { bus } = await enter(`${url},${there.url}`)
  expect(bus.isUp).toBe(true)
})
