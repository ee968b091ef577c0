import { Failure } from './errors.ts'

/** EIO: the terminal is gone. */
const CLOSED: ReadonlySet<unknown> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'ECONNRESET', 'EIO'])

/** Nobody reads the output any more, which is nobody's fault. Other errors lose what somebody wants. */
export function isOutputClosed(error: Error): boolean {
  return 'code' in error && CLOSED.has(error.code)
}

export function outputFailure(error: Error): Failure {
  return new Failure(`the output cannot be written: ${error.message}`)
}
