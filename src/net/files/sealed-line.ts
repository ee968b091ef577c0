import { crc32 } from 'node:zlib'

/**
 * Lines that say themselves whether they are whole: a sum stands before each. They go to files that
 * nobody syncs; one that a crash or a full disk tore, or that anything changed, is passed over.
 */

/** Hexadecimal digits of the sum. */
const SUM_CHARS = 8

/** `body` has no line end. */
export function seal(body: string): string {
  return `${sumOf(body)} ${body}`
}

/** What was sealed; undefined: the line is not whole. */
export function unseal(line: string): string | undefined {
  const body = line.slice(SUM_CHARS + 1)
  const whole = line[SUM_CHARS] === ' ' && line.slice(0, SUM_CHARS) === sumOf(body)
  return whole ? body : undefined
}

function sumOf(body: string): string {
  return crc32(body).toString(16).padStart(SUM_CHARS, '0')
}
