import { ChatError } from '../protocol/errors.ts'
import type { Log, LogFields } from './log.ts'

/**
 * A log in which a store that cannot work is told once, by the store itself: whatever fails because of
 * it, every few seconds, is of interest to who looks closely only.
 */
export function toldOnce(log: Log): Log {
  const unlessOfStore = (tell: Log['warn']) => (event: string, fields?: LogFields) => {
    const error = fields?.['error']
    if (!isOfStore(error)) tell(event, fields)
    else log.debug(event, { ...fields, error: error.message })
  }
  return { ...log, warn: unlessOfStore(log.warn), error: unlessOfStore(log.error) }
}

/** Whether it is what a store answers that cannot work now. */
export function isOfStore(error: unknown): error is ChatError {
  return error instanceof ChatError && error.code === 'unavailable'
}
