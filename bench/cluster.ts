import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { LocalCluster } from '../deploy/cluster/local.ts'
import { directFigures } from './cluster/direct.ts'
import { Ending } from './cluster/ending.ts'
import { groupFigures } from './cluster/group.ts'
import { latencyFigures } from './cluster/latency.ts'
import { clusterSide, embeddedSide, type Side } from './cluster/side.ts'
import type { Bench, Figure } from './figure.ts'

/**
 * One, two and three nodes with PostgreSQL and NATS beside the server with a folder, all of them real
 * processes of this machine, round for round: messages of pairs whose ends are at different nodes, how
 * long one takes, a large group, and what of all that goes over the bus. Measured of `dist/`, which
 * `npm run bench` builds before; without TLS. With TCHAT_BENCH=short it only shows that all of it works.
 */
export const bench: Bench = { name: 'cluster', unit: 'the unit is in each row', run }

const IS_SHORT = process.env['TCHAT_BENCH'] === 'short'
/** Linux' number of file systems in memory. */
const TMPFS = 0x01021994
const MEMBERS = IS_SHORT ? 120 : 1_000

async function run(): Promise<readonly Figure[]> {
  const lack = whatLacks()
  if (lack !== undefined) {
    process.stderr.write(`cluster: not measured; ${lack}\n`)
    return []
  }
  const sides: Side[] = []
  const stop = async () => {
    await Promise.all(sides.map((side) => side.stop()))
    await LocalCluster.stopAll()
  }
  const ending = new Ending(stop)
  try {
    sides.push(await embeddedSide(MEMBERS))
    for (const count of [1, 2, 3]) sides.push(await clusterSide(count, MEMBERS))
    return [
      ...(await directFigures(sides, IS_SHORT)),
      ...(await latencyFigures(sides, IS_SHORT)),
      ...(await groupFigures(sides, IS_SHORT)),
    ]
  } finally {
    await ending.over
    await stop()
    ending.forget()
  }
}

function whatLacks(): string | undefined {
  if (!LocalCluster.isPossible) {
    return 'it needs PostgreSQL and nats-server (apt-get install postgresql nats-server)'
  }
  if (statfsSync(tmpdir()).type !== TMPFS) return undefined
  return 'where TMPDIR is, in memory, a commit costs nothing: name a folder on a disk'
}
