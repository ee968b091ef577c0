import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { LocalCluster } from '../../deploy/cluster/local.ts'
import type { Entry } from '../../src/protocol/messages.ts'
import { Chatter } from '../support/crash/chatter.ts'
import { RawClient } from '../support/raw-client.ts'
import { PASSWORD } from '../support/server.ts'
import { wholeLog } from '../support/whole-log.ts'

const NAMES = ['ann', 'ben', 'cat', 'dan']

test('with every part of a cluster killed, frozen or gone for a while, what was acknowledged is there, once, in order', async ({
  skip,
}) => {
  skip(!LocalCluster.isPossible, 'needs PostgreSQL and nats-server: see .ci/run')
  const cluster = await LocalCluster.start(3)
  onTestFinished(() => cluster.stop())
  const [one, two, three] = cluster.nodes
  if (one === undefined || two === undefined || three === undefined) throw new Error('too few')
  const doors = new Doors(cluster)
  const chatters = NAMES.map((name) => {
    return new Chatter(name, doors, [{ kind: 'group', id: 'lobby' }])
  })
  onTestFinished(async () => {
    await Promise.all(chatters.map((chatter) => chatter.close()))
  })
  for (const chatter of chatters) await chatter.register()
  for (const chatter of chatters) chatter.begin()
  const goesOn = () => progress(chatters)
  await goesOn()
  await one.kill()
  await goesOn()
  await one.start()
  await cluster.killNats()
  await goesOn()
  await cluster.startNats()
  cluster.killPostgres()
  cluster.startPostgres()
  await goesOn()
  two.freeze()
  await goesOn()
  two.thaw()
  await three.stop()
  await goesOn()
  await three.start()
  await goesOn()
  for (const chatter of chatters) chatter.finish()
  await expect.poll(() => chatters.every(({ heard }) => heard)).toBe(true)
  const { id, log } = await lobby(doors)
  const ends = () => chatters.map(({ told }) => told.get(id)?.at(-1)?.seq)
  await expect.poll(ends).toEqual(chatters.map(() => log.length))
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, at) => at + 1))
  for (const { name, said, told } of chatters) {
    const texts = log.flatMap(({ text }) => (text.startsWith(`${name} `) ? [text] : []))
    expect(texts, name).toEqual(said)
    // Who was away for long is told the end; in order, and nothing twice.
    const known = told.get(id) ?? []
    expect(new Set(known.map(({ seq }) => seq)).size, name).toBe(known.length)
    expect(known.map(essence), name).toEqual(
      log.filter(({ seq }) => known.some((one) => one.seq === seq)).map(essence),
    )
  }
})

/** Who does not answer in that time is passed over. */
const ANSWER_MS_MAX = 1_000
/** Who waited for an answer of a node that stands still goes elsewhere after a while. */
const ACKNOWLEDGED = 20

/** Everybody has had so much more acknowledged. */
async function progress(chatters: readonly Chatter[]): Promise<void> {
  const done = ({ said, client }: Chatter) => said.length - client.outbox.length
  const before = chatters.map(done)
  const further = () => chatters.every((one, at) => done(one) >= (before[at] ?? 0) + ACKNOWLEDGED)
  await expect.poll(further).toBe(true)
}

/** As behind a load balancer: any node that answers. */
class Doors {
  #cluster: LocalCluster
  #next = 0

  constructor(cluster: LocalCluster) {
    this.#cluster = cluster
  }

  async up(): Promise<number> {
    for (;;) {
      this.#next += 1
      const node = this.#cluster.nodes[this.#next % this.#cluster.nodes.length]
      if (node !== undefined && (await answers(node.port))) return node.port
      await delay(10)
    }
  }

  async connect(): Promise<RawClient> {
    const socket = connect({ port: await this.up(), host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new RawClient(socket)
  }
}

/** As a check of health does: who stands still takes connections, but says nothing. */
async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  const guest = new RawClient(socket)
  try {
    await once(socket, 'connect')
    const answered = guest.barrier().then(() => true)
    return await Promise.race([answered, delay(ANSWER_MS_MAX, false)])
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

function essence({ seq, from, text }: Entry): string {
  return `${seq} ${from} ${text}`
}

async function lobby(doors: Doors) {
  const client = await doors.connect()
  await client.ask({ type: 'logIn', name: 'ann', password: PASSWORD, device: 'test' })
  const { heads } = await client.ask({ type: 'sync' })
  const id = heads.find(({ name }) => name === 'lobby')?.conversation ?? ''
  const log = await wholeLog(client, id)
  client.end()
  return { id, log }
}
