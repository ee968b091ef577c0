/// <reference types="node" preserve="true" />
import { connect as connectTcp, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  checkServerIdentity,
  connect as connectTls,
  getCACertificates,
  type TLSSocket,
} from 'node:tls'
import { type Address, formatAddress } from './address.ts'
import { DialError, dialErrorOf } from './dial-error.ts'
import { certificateFingerprint, type Fingerprint, sameFingerprint } from './fingerprint.ts'
import { isLoopback, TLS_OPTIONS } from './tls.ts'

/** Until TCP and TLS are through, milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000

export type DialOptions = Readonly<{
  /** `plaintext` only when a person asked for it (rule 15). Never chosen by this program. */
  security: 'tls' | 'plaintext'
  pins: Pins
  /** The one key that a person lets the server have (`--trust sha256:…`): it takes another one's place. */
  trust?: Fingerprint | undefined
  /** The key that a share line names: the server must have it. It takes no other one's place. */
  named?: Fingerprint | undefined
  connectTimeoutMs?: number | undefined
  /** Gives up at once when it is aborted. */
  signal?: AbortSignal | undefined
  /** Certificates (PEM) that may vouch for a host name; the system's and Node's by default. */
  authorities?: readonly string[] | undefined
}>

/** Which servers' keys are known. */
export interface Pins {
  find(address: Address): Promise<Fingerprint | undefined>
  /** Remembers the key as the server's, in place of any other. */
  trust(address: Address, fingerprint: Fingerprint): Promise<void>
}

/** A connection whose other end was checked: secrets may be sent. */
export type Dialed = Readonly<{
  stream: Duplex
  address: Address
  /** The server's key; undefined for plain text. */
  fingerprint: Fingerprint | undefined
  /** Why the key is trusted. `firstUse`: it was not known before and is pinned now. */
  trusted: 'authority' | 'pin' | 'firstUse' | 'plaintext'
}>

/** The server's key is not known: a person must decide, then `pins.trust`, then dial again. */
export class UntrustedKeyError extends Error {
  override readonly name = 'UntrustedKeyError'
  readonly address: Address
  readonly fingerprint: Fingerprint

  constructor(address: Address, fingerprint: Fingerprint) {
    super(`${formatAddress(address)} is not known yet; its key is ${fingerprint}`)
    this.address = address
    this.fingerprint = fingerprint
  }
}

/** Another key than the pinned one: a new machine, or someone in between. Nothing was sent. */
export class ChangedKeyError extends Error {
  override readonly name = 'ChangedKeyError'
  readonly address: Address
  readonly fingerprint: Fingerprint
  readonly pinned: Fingerprint

  constructor(address: Address, fingerprint: Fingerprint, pinned: Fingerprint) {
    super(
      `the key of ${formatAddress(address)} has changed: it was ${pinned} and is now ${fingerprint}`,
    )
    this.address = address
    this.fingerprint = fingerprint
    this.pinned = pinned
  }
}

/** The server has another key than a person, or a share line, names. Nothing was sent. */
export class OtherKeyError extends Error {
  override readonly name = 'OtherKeyError'

  constructor(
    address: Address,
    fingerprint: Fingerprint,
    named: Fingerprint,
    by: keyof typeof otherKeyWords = 'line',
  ) {
    super(`${formatAddress(address)} ${otherKeyWords[by](fingerprint, named)}; nothing was sent`)
  }
}

const otherKeyWords = {
  line: (fingerprint: Fingerprint, named: Fingerprint) =>
    `is not the server that this line is for: its key is ${fingerprint}, the line names ${named}. Ask for a new line`,
  person: (fingerprint: Fingerprint, named: Fingerprint) =>
    `has another key than --trust names: its key is ${fingerprint}, not ${named}`,
}

/**
 * Connects, and checks who answers before a byte of ours is sent (rule 15).
 * @throws UntrustedKeyError, ChangedKeyError, OtherKeyError, DialError
 */
