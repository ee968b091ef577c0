import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { LocalCluster } from '../../deploy/cluster/local.ts'
import { CLUSTER_LACKS, Crowd, clientOf } from '../support/cluster-crowd.ts'
import { LossyNats } from '../support/lossy-nats.ts'
import { startNats } from '../support/nats.ts'
import { run } from '../support/program.ts'
import type { RawClient } from '../support/raw-client.ts'
import { SeededRandom } from '../support/seeded-random.ts'
import { nonce, PASSWORD } from '../support/server.ts'

beforeEach(({ skip }) => skip(!LocalCluster.isPossible, CLUSTER_LACKS))

/** Real nodes, and a real NATS server whose messages can be lost. */
async function start(count: number) {
  const nats = await startNats()
  const lossy = await LossyNats.before(nats.port)
  onTestFinished(() => lossy.close())
  const cluster = await LocalCluster.start(count, { node: ['--bus', lossy.url] })
  onTestFinished(() => cluster.stop())
  return { nats, lossy, cluster }
}

test('whatever happens at one node the other obeys and tells, though no hint of it comes', async () => {
  const { lossy, cluster } = await start(2)
  const [one, two] = cluster.nodes
  if (one === undefined || two === undefined) throw new Error('too few')
  const register = async (name: string, port: number) => {
    const client = await clientOf(port)
    const { token } = await client.ask({ type: 'register', name, password: PASSWORD })
    return Object.assign(client, { token })
  }
  const ann = await register('ann', one.port)
  const [bob, cat, dan, eve] = await Promise.all(
    ['bob', 'cat', 'dan', 'eve'].map((name) => register(name, two.port)),
  )
  if (!bob || !cat || !dan || !eve) throw new Error('too few')
  const made = await ann.ask({ type: 'createGroup', nonce: nonce(), name: 'ops', members: ['bob'] })
  const group = made.group?.id ?? ''
  await bob.push('groupCreated')
  const send = (to: string, text: string) =>
    ann.ask({ type: 'sendDirect', to, nonce: nonce(), text })
  await send('bob', 'still heard')
  await bob.push('directEntry', ({ entry }) => entry?.text === 'still heard')

  lossy.loses = () => true
  await send('bob', 'not heard')
  await send('eve', 'the first ever')
  await ann.ask({ type: 'sendGroup', group: 'lobby', nonce: nonce(), text: 'to all' })
  await ann.ask({ type: 'createGroup', nonce: nonce(), name: 'new', members: ['eve'] })
  await ann.ask({ type: 'removeMember', group, user: 'bob', ban: true })
  const again = await clientOf(one.port)
  await again.ask({ type: 'logIn', token: cat.token })
  await again.ask({ type: 'logOut' })
  await admin(one.folder, 'kick', 'dan')
  const heard = (client: RawClient, text: string) => [
    client.push('directEntry', ({ entry }) => entry?.text === text),
    client.push('groupEntry', ({ entry }) => entry?.text === 'to all'),
  ]
  await Promise.all([
    ...heard(bob, 'not heard'),
    bob.push('groupEntry', ({ entry }) => entry?.kind === 'banned'),
    ...heard(eve, 'the first ever'),
    eve.push('groupEntry', ({ entry }) => entry?.kind === 'added'),
    expect(cat.closed).resolves.toBe('revoked'),
    expect(dan.closed).resolves.toBe('revoked'),
  ])
  await admin(one.folder, 'ban', 'eve', 'enough')
  expect(await eve.closed).toBe('revoked')
  expect(lossy.lost).toBeGreaterThan(0)
})

test('with half of all hints lost, and NATS killed now and then, everything comes, once, in order', async () => {
  const { nats, lossy, cluster } = await start(3)
  const random = new SeededRandom(6)
  lossy.loses = () => random.chance(0.5)
  const crowd = await Crowd.gather(cluster)
  for (let round = 0; round < 3; round += 1) {
    await crowd.goesOn()
    await nats.kill()
    await crowd.goesOn()
    await nats.start()
  }
  await crowd.ends()
  expect(lossy.lost).toBeGreaterThan(0)
})

async function admin(folder: string, ...verb: readonly string[]): Promise<void> {
  const { code, stderr } = await run(['admin', ...verb, '--data', folder], { HOME: folder })
  expect(code, stderr).toBe(0)
}
