/**
 * `npm run soak`: the loops of the tests that look for broken promises, for as long or as often as
 * one likes. Ends with 1 at the first violation, and says how to see it again.
 *
 *   npm run soak -- --minutes 60              all loops in turn, for an hour
 *   npm run soak -- --kills 1000              a real server is killed so often under load
 *   npm run soak -- --seeds 10000             so many small worlds with links that misbehave
 *   npm run soak -- --frames 100000000        so many frames, damaged or not, are decoded
 *   npm run soak -- --attacks 100000          so many connections attack a live server
 *   --seed N                                  the first seed; 1 unless given
 */
import { parseArgs } from 'node:util'
import { crashRun } from '../test/support/crash/crash-run.ts'
import { fuzzCodec } from '../test/support/fuzz/fuzz-codec.ts'
import { fuzzServer } from '../test/support/fuzz/fuzz-server.ts'
import { heldBytes } from '../test/support/memory.ts'
import { simulate } from '../test/support/simulation/simulate.ts'

/** Worlds at a time: they mostly wait. */
const LANES = 8
const WORLDS = 5 * LANES
const FRAMES = 200_000
const PROGRESS_MS = 5_000
const GROWN_BYTES_MAX = 16 * 1_048_576

/** One loop: does a portion of its work from that seed on, and answers how much. */
type Loop = Readonly<{
  what: string
  portion: (seed: number, most: number) => Promise<number>
  /** Seeds that a portion uses, and how to see one of them again. */
  seeds: number
  replay: (seed: number) => string
}>

const loops = {
  kills: {
    what: 'kills under load',
    seeds: 1,
    portion: async (seed, most) => (await crashRun({ seed, kills: Math.min(most, 20) })).kills,
    replay: (seed) => `npm run soak -- --kills 20 --seed ${seed}`,
  },
  seeds: {
    what: 'seeds of the simulation',
    seeds: WORLDS,
    portion: async (seed, most) => {
      const count = Math.min(most, WORLDS)
      for (let at = 0; at < count; at += LANES) {
        const lanes = Array.from({ length: Math.min(LANES, count - at) }, (_, lane) => at + lane)
        await Promise.all(lanes.map((lane) => simulate(seed + lane)))
      }
      return count
    },
    replay: (seed) => `TCHAT_SEED=${seed} npx vitest run test/net/simulation.test.ts`,
  },
  frames: {
    what: 'frames',
    seeds: 1,
    portion: async (seed, most) => fuzzCodec(seed, Math.min(most, FRAMES)).frames,
    replay: (seed) => `npm run soak -- --frames ${FRAMES} --seed ${seed}`,
  },
  attacks: {
    what: 'attacks on a live server',
    seeds: 1,
    portion: async (seed, most) => {
      const wanted = Math.min(most, 5_000)
      const { attacks, grownBytes } = await fuzzServer({ seed, goOn: (done) => done < wanted })
      if (grownBytes > GROWN_BYTES_MAX) throw new Error(`memory grew by ${grownBytes} bytes`)
      return attacks
    },
    replay: (seed) => `npm run soak -- --attacks 5000 --seed ${seed}`,
  },
} as const satisfies Record<string, Loop>

type Name = keyof typeof loops
type Done = Map<Name, number>

const names = Object.keys(loops) as Name[]
const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seed: { type: 'string', default: '1' },
    ...(Object.fromEntries(names.map((name) => [name, { type: 'string' }])) as Record<
      Name,
      { type: 'string' }
    >),
  },
})

const first = whole('seed') ?? 1
const minutes = whole('minutes')
const wanted = new Map(
  names.flatMap((name): [Name, number][] => {
    const count = whole(name)
    return count === undefined ? [] : [[name, count]]
  }),
)
const done: Done = new Map()
const began = performance.now()
let toldAt = began

if (wanted.size === 0 && minutes === undefined) {
  console.error(
    'soak: say how long (--minutes N) or how often (--kills, --seeds, --frames, --attacks)',
  )
  process.exit(2)
}
if (wanted.size > 0) for (const [name, count] of wanted) await run(name, count)
else await runInTurn((minutes ?? 0) * 60_000)
summarise()

/** So many, or until the time is over. */
async function run(name: Name, count: number): Promise<void> {
  let seed = first
  while ((done.get(name) ?? 0) < count && !isOver()) {
    await portion(name, seed, count - (done.get(name) ?? 0))
    seed += loops[name].seeds
  }
}

async function runInTurn(ms: number): Promise<void> {
  const seeds = new Map(names.map((name) => [name, first]))
  while (performance.now() - began < ms) {
    for (const name of names) {
      const seed = seeds.get(name) ?? first
      await portion(name, seed, Number.POSITIVE_INFINITY)
      seeds.set(name, seed + loops[name].seeds)
    }
  }
}

async function portion(name: Name, seed: number, most: number): Promise<void> {
  const { portion, replay } = loops[name]
  try {
    done.set(name, (done.get(name) ?? 0) + (await portion(seed, most)))
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    // A world says its own seed, of those that ran at the same time.
    const own = Number(/TCHAT_SEED=(\d+)/.exec(text)?.[1] ?? seed)
    console.error(`\nBROKEN (${name}, seed ${own}): ${text}\n\nSee it again: ${replay(own)}`)
    summarise()
    process.exit(1)
  }
  progress()
}

function isOver(): boolean {
  return minutes !== undefined && performance.now() - began > minutes * 60_000
}

function progress(): void {
  if (performance.now() - toldAt < PROGRESS_MS) return
  toldAt = performance.now()
  console.error(`${seconds()} s: ${counts()}; ${(heldBytes() / 1_048_576).toFixed(0)} MiB held`)
}

function summarise(): void {
  console.log(`${counts()} in ${seconds()} s`)
}

function counts(): string {
  return [...done].map(([name, count]) => `${count} ${loops[name].what}`).join(', ')
}

function seconds(): string {
  return ((performance.now() - began) / 1_000).toFixed(0)
}

/** A whole number given as that option. */
function whole(name: Name | 'minutes' | 'seed'): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  console.error(`soak: --${name} '${text}' is not a whole number above 0`)
  process.exit(2)
}
