import type { Writable } from 'node:stream'
import { isOutputClosed, outputFailure } from '../output-fault.ts'

/** Nobody reads the output any more: a good end for a pipe. */
export class OutputClosedError extends Error {
  override readonly name = 'OutputClosedError'
}

/**
 * Resolves when the text was taken, so that who writes is as slow as who reads.
 * @throws OutputClosedError, Failure
 */
export function print(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === undefined || error === null) resolve()
      else reject(isOutputClosed(error) ? new OutputClosedError() : outputFailure(error))
    })
  })
}

/**
 * Writes the text at once, before anything else happens; resolves when there is room for more. That
 * nobody reads is nothing to whom writing is not the purpose; other faults `main` tells of in the end.
 */
export function tell(stream: Writable, text: string): Promise<void> {
  if (stream.destroyed || stream.write(text)) return Promise.resolve()
  return new Promise((resolve) => {
    const events = ['drain', 'error', 'close'] as const
    const done = () => {
      for (const event of events) stream.off(event, done)
      resolve()
    }
    for (const event of events) stream.once(event, done)
  })
}

/** One JSON object a line, in raw UTF-8. */
export function jsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`
}
