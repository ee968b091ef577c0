import type { Hosted } from '../../src/ui/options.ts'

const KEY = `sha256:${'ab'.repeat(32)}` as const

/** A server that somebody hosts: at `127.0.0.1:9123`, nobody connected, never ending by itself. */
export class FakeHosted implements Hosted {
  readonly address: string = '127.0.0.1:9123'
  readonly fingerprint: Hosted['fingerprint']
  readonly share: readonly string[]
  readonly ended: Promise<string>
  readonly calls: string[]
  /** How many are connected, this program's own connection among them. */
  users: number
  /** Its process ends, in that way. */
  end: (how: string) => void = () => undefined

  constructor({ calls = [], users = 0, share = [], fingerprint = KEY }: FakeOptions = {}) {
    this.fingerprint = fingerprint
    this.calls = calls
    this.users = users
    this.share = share
    this.ended = new Promise((resolve) => {
      this.end = resolve
    })
  }

  readonly connected = () => Promise.resolve(this.users)

  readonly keep = () => {
    this.calls.push('keep')
    return 4711
  }

  readonly stop = () => {
    this.calls.push('stop')
    this.end('exit code 0')
    return Promise.resolve()
  }
}

type FakeOptions = Readonly<{
  /** Where it is noted that it was told to go on, or to stop. */
  calls?: string[]
  users?: number
  share?: readonly string[]
  fingerprint?: Hosted['fingerprint']
}>
