import { readFileSync } from 'node:fs'
import * as limits from '../../src/protocol/limits.ts'

export type Limit = Readonly<{ name: string; value: number; meaning: string }>

const SOURCE = new URL('../../src/protocol/limits.ts', import.meta.url)
const ROW = /(?:\/\*\* (?<meaning>[^/]*?) \*\/\n)?export const (?<name>[A-Z_]+) =/g

/** The maxima in the order of their file, each with the comment above it. */
export function limitRows(): readonly Limit[] {
  const values: Readonly<Record<string, number>> = limits
  return [...readFileSync(SOURCE, 'utf8').matchAll(ROW)].map(({ groups }) => {
    const name = groups?.['name'] ?? ''
    return { name, value: values[name] ?? Number.NaN, meaning: groups?.['meaning'] ?? '' }
  })
}
