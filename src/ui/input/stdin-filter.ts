import { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import {
  type InputPart,
  InputSplitter,
  PASTE_END,
  PASTE_START,
  type TerminalReport,
  type Waiting,
} from './input-splitter.ts'

/**
 * How long an unfinished sequence is waited for. Esc alone is only known by what does not follow;
 * 25 ms is what a slow link needs to bring the rest of an arrow key and no finger notices. A paste
 * whose end never comes must not lock the keyboard.
 */
const WAIT_MS: Record<Exclude<Waiting, 'nothing'>, number> = {
  escape: 25,
  sequence: 500,
  paste: 3_000,
}

/** Calls `run` once after `ms`; the answer calls it off. */
export type After = (ms: number, run: () => void) => () => void

/** The keyboard as far as the filter needs it: `process.stdin`, or a stream in a test. */
export type Keyboard = Readable & {
  readonly isTTY?: boolean
  setRawMode?: (on: boolean) => unknown
  ref?: () => unknown
  unref?: () => unknown
}

/**
 * Stands between the terminal and Ink: keys and pastes pass one by one, each in a turn of the
 * event loop of its own, so that what a key changes is drawn before the next one asks where it
 * belongs; whatever else a terminal says goes to `onReport`. Reads the terminal only while raw
 * mode is on, so that an editor or a shell gets its own keys.
 */
export class FilteredStdin extends Readable {
  readonly #source: Keyboard
  readonly #onReport: (report: TerminalReport) => void
  readonly #after: After
  readonly #inForm: () => boolean
  readonly #splitter = new InputSplitter()
  #decoder = new StringDecoder('utf8')
  #callOff: () => void = () => {}
  /** In the order they came: text for Ink, and what is reported beside it. */
  readonly #queue: (string | TerminalReport)[] = []
  #ended = false

  /** `inForm`: whether the keys go to the fields of a form now. */
  constructor(
    source: Keyboard,
    onReport: (report: TerminalReport) => void,
    after = afterTimeout,
    inForm = () => false,
  ) {
    super({ objectMode: true, read: () => {} })
    this.#inForm = inForm
    this.#source = source
    this.#onReport = onReport
    this.#after = after
    source.pause()
    source.on('data', this.#take)
    // A terminal that has gone away is an end, whatever way it says so.
    source.on('end', this.#end)
    source.on('error', this.#end)
  }

  get isTTY(): boolean {
    return this.#source.isTTY ?? false
  }

  setRawMode(on: boolean): this {
    if (!on) this.#stop()
    this.#source.setRawMode?.(on)
    if (on) this.#source.resume()
    return this
  }

  ref(): this {
    this.#source.ref?.()
    return this
  }

  unref(): this {
    this.#source.unref?.()
    return this
  }

  /** Always UTF-8 strings, so Ink's wish is met; the one of Readable would glue the keys together. */
  override setEncoding(): this {
    return this
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#stop()
    this.#source.off('data', this.#take)
    this.#source.off('end', this.#end)
    this.#source.off('error', this.#end)
    done(error)
  }

  readonly #take = (chunk: Buffer | string): void => {
    this.#callOff()
    const text = typeof chunk === 'string' ? chunk : this.#decoder.write(chunk)
    if (text !== '') this.#pass(this.#splitter.push(text, this.#inForm()))
    this.#wait()
  }

  readonly #end = (): void => {
    this.#ended = true
    this.#stop()
    if (this.#queue.length === 0) this.push(null)
  }

  #stop(): void {
    this.#callOff()
    this.#source.pause()
    this.#splitter.reset()
    this.#decoder = new StringDecoder('utf8')
  }

  #wait(): void {
    const { waiting } = this.#splitter
    if (waiting === 'nothing') return
    this.#callOff = this.#after(WAIT_MS[waiting], () => this.#pass(this.#splitter.flush()))
  }

  #pass(parts: readonly InputPart[]): void {
    const idle = this.#queue.length === 0
    for (const part of parts) {
      if (part.kind === 'keys') this.#queue.push(part.text)
      else if (part.kind === 'paste') this.#queue.push(PASTE_START + part.text + PASTE_END)
      else this.#queue.push(part)
    }
    if (idle) this.#next()
  }

  /** What is reported before the next text. */
  #report(): void {
    for (let part = this.#queue[0]; typeof part === 'object'; part = this.#queue[0]) {
      this.#onReport(part)
      this.#queue.shift()
    }
  }

  /** The first of the queue stays in it until its turn is over: the queue is empty when idle. */
  #next(): void {
    this.#report()
    const text = this.#queue[0]
    if (typeof text === 'string') {
      this.push(text)
      setImmediate(() => {
        this.#queue.shift()
        this.#next()
      })
    } else if (this.#ended) {
      this.push(null)
    }
  }
}

/** The filter as Ink's `render` wants its `stdin`. It uses no more of a terminal than this has. */
export function inkStdin(filtered: FilteredStdin): NodeJS.ReadStream {
  return filtered as unknown as NodeJS.ReadStream
}

function afterTimeout(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}
