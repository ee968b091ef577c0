import type { Fingerprint } from '../net/fingerprint.ts'
import type { ShareLine } from '../net/share-line.ts'
import type { Configuration } from './configuration/options.ts'

/** What the command line hands the interface. Everything from outside comes in here. */
export type UiOptions = Readonly<{
  /** `menu`: the start screen; else straight to a server. */
  start: 'menu' | Start
  /** Starts a server beside this program; rejects with HostError when it cannot. */
  host: (options: HostOptions) => Promise<Hosted>
  /** `$XDG_STATE_HOME/tchat`: tokens, pins, outbox, recent servers. */
  stateFolder: string
  version: string
  stdin: NodeJS.ReadStream
  stdout: NodeJS.WriteStream
  env: Readonly<Record<string, string | undefined>>
  /** What the person's file says; the defaults where it is left out. */
  configuration?: Configuration
  /** What is wrong in that file: 'FILE:LINE: what, and what would be right'. */
  configurationFaults?: readonly string[]
}>

export type Start = Readonly<{
  /** HOST, HOST:PORT or [IPv6]:PORT. */
  address: string
  /** Prefills the name. */
  user?: string
  /** `--plaintext` was given: no TLS. */
  plaintext?: boolean
  /** The one key that the server may have (`--trust`). */
  trust?: Fingerprint
  /** What else a share line said. */
  line?: Pick<ShareLine, 'group' | 'fingerprint' | 'invite'>
}>

/** `port` 0: any free one; without it the one that the person said, or the usual one. */
export type HostOptions = Readonly<{ port?: number | undefined }>

/** A server that this program started. */
export type Hosted = Readonly<{
  /** Where to reach it from here: loopback, host:port. */
  address: string
  /** `sha256:…` of its key. */
  fingerprint: Fingerprint
  /** A code to make the first account with, where that takes one. */
  invite?: string | undefined
  /** What others can paste into a shell to connect, one for each address of this computer. */
  share: readonly string[]
  /** How many connections the server has now, this program's own among them. */
  connected: () => Promise<number>
  /** The server goes on after this program has ended; its process, for whoever wants to stop it. */
  keep: () => number | undefined
  stop: () => Promise<void>
  /** How its process ended (a signal, an exit code), whoever wanted that. Never rejects. */
  ended: Promise<string>
}>

/** Why no server could be started, in words for people. */
export class HostError extends Error {
  override readonly name = 'HostError'
  /** `portTaken`: another port would do. `locked`: the data folder is served already. */
  readonly reason: 'portTaken' | 'locked' | 'other'
  /** `locked`: where the server that has the data folder is found. */
  readonly address: string | undefined

  constructor(reason: HostError['reason'], text: string, address?: string) {
    super(text)
    this.reason = reason
    this.address = address
  }
}
