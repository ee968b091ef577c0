/**
 * What the server tells its operator. An event is a short fixed phrase; what varies is in the
 * fields. Never a secret, never a message's text.
 */
export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

export type LogFields = Readonly<Record<string, unknown>>
export type LogLevel = keyof Log

export const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** Whether it is the name of a level. */
export function isLogLevel(text: string): text is LogLevel {
  return (logLevels as readonly string[]).includes(text)
}

/** Whether what is on that level is to be told where `least` is the least that is. */
export function isTold(level: LogLevel, least: LogLevel): boolean {
  return logLevels.indexOf(level) >= logLevels.indexOf(least)
}

export const silentLog: Log = { debug: drop, info: drop, warn: drop, error: drop }

/** One JSON object a line, from `least` on: time, level, event, fields. */
export function jsonLog(
  write: (line: string) => void,
  now: () => number,
  least: LogLevel = 'info',
): Log {
  const writer = (level: LogLevel) => {
    if (!isTold(level, least)) return drop
    return (event: string, fields: LogFields = {}) => {
      const time = new Date(now()).toISOString()
      write(`${JSON.stringify({ time, level, event, ...fields }, errorsAsText)}\n`)
    }
  }
  return {
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
  }
}

function drop(): void {}

function errorsAsText(_key: string, value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? String(value)) : value
}
