import { test, vi } from 'vitest'
import { simulate } from '../support/simulation/simulate.ts'

/**
 * As the simulation of one server, with three, and a bus between them that has faults, too:
 * `TCHAT_CLUSTER_SEED=17` repeats one, `TCHAT_CLUSTER_SEEDS=1000` runs so many.
 */
const NODES = 3
const only = process.env['TCHAT_CLUSTER_SEED']
const count = Number(process.env['TCHAT_CLUSTER_SEEDS'] ?? 100)
const seeds =
  only === undefined ? Array.from({ length: count }, (_, seed) => seed + 1) : [Number(only)]

// They mostly wait for their links.
vi.setConfig({ maxConcurrency: 12 })

test.concurrent.each(seeds)(
  'nothing is lost, doubled or out of order on three nodes with a faulty bus: TCHAT_CLUSTER_SEED=%i',
  (seed) => simulate(seed, NODES),
)
