import { once } from 'node:events'
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net'
import { createServer as createTls, type TLSSocket } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import type { Address } from '../../src/net/address.ts'
import {
  type Answerer,
  ChangedKeyError,
  checkKey,
  dial,
  OtherKeyError,
  UntrustedKeyError,
} from '../../src/net/dial.ts'
import { DialError, type DialErrorKind, dialErrorOf } from '../../src/net/dial-error.ts'
import { memoryPins } from '../../src/net/files/pins.ts'
import { certificateFingerprint, type Fingerprint } from '../../src/net/fingerprint.ts'
import { certificateFor } from '../support/certificate.ts'

const certificate = await certificateFor('localhost')
const fingerprint = certificateFingerprint(certificate.cert)
const OTHER: Fingerprint = `sha256:${'ab'.repeat(32)}`
const ADDRESS: Address = { host: 'chat.example.org', port: 8000 }

describe('whom to trust (rule 15)', () => {
  const stranger = { address: ADDRESS, fingerprint, authorized: false, loopback: false }

  test('a stranger is not trusted, and nothing is pinned', async () => {
    const pins = memoryPins()
    const refused = checkKey(stranger, { pins })
    await expect(refused).rejects.toThrow(UntrustedKeyError)
    await expect(refused).rejects.toMatchObject({ address: ADDRESS, fingerprint })
    expect(await pins.find(ADDRESS)).toBeUndefined()
  })

  test('a pinned key is trusted', async () => {
    const pins = memoryPins()
    await pins.trust(ADDRESS, fingerprint)
    expect(await checkKey(stranger, { pins })).toBe('pin')
  })

  test('a changed key is refused, on this machine too, and the pin stays', async () => {
    const pins = memoryPins()
    await pins.trust(ADDRESS, OTHER)
    for (const loopback of [false, true]) {
      const refused = checkKey({ ...stranger, loopback }, { pins })
      await expect(refused).rejects.toThrow(ChangedKeyError)
      await expect(refused).rejects.toMatchObject({ fingerprint, pinned: OTHER })
    }
    expect(await pins.find(ADDRESS)).toBe(OTHER)
  })

  test('this machine is pinned silently at first use', async () => {
    const pins = memoryPins()
    expect(await checkKey({ ...stranger, loopback: true }, { pins })).toBe('firstUse')
    expect(await pins.find(ADDRESS)).toBe(fingerprint)
  })

  test('whom an authority vouches for needs no pin, and may change the key', async () => {
    const pins = memoryPins()
    expect(await checkKey({ ...stranger, authorized: true }, { pins })).toBe('authority')
    expect(await pins.find(ADDRESS)).toBeUndefined()
    await pins.trust(ADDRESS, OTHER)
    expect(await checkKey({ ...stranger, authorized: true }, { pins })).toBe('authority')
  })

  test('a key that a person named is pinned, also in place of another', async () => {
    const pins = memoryPins()
    await pins.trust(ADDRESS, OTHER)
    expect(await checkKey(stranger, { pins, trust: fingerprint })).toBe('firstUse')
    expect(await pins.find(ADDRESS)).toBe(fingerprint)
  })

  test('the key that a share line names is pinned when no other is, and asked about by nobody', async () => {
    const pins = memoryPins()
    expect(await checkKey(stranger, { pins, named: fingerprint })).toBe('firstUse')
    expect(await pins.find(ADDRESS)).toBe(fingerprint)
    expect(await checkKey(stranger, { pins, named: fingerprint })).toBe('pin')
  })

  test.each<[string, Partial<Answerer>]>([
    ['elsewhere', {}],
    ['on this machine', { loopback: true }],
    ['whom an authority vouches for', { authorized: true }],
  ])('a server %s with another key than a share line names is refused', async (_, answer) => {
    const pins = memoryPins()
    const refused = checkKey({ ...stranger, ...answer }, { pins, named: OTHER })
    await expect(refused).rejects.toThrow(OtherKeyError)
    expect(await pins.find(ADDRESS)).toBeUndefined()
  })

  test.each<[string, Partial<Answerer>]>([
    ['elsewhere', {}],
    ['on this machine', { loopback: true }],
    ['whom an authority vouches for', { authorized: true }],
  ])(
    'a share line does not replace the pin of a server %s: the key has changed',
    async (_, answer) => {
      const pins = memoryPins()
      await pins.trust(ADDRESS, OTHER)
      const refused = checkKey({ ...stranger, ...answer }, { pins, named: fingerprint })
      await expect(refused).rejects.toThrow(ChangedKeyError)
      expect(await pins.find(ADDRESS)).toBe(OTHER)
    },
  )

  test('a share line with a made-up key is refused where the right one is known', async () => {
    const pins = memoryPins()
    await pins.trust(ADDRESS, fingerprint)
    const refused = checkKey(stranger, { pins, named: OTHER })
    await expect(refused).rejects.toThrow(OtherKeyError)
    expect(await pins.find(ADDRESS)).toBe(fingerprint)
  })

  test.each<[string, Partial<Answerer>, Fingerprint | undefined]>([
    ['on this machine', { loopback: true }, undefined],
    ['whose key is pinned', {}, fingerprint],
    ['whom an authority vouches for', { authorized: true }, undefined],
    ['with both', { authorized: true, loopback: true }, fingerprint],
  ])('who named a key gets no other from a server %s', async (_, answer, pin) => {
    const pins = memoryPins()
    if (pin !== undefined) await pins.trust(ADDRESS, pin)
    const asked = checkKey({ ...stranger, ...answer }, { pins, trust: OTHER })
    await expect(asked).rejects.toThrow(OtherKeyError)
    await expect(asked).rejects.toThrow(/another key than --trust names.*nothing was sent/)
    expect(await pins.find(ADDRESS)).toBe(pin)
  })

  test('a key that a person named is pinned also where an authority vouches for it', async () => {
    const pins = memoryPins()
    const answer = { ...stranger, authorized: true }
    expect(await checkKey(answer, { pins, trust: fingerprint })).toBe('firstUse')
    expect(await checkKey(answer, { pins, trust: fingerprint })).toBe('pin')
  })
})

