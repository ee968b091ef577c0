import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { certificateFingerprint } from '../../src/net/fingerprint.ts'
import { encode } from '../../src/protocol/codec.ts'
import { PUSH_BYTES_MAX } from '../../src/server/limits.ts'
import { serve } from '../../src/server/serve.ts'
import { PortTakenError, ServeError } from '../../src/server/serve-error.ts'
import { StoreError } from '../../src/server/store/store-error.ts'
import { RawClient } from '../support/raw-client.ts'
import { CHEAP, nonce, PASSWORD, temporaryFolder } from '../support/server.ts'
import { plainClient, plainSocket, serveHere, tlsClient, tlsSocket } from '../support/sockets.ts'

test('one port speaks TLS and, from this machine, plain', async () => {
  const server = await serveHere()
  const ann = await tlsClient(server.port)
  await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  const bob = await plainClient(server.port)
  await bob.ask({ type: 'register', name: 'bob', password: PASSWORD })
  await ann.ask({ type: 'sendDirect', to: 'bob', nonce: nonce(), text: '你好' })
  expect((await bob.push('directEntry')).entry?.text).toBe('你好')
  expect(server.connected()).toEqual({ users: 2, connections: 2 })
})

test('anything but TLS and frames is closed without a byte', async () => {
  const server = await serveHere()
  for (const text of ['GET / HTTP/1.1\r\n\r\n', 'SSH-2.0-x\r\n', '\x00', '\x16 not TLS at all']) {
    const socket = await plainSocket(server.port)
    const seen: Buffer[] = []
    socket.on('data', (chunk) => seen.push(chunk))
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.on('error', () => undefined)
    socket.write(text, 'latin1')
    await closed
    // To what begins like TLS the TLS library may answer with an alert.
    if (!text.startsWith('\x16')) expect(Buffer.concat(seen).length).toBe(0)
  }
  await (await tlsClient(server.port)).barrier()
})

test('plain text from another address is refused unless it is allowed', async () => {
  const external = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address
  const host = external ?? '127.0.0.1'
  for (const allowPlaintext of [false, true]) {
    const server = await serveHere({ host, allowPlaintext })
    const client = new RawClient(await plainSocket(server.port, host))
    client.send({ type: 'heartbeat', request: 1 })
    if (external === undefined || allowPlaintext) await client.push('heartbeatAnswer')
    else expect(await client.closed).toBe('plaintextRefused')
    await new RawClient(await tlsSocket(server.port, host)).barrier()
  }
})

test('the first byte may come alone', async () => {
  const server = await serveHere()
  const socket = await plainSocket(server.port)
  const frame = encode({ type: 'heartbeat', request: 1 })
  const answer = new Promise<Buffer>((resolve) => socket.once('data', resolve))
  socket.write(frame.subarray(0, 1))
  await new Promise(setImmediate)
  socket.write(frame.subarray(1))
  expect(await answer).toEqual(encode({ type: 'heartbeatAnswer', request: 1 }))
})

test('the key is made once, for its owner only, and its fingerprint is what clients see', async () => {
  const folder = await temporaryFolder()
  const first = await serveHere({ folder })
  const socket = await tlsSocket(first.port)
  const shown = certificateFingerprint(new X509Certificate(socket.getPeerCertificate().raw))
  expect(shown).toBe(first.fingerprint)
  const { validTo } = new X509Certificate(socket.getPeerCertificate().raw)
  expect(new Date(validTo).getUTCFullYear()).toBeGreaterThan(2100)
  expect((await stat(join(folder, 'tls.pem'))).mode & 0o777).toBe(0o600)
  await first.close()
  const second = await serveHere({ folder })
  expect(second.fingerprint).toBe(first.fingerprint)
})

