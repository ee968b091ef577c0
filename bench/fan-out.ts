import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadIdentity } from '../src/server/identity.ts'
import { serve } from '../src/server/serve.ts'
import { BareServer } from './bare-server.ts'
import type { Bench, Figure } from './figure.ts'
import { Load } from './load/load.ts'
import { type CrowdTask, GROUP } from './load/task.ts'
import { compared } from './measure.ts'
import { LIFTED_RATES, populate } from './population.ts'

/**
 * One member writes to a group and every member gets it, through the real server with every message
 * durable, beside a bare fan-out of the same bytes over the same kind of sockets. The servers run
 * here; their members in processes of their own. Limits of rule 14 are lifted.
 */
export const bench: Bench = { name: 'fan-out', unit: 'deliveries per second', run }

const ROUNDS = 7
const WARM_UP_ROUNDS = 2
/** Members of the group, and messages of one round. */
const SIZES = [
  [10, 20_000],
  [100, 5_000],
  [1_000, 500],
] as const

type Setting = Readonly<{ words: string; tls: boolean; marks: boolean }>

/** As shipped first: TLS, and everyone says what was delivered. */
const SETTINGS: readonly Setting[] = [
  { words: 'as shipped', tls: true, marks: true },
  { words: 'plain', tls: false, marks: false },
]

async function run(): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const setting of SETTINGS) {
    for (const [members, messages] of SIZES) {
      figures.push(...(await figuresOf(setting, members, messages)))
    }
  }
  return figures
}

async function figuresOf(
  setting: Setting,
  members: number,
  messages: number,
): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tchat-bench-'))
  const tokens = await populate(folder, members, GROUP)
  const identity = setting.tls ? await loadIdentity(folder, undefined) : undefined
  const server = await serve({ host: '127.0.0.1', port: 0, folder, rates: LIFTED_RATES })
  const bare = new BareServer(identity)
  try {
    const task = {
      kind: 'crowd',
      ...setting,
      port: server.port,
      tokens,
      members,
      messages,
    } as const
    const bareTask = { ...task, port: await bare.listen(), tokens: [], marks: false }
    return figuresFrom(setting, members, ...(await measure(task, bareTask)))
  } finally {
    bare.close()
    await server.close()
    await rm(folder, { recursive: true })
  }
}

function figuresFrom(
  { words, tls }: Setting,
  members: number,
  ours: Rounds,
  bare: Rounds,
): readonly Figure[] {
  const beside = `bare Node, ${tls ? 'TLS' : 'TCP'}`
  return [
    { what: `${words}, ${members} members`, ...compared(ours.rates, bare.rates), beside },
    {
      what: '… for each second of the server’s processor time',
      ...compared(ours.processorRates, bare.processorRates),
      beside,
    },
  ]
}

/** Rounds of both in turns; while one is measured the other's members are silent. */
async function measure(task: CrowdTask, bareTask: CrowdTask): Promise<readonly [Rounds, Rounds]> {
  const ours = new Rounds(task, await Load.start(task))
  const bare = new Rounds(bareTask, await Load.start(bareTask))
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const each of [ours, bare]) await each.measure(round >= 0)
  }
  for (const each of [ours, bare]) await each.load.stop()
  return [ours, bare]
}

class Rounds {
  readonly load: Load
  /** Deliveries in a second. */
  readonly rates: number[] = []
  /** Deliveries in a second of this process's processor time, all threads together. */
  readonly processorRates: number[] = []
  #deliveries: number

  constructor({ members, messages }: CrowdTask, load: Load) {
    this.load = load
    this.#deliveries = members * messages
  }

  async measure(counts: boolean): Promise<void> {
    const before = process.cpuUsage()
    const { seconds } = await this.load.round()
    const { user, system } = process.cpuUsage(before)
    if (!counts) return
    this.rates.push(this.#deliveries / seconds)
    this.processorRates.push(this.#deliveries / ((user + system) / 1e6))
  }
}
