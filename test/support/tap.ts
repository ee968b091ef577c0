import { type Passed, Relay } from './relay.ts'

/** Stands between clients and a server, sees what they say, and can keep answers to itself. */
export class Tap {
  /** Everything that went through, in order. */
  readonly passed: Passed[] = []
  /** What the server says gets lost from now on. */
  withholding = false
  #relay: Relay

  private constructor(relay: Relay) {
    this.#relay = relay
  }

  static async open(target: number): Promise<Tap> {
    const relay = await Relay.open((passed) => tap.#passes(passed))
    const tap = new Tap(relay)
    relay.target = target
    return tap
  }

  get port(): number {
    return this.#relay.port
  }

  /** Drops every connection. */
  cut(): void {
    this.#relay.cut()
  }

  close(): Promise<void> {
    return this.#relay.close()
  }

  #passes(passed: Passed): boolean {
    if (passed.from === 'server' && this.withholding) return false
    this.passed.push(passed)
    return true
  }
}
