import { beforeAll, describe, expect, test } from 'vitest'
import { LocalCluster } from '../../deploy/cluster/local.ts'
import { CLUSTER_LACKS, clientOf } from '../support/cluster-crowd.ts'
import { Gate } from '../support/gate.ts'
import type { RawClient } from '../support/raw-client.ts'
import { nonce, PASSWORD } from '../support/server.ts'

describe.skipIf(!LocalCluster.isPossible)(`two nodes race (${CLUSTER_LACKS})`, () => {
  let cluster: LocalCluster
  beforeAll(async () => {
    cluster = await LocalCluster.start(2)
    return () => cluster.stop()
  })

  /** A guest of each node. */
  async function guests(): Promise<readonly [RawClient, RawClient]> {
    const [one, other] = await Promise.all(cluster.nodes.map(({ port }) => clientOf(port)))
    if (one === undefined || other === undefined) throw new Error('too few')
    return [one, other]
  }

  /** Two people, each at a node of their own; of one name: one person at both. */
  async function people(a: string, b: string) {
    const [one, other] = await guests()
    const { user } = await one.ask({ type: 'register', name: a, password: PASSWORD, device: 'e2e' })
    const them = { name: b, password: PASSWORD, device: 'e2e' }
    await other.ask(a === b ? { type: 'logIn', ...them } : { type: 'register', ...them })
    return { one, other, id: user?.id ?? '' }
  }

  /** Both at once: each has read that nothing is there yet, or waits for the one that has. */
  async function race<T>(...tasks: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
    const gate = await Gate.shut(cluster.store)
    const running = Promise.all(tasks.map((task) => task()))
    running.catch(() => undefined)
    try {
      await gate.holds(tasks.length)
    } finally {
      await gate.open()
    }
    return running
  }

  test('for one nonce: both are told of the same entry', async () => {
    const { one, other } = await people('ann', 'ann')
    const text = { type: 'sendGroup', group: 'lobby', nonce: nonce(), text: 'once' } as const
    const [first, second] = await race(
      () => one.ask(text),
      () => other.ask(text),
    )
    expect(first?.seq).toBeGreaterThan(0)
    expect(second).toMatchObject({ conversation: first?.conversation, seq: first?.seq })
    const conversation = first?.conversation ?? ''
    const { entries } = await one.ask({ type: 'getPage', conversation, limit: 500 })
    expect(entries.filter((entry) => entry.text === 'once')).toHaveLength(1)
  })

  test('for one group name: one has it', async () => {
    const { one, other } = await people('bea', 'bob')
    const make = (client: RawClient) => () =>
      client.ask({ type: 'createGroup', nonce: nonce(), name: 'ops', members: [] }).then(
        ({ group }) => group?.name,
        ({ message }: Error) => message.replace(/:.*/, ''),
      )
    const outcomes = await race(make(one), make(other))
    expect([...outcomes].sort()).toEqual(['nameTaken', 'ops'])
  })

  test('for one direct conversation: both are in the same', async () => {
    const { one, other } = await people('cid', 'cat')
    const [first, second] = await race(
      () => one.ask({ type: 'sendDirect', to: 'cat', nonce: nonce(), text: 'hello' }),
      () => other.ask({ type: 'sendDirect', to: 'cid', nonce: nonce(), text: 'hi' }),
    )
    expect(first?.conversation).toBe(second?.conversation)
    expect([first?.seq, second?.seq].sort()).toEqual([1, 2])
  })

  test('for one user name: one has it', async () => {
    const clients = await guests()
    const outcomes = await race(
      ...clients.map((client) => () => {
        const asked = { type: 'register', name: 'dan', password: PASSWORD, device: 'e2e' } as const
        return client.ask(asked).then(
          ({ user }) => user?.name,
          ({ message }: Error) => message.replace(/:.*/, ''),
        )
      }),
    )
    expect([...outcomes].sort()).toEqual(['dan', 'nameTaken'])
  })

  test('for the cursors of one person: they never go back', async () => {
    const { one, other } = await people('eve', 'eve')
    const { one: writer } = await people('fay', 'fay')
    const say = (text: string) =>
      writer.ask({ type: 'sendDirect', to: 'eve', nonce: nonce(), text })
    const { conversation } = await say('1')
    for (const text of ['2', '3', '4']) await say(text)
    const gate = await Gate.shut(cluster.store)
    const mark = { type: 'mark', conversation } as const
    const further = one.ask({ ...mark, delivered: 4, read: 4 })
    await gate.holds(1)
    const back = other.ask({ ...mark, delivered: 2, read: 2 })
    await gate.holds(2)
    await gate.open()
    await Promise.all([further, back])
    const read = async () => {
      const { heads } = await other.ask({ type: 'sync', conversations: [conversation] })
      return heads[0]?.read
    }
    await expect.poll(read).toBe(4)
  })
})
