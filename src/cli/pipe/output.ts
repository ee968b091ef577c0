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
 * Resolves when the text was taken. That nobody reads is nothing to whom writing is not the purpose;
 * other faults `main` tells of in the end.
 */
export function tell(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve())
  })
}

/** One JSON object a line, in raw UTF-8. */
export function jsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`
}
