import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { emptySchema } from './postgres.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { Valve } from './valve.ts'

/** A schema of the test's own, and what stands before the server for who goes by that URL. */
export async function valvedSchema(): Promise<Readonly<{ url: string; valve: Valve }>> {
  const base = new URL(await emptySchema())
  const folder = temporaryFolder()
  const valve = await Valve.before(
    { path: socketIn(decodeURIComponent(base.hostname)) },
    { path: socketIn(folder) },
  )
  onTestFinished(() => valve.close())
  base.hostname = encodeURIComponent(folder)
  return { url: base.href, valve }
}

function socketIn(folder: string): string {
  return join(folder, '.s.PGSQL.5432')
}