describe('over the network', () => {
  const servers: Server[] = []
  const sockets: Socket[] = []
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))))
  })

  async function listen(server: Server): Promise<Address> {
    servers.push(server)
    server.on('connection', (socket) => {
      sockets.push(socket)
      socket.on('error', () => undefined)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
  }

  /** A TLS server that keeps what it receives. */
  async function secureServer(identity = certificate) {
    const received: Buffer[] = []
    const ended: Promise<unknown>[] = []
    const server = createTls(identity, (socket: TLSSocket) => {
      socket.on('error', () => undefined)
      socket.on('data', (chunk: Buffer) => received.push(chunk))
      ended.push(once(socket, 'close'))
      socket.write('hello')
    })
    return { address: await listen(server), received, ended }
  }

  test('the stream is secure, both ways, and the key is pinned', async () => {
    const { address, received } = await secureServer()
    const pins = memoryPins()
    const dialed = await dial(address, { security: 'tls', pins })
    expect(dialed).toMatchObject({ fingerprint, trusted: 'firstUse', address })
    const [hello] = await once(dialed.stream, 'data')
    expect(String(hello)).toBe('hello')
    dialed.stream.end('secret')
    await once(dialed.stream, 'close')
    expect(Buffer.concat(received).toString()).toBe('secret')
    const again = await dial(address, { security: 'tls', pins })
    expect(again.trusted).toBe('pin')
    again.stream.destroy()
  })

  test('a changed key is refused before a byte of ours is sent', async () => {
    const { address, received, ended } = await secureServer()
    const pins = memoryPins()
    await pins.trust(address, OTHER)
    await expect(dial(address, { security: 'tls', pins })).rejects.toThrow(ChangedKeyError)
    await Promise.all(ended)
    expect(received).toEqual([])
  })

  test('an authority vouches for the host name, and only for that', async () => {
    const { address } = await secureServer()
    const pins = memoryPins()
    const authorities = [certificate.cert]
    const named = { host: 'localhost', port: address.port }
    const dialed = await dial(named, { security: 'tls', pins, authorities })
    expect(dialed.trusted).toBe('authority')
    dialed.stream.destroy()
    const other = await certificateFor('chat.example.org')
    const wrong = await secureServer(other)
    const wrongName = { host: 'localhost', port: wrong.address.port }
    const mine = await dial(wrongName, { security: 'tls', pins, authorities: [other.cert] })
    expect(mine.trusted).toBe('firstUse')
    mine.stream.destroy()
  })

  test('plain text only when it is asked for, without a fingerprint', async () => {
    const address = await listen(createTcp((socket) => socket.write('plain')))
    const dialed = await dial(address, { security: 'plaintext', pins: memoryPins() })
    expect(dialed).toMatchObject({ fingerprint: undefined, trusted: 'plaintext' })
    dialed.stream.destroy()
  })

  test.each<[string, (socket: Socket) => void, DialErrorKind, RegExp]>([
    [
      'answers in plain text',
      (socket) => socket.end('SSH-2.0\r\n'),
      'notTls',
      /does not speak TLS/,
    ],
    ['closes', (socket) => socket.destroy(), 'closed', /closed the connection at once/],
    ['resets', (socket) => socket.resetAndDestroy(), 'closed', /closed the connection at once/],
    ['says nothing', () => undefined, 'timedOut', /did not answer in time/],
  ])('a peer that %s', async (_what, behave, kind, words) => {
    const address = await listen(createTcp(behave))
    const failed = dial(address, { security: 'tls', pins: memoryPins(), connectTimeoutMs: 300 })
    await expect(failed).rejects.toThrow(DialError)
    await expect(failed).rejects.toMatchObject({
      kind,
      address,
      message: expect.stringMatching(words),
    })
  })

  test('nobody listens', async () => {
    const server = createTcp()
    const address = await listen(server)
    await new Promise((done) => servers.pop()?.close(done))
    const failed = dial(address, { security: 'tls', pins: memoryPins() })
    await expect(failed).rejects.toMatchObject({
      kind: 'refused',
      message: `nothing listens at 127.0.0.1:${address.port}: is the server running, and the port right?`,
    })
  })

  test('is given up when it is aborted, before and meanwhile', async () => {
    const address = await listen(createTcp())
    const abort = new AbortController()
    const options = { security: 'tls', pins: memoryPins(), signal: abort.signal } as const
    const failed = dial(address, options)
    abort.abort()
    await expect(failed).rejects.toMatchObject({ kind: 'aborted' })
    await expect(dial(address, options)).rejects.toMatchObject({ kind: 'aborted' })
  })
})

test.each<[string, DialErrorKind]>([
  ['ECONNREFUSED', 'refused'],
  ['ENOTFOUND', 'notFound'],
  ['EAI_AGAIN', 'notFound'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ETIMEDOUT', 'timedOut'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'notTls'],
  ['EPROTO', 'notTls'],
  ['ECONNRESET', 'closed'],
  ['EMFILE', 'failed'],
])('%s is told in one line', (code, kind) => {
  const cause = Object.assign(new Error(`connect ${code}`), { code })
  const error = dialErrorOf(cause, ADDRESS, 'tls')
  expect(error.kind).toBe(kind)
  expect(error.message).toContain('chat.example.org')
  expect(error.message).not.toContain('\n')
  const all = new AggregateError([cause, new Error('other')])
  expect(dialErrorOf(all, ADDRESS, 'tls').kind).toBe(kind)
})