export async function dial(address: Address, options: DialOptions): Promise<Dialed> {
  const socket = await open(address, options)
  try {
    const checked = await checkPeer(socket, address, options)
    if (socket.destroyed) throw new DialError('closed', address)
    return checked
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** A socket that is through with TCP and TLS but belongs to nobody known yet. */
function open(address: Address, options: DialOptions): Promise<Socket> {
  const { security, connectTimeoutMs = CONNECT_TIMEOUT_MS, signal } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(new DialError('aborted', address))
    const socket = security === 'tls' ? startTls(address, options) : connectTcp({ ...address })
    const timer = setTimeout(() => fail(new DialError('timedOut', address)), connectTimeoutMs)
    const abort = () => fail(new DialError('aborted', address))
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    const fail = (error: Error) => {
      settle()
      socket.destroy()
      reject(error)
    }
    signal?.addEventListener('abort', abort)
    socket.once(security === 'tls' ? 'secureConnect' : 'connect', () => {
      settle()
      socket.setNoDelay(true)
      resolve(socket)
    })
    // It stays: an error before the connection's owner listens must not end the process.
    socket.on('error', (error) => fail(dialErrorOf(error, address, security)))
    socket.once('close', () => fail(new DialError('closed', address)))
  })
}

function startTls(address: Address, options: DialOptions): TLSSocket {
  return connectTls({
    ...TLS_OPTIONS,
    ...address,
    ca: [...(options.authorities ?? authoritiesFor(address))],
    // The decision is ours: an unverified key may be a pinned one. Nothing is written until then.
    rejectUnauthorized: false,
    checkServerIdentity,
  })
}

/** No authority vouches for this machine itself, so their lists need not be read (100 ms). */
function authoritiesFor(address: Address): readonly string[] {
  if (address.host === 'localhost' || isLoopback(address.host)) return []
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
}

async function checkPeer(socket: Socket, address: Address, options: DialOptions): Promise<Dialed> {
  if (options.security === 'plaintext') {
    return { stream: socket, address, fingerprint: undefined, trusted: 'plaintext' }
  }
  const { authorized, remoteAddress = '' } = socket as TLSSocket
  const fingerprint = fingerprintOf(socket as TLSSocket, address)
  const answer = { address, fingerprint, authorized, loopback: isLoopback(remoteAddress) }
  return { stream: socket, address, fingerprint, trusted: await checkKey(answer, options) }
}

function fingerprintOf(socket: TLSSocket, address: Address): Fingerprint {
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) throw new DialError('notTls', address)
  return certificateFingerprint(certificate)
}

/** Who answered, before it is decided whether they are the one that was meant. */
export type Answerer = Readonly<{
  address: Address
  fingerprint: Fingerprint
  /** An authority vouches for the certificate and the host name. */
  authorized: boolean
  /** They are on this machine. */
  loopback: boolean
}>

/**
 * Rule 15: why the key is trusted; pins it at first use. A key that a person named is the only one
 * that will do, whatever was pinned and whoever vouches for another.
 * @throws UntrustedKeyError, ChangedKeyError, OtherKeyError
 */
export async function checkKey(
  { address, fingerprint, authorized, loopback }: Answerer,
  { pins, trust, named }: Pick<DialOptions, 'pins' | 'trust' | 'named'>,
): Promise<'authority' | 'pin' | 'firstUse'> {
  const pinned = await pins.find(address)
  const isPinned = pinned !== undefined && sameFingerprint(pinned, fingerprint)
  if (trust !== undefined && !sameFingerprint(trust, fingerprint)) {
    throw new OtherKeyError(address, fingerprint, trust, 'person')
  }
  if (named !== undefined) {
    // Whoever wrote the line does not decide which key the server has: it is a changed one.
    if (trust === undefined && pinned !== undefined && !isPinned) {
      throw new ChangedKeyError(address, fingerprint, pinned)
    }
    if (!sameFingerprint(named, fingerprint)) throw new OtherKeyError(address, fingerprint, named)
  }
  if (isPinned) return 'pin'
  // A certificate that is vouched for may come with a new key at every renewal.
  if (authorized && trust === undefined) return 'authority'
  if (trust === undefined) {
    if (pinned !== undefined) throw new ChangedKeyError(address, fingerprint, pinned)
    if (named === undefined && !loopback) throw new UntrustedKeyError(address, fingerprint)
  }
  await pins.trust(address, fingerprint)
  return 'firstUse'
}
