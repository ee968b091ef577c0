import { test, vi } from 'vitest'
import { simulate } from '../support/simulation/simulate.ts'

/**
 * `TCHAT_SEED=17` repeats the actions and faults of one, not their exact timing; `TCHAT_SEEDS=1000`
 * runs so many.
 */
const only = process.env['TCHAT_SEED']
const count = Number(process.env['TCHAT_SEEDS'] ?? 200)
const seeds =
  only === undefined ? Array.from({ length: count }, (_, seed) => seed + 1) : [Number(only)]

// They mostly wait for their links.
vi.setConfig({ maxConcurrency: 12 })

test.concurrent.each(seeds)(
  'nothing is lost, doubled or out of order over faulty links: TCHAT_SEED=%i',
  simulate,
)