test('an old TLS version is refused', async () => {
  const server = await serveHere()
  const { connect } = await import('node:tls')
  const options = { port: server.port, host: '127.0.0.1', rejectUnauthorized: false }
  const socket = connect({ ...options, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.once('error', resolve))
  expect(error.code).toMatch(/SSL|TLS|RESET/)
})

test('the operator’s own certificate is used; files that are wrong are named', async () => {
  const folder = await temporaryFolder()
  await (await serve({ host: '127.0.0.1', port: 0, folder })).close()
  const pem = join(folder, 'tls.pem')
  const given = await serveHere({ tls: { cert: pem, key: pem } })
  expect(given.fingerprint).toBe(certificateFingerprint(await readFile(pem)))
  const other = join(folder, 'other.pem')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await writeFile(other, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const junk = join(folder, 'junk.pem')
  await writeFile(junk, 'not PEM')
  const missing = join(folder, 'missing.pem')
  const tries: [string, string, RegExp][] = [
    [missing, pem, /cannot read the certificate .*missing\.pem/],
    [pem, missing, /cannot read the private key .*missing\.pem/],
    [junk, pem, /junk\.pem should hold a certificate in PEM/],
    [pem, junk, /junk\.pem should hold a private key in PEM/],
    [pem, other, /other\.pem is not the one of the certificate in .*tls\.pem/],
  ]
  for (const [cert, key, words] of tries) {
    const refused = await refusal({ tls: { cert, key } })
    expect(refused).toBeInstanceOf(ServeError)
    expect(refused.message).toMatch(words)
    expect(refused.message).not.toContain('\n')
  }
})

test('a port that is taken, a host that is not ours, a folder that is a file: one line says so', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as { port: number }
  const portTaken = await refusal({ port })
  expect(portTaken).toBeInstanceOf(PortTakenError)
  expect(portTaken.message).toMatch(new RegExp(`^port ${port} on 127\\.0\\.0\\.1 is taken`))
  await new Promise((resolve) => taken.close(resolve))
  const foreign = await refusal({ host: '192.0.2.77' })
  expect(foreign.message).toMatch(/192\.0\.2\.77 is no address of this machine/)
  const file = join(await temporaryFolder(), 'file')
  await writeFile(file, '')
  const noFolder = await refusal({ folder: file })
  expect(noFolder).toBeInstanceOf(StoreError)
  expect(noFolder.message).toMatch(/the data folder .*file is a file/)
})

test('of two that start at once on a new folder one serves, with the key that the folder keeps', async () => {
  const folder = await temporaryFolder()
  const options = { host: '127.0.0.1', port: 0, folder, passwordCost: CHEAP }
  const started = await Promise.allSettled([serve(options), serve(options), serve(options)])
  const servers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  try {
    expect(servers.length).toBe(1)
    const kept = await readFile(join(folder, 'tls.pem'))
    expect(servers.map((one) => one.fingerprint)).toEqual([certificateFingerprint(kept)])
    expect((await readdir(folder)).filter((name) => name.startsWith('tls.pem'))).toEqual([
      'tls.pem',
    ])
  } finally {
    for (const one of servers) await one.close()
  }
})

test('a key that cannot be read gives the folder free again', async () => {
  const folder = await temporaryFolder()
  await (await serveHere({ folder })).close()
  await writeFile(join(folder, 'tls.pem'), 'not PEM')
  expect((await refusal({ folder })).message).toMatch(
    /tls.pem should hold a certificate.*restore it.*or move it away for a new key/,
  )
  await rm(join(folder, 'tls.pem'))
  await serveHere({ folder })
})

test('without a host it listens on IPv4 and IPv6', async () => {
  const folder = await temporaryFolder()
  const server = await serve({ port: 0, folder, passwordCost: CHEAP })
  try {
    const hosts = ['127.0.0.1', ...(hasIpv6() ? ['::1'] : [])]
    for (const host of hosts) await tlsSocket(server.port, host)
  } finally {
    await server.close()
  }
})

test('who does not come to a first frame in ten seconds is closed: silent, or stuck in TLS', async () => {
  let now = 0
  const server = await serveHere({ monotonic: () => now })
  const [silent, halfTls] = [await plainSocket(server.port), await plainSocket(server.port)]
  halfTls.write(Buffer.from([0x16, 3, 1, 2, 0]))
  const guest = await tlsClient(server.port)
  await guest.barrier()
  const closed = [silent, halfTls].map((socket) => new Promise((end) => socket.once('close', end)))
  for (const socket of [silent, halfTls]) socket.resume()
  now = 10_001
  await Promise.all(closed)
  await guest.barrier()
})

test('an address with too many connections is told so at its first request', async () => {
  const server = await serveHere({ rates: { openConnections: 2 } })
  const [one, other] = [await plainClient(server.port), await tlsClient(server.port)]
  await Promise.all([one.barrier(), other.barrier()])
  for (const third of [await plainClient(server.port), await tlsClient(server.port)]) {
    third.send({ type: 'heartbeat', request: 1 })
    expect(await third.push('goodbye')).toMatchObject({
      code: 'tooManyConnections',
      text: 'this address has 2 connections, no more are taken; close one first',
    })
  }
  one.end()
  await expect.poll(() => server.connected().connections).toBe(1)
  await expect
    .poll(async () => {
      const again = await plainClient(server.port)
      return again.ask({ type: 'heartbeat' }).then(
        () => true,
        () => false,
      )
    })
    .toBe(true)
})

test('new connections of one address are limited in a second', async () => {
  let now = 0
  const server = await serveHere({ monotonic: () => now, rates: { newConnectionsPerSecond: 3 } })
  for (let count = 0; count < 3; count += 1) await (await plainClient(server.port)).barrier()
  const refused = await plainClient(server.port)
  refused.send({ type: 'heartbeat', request: 1 })
  expect(await refused.push('goodbye')).toMatchObject({
    code: 'tooManyConnections',
    text: 'too many new connections of this address; try again in 1 s',
  })
  now = 1_000
  await (await plainClient(server.port)).barrier()
})

test('closing: what was accepted is durable and answered, clients are told, later ones find nobody', async () => {
  const folder = await temporaryFolder()
  const server = await serveHere({ folder })
  const ann = await tlsClient(server.port)
  const { user } = await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  const said = Array.from({ length: 50 }, (_, index) =>
    ann.ask({ type: 'sendDirect', to: 'ann', nonce: nonce(), text: `${index}` }),
  )
  await said[0]
  const closing = server.close()
  const answers = await Promise.allSettled(said)
  await closing
  expect(await ann.closed).toBe('stopping')
  await expect(plainSocket(server.port)).rejects.toThrow('ECONNREFUSED')
  const again = await serveHere({ folder })
  const back = await tlsClient(again.port)
  const resumed = await back.ask({ type: 'logIn', name: 'ann', password: PASSWORD })
  expect(resumed.user).toEqual(user)
  const { heads } = await back.ask({ type: 'sync' })
  const acknowledged = answers.filter(({ status }) => status === 'fulfilled').length
  const kept = heads.find(({ kind }) => kind === 'direct')?.last ?? 0
  expect(acknowledged).toBeGreaterThan(0)
  expect(kept).toBeGreaterThanOrEqual(acknowledged)
})

test('closing does not wait for guests, half-open handshakes, or those who never read', async () => {
  const server = await serveHere()
  await plainSocket(server.port)
  const halfTls = await plainSocket(server.port)
  halfTls.write(Buffer.from([0x16, 3, 1, 2, 0]))
  const deaf = await plainClient(server.port)
  await deaf.barrier()
  deaf.connection.pause()
  await server.close()
  await server.close()
})

test('a reader that stops costs bounded memory, and gets everything in order when it reads again', async () => {
  const server = await serveHere({ rates: { messagesPerSecond: 1e6, messagesBurst: 1e6 } })
  const ann = await tlsClient(server.port)
  const bob = await tlsClient(server.port)
  await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  await bob.ask({ type: 'register', name: 'bob', password: PASSWORD })
  const lobby = (await bob.ask({ type: 'sync' })).heads[0]
  const group = lobby?.conversation ?? ''
  bob.connection.pause()
  const text = 'x'.repeat(8_000)
  let count = 0
  const sayMore = async () => {
    const batch = Array.from({ length: 50 }, () =>
      ann.ask({ type: 'sendGroup', group, nonce: nonce(), text }),
    )
    count += batch.length
    await Promise.all(batch)
    // Who is silent for long is sent away.
    bob.send({ type: 'heartbeat', request: 1_000 })
  }
  // How much lies in the buffers of the two systems is their affair; here it is 1 MiB at most.
  while (server.outboxBytes() <= PUSH_BYTES_MAX) await sayMore()
  for (let more = 0; more < 10; more += 1) await sayMore()
  expect(ann.seqs(group).length).toBeGreaterThanOrEqual(count)
  expect(server.outboxBytes()).toBeLessThan(2 * PUSH_BYTES_MAX)
  bob.connection.resume()
  const last = (lobby?.last ?? 0) + count
  await bob.push('groupEntry', ({ entry }) => entry?.seq === last)
  const first = (lobby?.last ?? 0) + 1
  expect(bob.seqs(group)).toEqual(Array.from({ length: count }, (_, index) => first + index))
  await bob.barrier()
  expect(server.connected().users).toBe(2)
})

async function refusal(options: Partial<Parameters<typeof serve>[0]>): Promise<Error> {
  const folder = await temporaryFolder()
  const server = await serve({ host: '127.0.0.1', port: 0, folder, ...options }).catch(
    (error: Error) => error,
  )
  if (server instanceof Error) return server
  await server.close()
  throw new Error('it was served')
}

function hasIpv6(): boolean {
  try {
    execFileSync(process.execPath, [
      '-e',
      "require('net').createServer().on('error', () => process.exit(1)).listen(0, '::1', function () { this.close() })",
    ])
    return true
  } catch {
    return false
  }
}
