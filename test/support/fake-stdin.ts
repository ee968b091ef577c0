import { PassThrough } from 'node:stream'

/** The keyboard of a terminal that is none: what is written to it is typed. */
export class FakeStdin extends PassThrough {
  readonly isTTY = true

  setRawMode(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }
}
