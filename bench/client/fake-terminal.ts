import { EventEmitter } from 'node:events'
import { FakeStdin } from '../../test/support/fake-stdin.ts'

/** A terminal that draws nothing: it counts, and says when something is written. */
export class FakeTerminal {
  readonly stdin = new FakeStdin()
  readonly stdout: FakeStdout

  constructor(size: Readonly<{ columns: number; rows: number }>) {
    this.stdout = new FakeStdout(size.columns, size.rows)
  }

  /** Until a text with this in it is written. Answers when that was, as `performance.now` says. */
  async written(wanted: string): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>()
    const watcher = (text: string): void => {
      if (text.includes(wanted)) resolve(performance.now())
    }
    this.stdout.watchers.add(watcher)
    const at = await promise
    this.stdout.watchers.delete(watcher)
    return at
  }
}

class FakeStdout extends EventEmitter {
  readonly isTTY = true
  readonly writable = true
  readonly columns: number
  readonly rows: number
  readonly watchers = new Set<(text: string) => void>()
  bytes = 0
  writes = 0

  constructor(columns: number, rows: number) {
    super()
    this.columns = columns
    this.rows = rows
  }

  write(text: string, ...rest: readonly unknown[]): boolean {
    this.bytes += Buffer.byteLength(text)
    this.writes += 1
    for (const watcher of this.watchers) watcher(text)
    const done = rest.find((one) => typeof one === 'function') as (() => void) | undefined
    if (done !== undefined) setImmediate(done)
    return true
  }
}
