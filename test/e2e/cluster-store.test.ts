import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { LocalCluster } from '../../deploy/cluster/local.ts'
import { CLUSTER_LACKS, Crowd, startCluster } from '../support/cluster-crowd.ts'

/** How much longer than it takes until everybody knows it is away: `TCHAT_AWAY_SECONDS=30`. */
const AWAY_MS = 1_000 * Number(process.env['TCHAT_AWAY_SECONDS'] ?? 0)

test('while PostgreSQL is gone or stands still people are told so, and what they say waits; then it is there, once, in order', async ({
  skip,
}) => {
  skip(!LocalCluster.isPossible, CLUSTER_LACKS)
  const cluster = await startCluster(2)
  const crowd = await Crowd.gather(cluster)
  const isStuck = () => {
    return crowd.chatters.every(({ client: { link } }) => 'stuck' in link && link.stuck === true)
  }
  const knowsIt = async () => {
    await expect.poll(isStuck).toBe(true)
    await delay(AWAY_MS)
  }
  await crowd.goesOn()
  cluster.killPostgres()
  await knowsIt()
  cluster.startPostgres()
  await crowd.goesOn()
  cluster.freezePostgres()
  await knowsIt()
  cluster.thawPostgres()
  await crowd.goesOn()
  await crowd.ends()
})
