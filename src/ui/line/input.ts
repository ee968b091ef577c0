import { TextDecoder } from 'node:util'

/** Where lines come from: a terminal, or a pipe. */
export type LineSource = AsyncIterable<unknown> &
  Readonly<{
    isTTY?: boolean
    setRawMode?: (on: boolean) => unknown
    destroy: () => unknown
  }>

/** Longer lines are passed over: no message is as long, and memory is not endless. */
export const LINE_BYTES_MAX = 65_536

/** A line that cannot be used; the next one can. */
export class LineFault extends Error {
  override readonly name = 'LineFault'
  readonly why: 'notUtf8' | 'tooLong'
  /** Counted from 1. */
  readonly line: number

  constructor(why: LineFault['why'], line: number) {
    super(`line ${line}: ${why}`)
    this.why = why
    this.line = line
  }
}

const [LF, CR] = [0x0a, 0x0d]
const [CTRL_C, CTRL_D, CTRL_U, BACKSPACE, DELETE] = [0x03, 0x04, 0x15, 0x08, 0x7f]
const NOTHING = Buffer.alloc(0)

/** The lines of an input, one when it is asked for: what is not asked for stays unread. */
export class LineInput {
  readonly #source: LineSource
  readonly #chunks: AsyncIterator<unknown>
  #wake: () => void = () => undefined
  #rest: Buffer = NOTHING
  #number = 0
  #isAtEnd = false

  constructor(source: LineSource) {
    this.#source = source
    this.#chunks = source[Symbol.asyncIterator]()
  }

  /** Nothing more is read; who waits gets the end. */
  stop(): void {
    this.#isAtEnd = true
    this.#rest = NOTHING
    this.#source.destroy()
    this.#wake()
  }

  /** The next line without its end; undefined: there is none any more. @throws LineFault */
  async next(): Promise<string | undefined> {
    let tooLong = false
    for (;;) {
      const end = this.#rest.indexOf(LF)
      if (end >= 0 || (this.#isAtEnd && this.#rest.length > 0)) {
        const line = this.#take(end)
        if (tooLong || line.length > LINE_BYTES_MAX) throw new LineFault('tooLong', this.#number)
        return this.#decoded(line)
      }
      if (this.#isAtEnd) return undefined
      if (this.#rest.length > LINE_BYTES_MAX) {
        tooLong = true
        this.#rest = this.#rest.subarray(0, 1)
      }
      await this.#read()
    }
  }

  /**
   * A line that a terminal does not show; `ask` is called as soon as it does not: who is quick is not
   * shown, either. Undefined: the input ended, or the person gave up.
   * @throws LineFault
   */
  async secret(ask: () => void, onInterrupt: () => void): Promise<string | undefined> {
    const { isTTY = false, setRawMode } = this.#source
    if (!isTTY || setRawMode === undefined) {
      ask()
      return this.next()
    }
    setRawMode.call(this.#source, true)
    try {
      ask()
      return await this.#secret(onInterrupt)
    } finally {
      setRawMode.call(this.#source, false)
    }
  }

  async #secret(onInterrupt: () => void): Promise<string | undefined> {
    let typed: readonly number[] = []
    for (;;) {
      for (const [at, byte] of this.#rest.entries()) {
        if (byte === CR || byte === LF) {
          this.#rest = this.#rest.subarray(at + 1)
          return this.#decoded(Buffer.from(typed))
        }
        if (byte === CTRL_C || (byte === CTRL_D && typed.length === 0)) {
          this.#rest = NOTHING
          if (byte === CTRL_C) onInterrupt()
          return undefined
        }
        typed = edited(typed, byte)
      }
      this.#rest = NOTHING
      if (this.#isAtEnd) return undefined
      await this.#read()
    }
  }

  /** `end` −1: the last line has no end. */
  #take(end: number): Buffer {
    const line = end < 0 ? this.#rest : this.#rest.subarray(0, end)
    this.#rest = end < 0 ? NOTHING : this.#rest.subarray(end + 1)
    this.#number += 1
    return line.at(-1) === CR ? line.subarray(0, -1) : line
  }

  #read(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    const end = () => {
      this.#isAtEnd = true
      resolve()
    }
    // A terminal that is gone is an end, too.
    this.#chunks.next().then(({ done, value }) => {
      if (done === true) return end()
      if (!this.#isAtEnd) this.#add(Buffer.isBuffer(value) ? value : Buffer.from(String(value)))
      resolve()
    }, end)
    return promise
  }

  #add(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
  }

  #decoded(bytes: Buffer): string {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch {
      throw new LineFault('notUtf8', this.#number)
    }
  }
}

/** What a terminal does by itself where it shows what is typed. */
function edited(typed: readonly number[], byte: number): readonly number[] {
  if (byte === CTRL_U) return []
  if (byte !== BACKSPACE && byte !== DELETE) return [...typed, byte]
  // A whole character: the bytes that continue one begin with the bits 10.
  const start = typed.findLastIndex((one) => (one & 0xc0) !== 0x80)
  return typed.slice(0, Math.max(0, start))
}
