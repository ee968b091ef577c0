import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { LocalCluster } from '../../deploy/cluster/local.ts'
import type { Entry } from '../../src/protocol/messages.ts'
import { Chatter } from './crash/chatter.ts'
import { RawClient } from './raw-client.ts'
import { PASSWORD } from './server.ts'
import { wholeLog } from './whole-log.ts'

const NAMES = ['ann', 'ben', 'cat', 'dan']
/** Who does not answer in that time is passed over. */
const ANSWER_MS_MAX = 1_000
/** Who waited for an answer of a node that stands still goes elsewhere after a while. */
const ACKNOWLEDGED = 20

export const CLUSTER_LACKS = 'needs PostgreSQL and nats-server: see .ci/run'

/** A cluster of real processes that ends with the test. */
export async function startCluster(nodes: number): Promise<LocalCluster> {
  const cluster = await LocalCluster.start(nodes)
  onTestFinished(() => cluster.stop())
  return cluster
}

/** People who talk in #lobby, each at whichever node answers, for as long as the test goes on. */
export class Crowd {
  readonly chatters: readonly Chatter[]
  #doors: Doors

  private constructor(doors: Doors) {
    this.#doors = doors
    this.chatters = NAMES.map((name) => new Chatter(name, doors, [{ kind: 'group', id: 'lobby' }]))
  }

  static async gather(cluster: LocalCluster): Promise<Crowd> {
    const crowd = new Crowd(new Doors(cluster))
    onTestFinished(async () => {
      await Promise.all(crowd.chatters.map((chatter) => chatter.close()))
    })
    for (const chatter of crowd.chatters) await chatter.register()
    for (const chatter of crowd.chatters) chatter.begin()
    return crowd
  }

  /** Until everybody has had so much more acknowledged. */
  async goesOn(): Promise<void> {
    const done = ({ said, client }: Chatter) => said.length - client.outbox.length
    const before = this.chatters.map(done)
    const further = () =>
      this.chatters.every((one, at) => done(one) >= (before[at] ?? 0) + ACKNOWLEDGED)
    await expect.poll(further).toBe(true)
  }

  /** Everybody ends, and then: what was acknowledged is there, once, in order, and was told so. */
  async ends(): Promise<void> {
    const { chatters } = this
    for (const chatter of chatters) chatter.finish()
    await expect.poll(() => chatters.every(({ heard }) => heard)).toBe(true)
    const { id, log } = await this.#lobby()
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
  }

  async #lobby() {
    const client = await this.#doors.connect()
    await client.ask({ type: 'logIn', name: 'ann', password: PASSWORD, device: 'test' })
    const { heads } = await client.ask({ type: 'sync' })
    const id = heads.find(({ name }) => name === 'lobby')?.conversation ?? ''
    const log = await wholeLog(client, id)
    client.end()
    return { id, log }
  }
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
    return clientOf(await this.up())
  }
}

/** A client of the node at that port. */
export async function clientOf(port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return new RawClient(socket)
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
