import { isTold, jsonLog, type Log, type LogFields, type LogLevel } from '../server/log.ts'

/** The server's log on stderr: for people on a terminal, one JSON object a line elsewhere. */
export function serverLog(
  stderr: NodeJS.WriteStream,
  now: () => number,
  least: LogLevel = 'info',
): Log {
  const write = (line: string) => {
    stderr.write(line)
  }
  return stderr.isTTY ? terminalLog(write, now, least) : jsonLog(write, now, least)
}

/** `12:03:59 warn  event  field=value …`, in local time, from `least` on. */
export function terminalLog(
  write: (line: string) => void,
  now: () => number,
  least: LogLevel = 'info',
): Log {
  const writer = (level: LogLevel) => (event: string, fields?: LogFields) => {
    if (!isTold(level, least)) return
    write(`${clock(now())} ${level.padEnd(5)} ${[event, ...words(fields)].join('  ')}\n`)
  }
  return {
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
  }
}

function clock(time: number): string {
  return new Date(time).toTimeString().slice(0, 8)
}

function words(fields: LogFields = {}): string[] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${inOneLine(value)}`)
}

/** Nothing in it moves the operator's cursor, begins a new line or turns the direction of text. */
function inOneLine(value: unknown): string {
  if (value instanceof Error) return inOneLine(value.message)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(text) ? text : escaped(JSON.stringify(text))
}

function escaped(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u${code.toString(16).padStart(4, '0')}`
  })
}
