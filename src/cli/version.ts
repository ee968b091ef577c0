import { readFileSync } from 'node:fs'

/** The package's version; package.json is the one place where it is written. */
export function version(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  return (manifest as { version: string }).version
}
