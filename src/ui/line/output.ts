import type { Writable } from 'node:stream'
import { cleanText } from '../../protocol/clean.ts'

export type LineOutputOptions = Readonly<{
  stdout: Writable
  /** Where what went wrong is said: the same screen, but not what a pipe carries on. */
  stderr: Writable
  /** In signs that the terminal has. */
  signs: (text: string) => string
}>

/** Says things, each in one line, in which nothing moves a cursor or changes a colour. */
export class LineOutput {
  readonly #options: LineOutputOptions
  #complaints = 0

  constructor(options: LineOutputOptions) {
    this.#options = options
  }

  /** How often something went wrong in this run. */
  get complaints(): number {
    return this.#complaints
  }

  say(text: string): void {
    this.#options.stdout.write(this.#line(text))
  }

  complain(text: string): void {
    this.#complaints += 1
    this.#options.stderr.write(this.#line(text))
  }

  #line(text: string): string {
    return `${oneLine(this.#options.signs(text))}\n`
  }
}

/** The text as one line: where it had more of them, a slash stands between. */
function oneLine(text: string): string {
  return cleanText(text).trim().replace(BREAKS, ' / ').replaceAll('\t', ' ')
}

const BREAKS = /[\t ]*[\r\n\u0085\u2028\u2029][\s]*/g
