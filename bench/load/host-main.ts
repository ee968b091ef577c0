import { setTimeout } from 'node:timers/promises'
import { loadIdentity } from '../../src/server/identity.ts'
import { serve } from '../../src/server/serve.ts'
import { BareServer } from '../bare-server.ts'
import { LIFTED_RATES } from '../population.ts'
import type { HostTask } from './host.ts'

/** How long a server is left alone before its memory is looked at. */
const SETTLE_MS = 1_000

const { folder, tls, bare } = JSON.parse(process.argv[2] ?? '') as HostTask
const port = bare ? await bareServer() : await server()

async function server(): Promise<number> {
  return (await serve({ host: '127.0.0.1', port: 0, folder, rates: LIFTED_RATES })).port
}

async function bareServer(): Promise<number> {
  return new BareServer(tls ? await loadIdentity(folder, undefined) : undefined).listen()
}

process.on('disconnect', () => process.exit())
process.on('message', async () => {
  // The second time it gives back what the first one freed.
  for (let count = 0; count < 2; count += 1) {
    await setTimeout(SETTLE_MS)
    global.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  }
  process.send?.(process.memoryUsage.rss())
})
process.send?.(port)
