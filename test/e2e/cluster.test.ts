import { test } from 'vitest'
import { LocalCluster } from '../../deploy/cluster/local.ts'
import { CLUSTER_LACKS, Crowd, startCluster } from '../support/cluster-crowd.ts'

test('with every part of a cluster killed, frozen or gone for a while, what was acknowledged is there, once, in order', async ({
  skip,
}) => {
  skip(!LocalCluster.isPossible, CLUSTER_LACKS)
  const cluster = await startCluster(3)
  const [one, two, three] = cluster.nodes
  if (one === undefined || two === undefined || three === undefined) throw new Error('too few')
  const crowd = await Crowd.gather(cluster)
  await crowd.goesOn()
  await one.kill()
  await crowd.goesOn()
  await one.start()
  await cluster.killNats()
  await crowd.goesOn()
  await cluster.startNats()
  cluster.killPostgres()
  cluster.startPostgres()
  await crowd.goesOn()
  two.freeze()
  await crowd.goesOn()
  two.thaw()
  await three.stop()
  await crowd.goesOn()
  await three.start()
  await crowd.goesOn()
  await crowd.ends()
})
