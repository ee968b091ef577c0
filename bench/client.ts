import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { pour } from './client/pour.ts'
import type { Beside } from './client/room.ts'
import { runTask, taskCommand } from './client/run-task.ts'
import type { SeatSize } from './client/seat.ts'
import type { ClientTask } from './client/task.ts'
import { TerminalWindow } from './client/terminal-window.ts'
import { hasWeechat, Weechat } from './client/weechat.ts'
import type { Bench, Figure } from './figure.ts'
import { compared, median, quantile } from './measure.ts'

/**
 * What the full-screen client costs: from a key to the bytes on the terminal, processor time while
 * 1,000 messages a second come, memory after 100,000 of them, time to the first frame. Measured of
 * `dist/`, which `npm run bench` builds before.
 */
export const bench: Bench = { name: 'client', unit: 'less is better', run }

const PER_SECOND = 1_000
const PRESSES = 300
const MESSAGES = 100_000
const SMALL: SeatSize = { columns: 80, rows: 24 }
const LARGE: SeatSize = { columns: 200, rows: 60 }
const FEW = { groups: 5, people: 5, members: 0 }
const MANY = { groups: 2_500, people: 2_500, members: 1_000 }
/** Of each program in turn. */
const ROUNDS = 3
const WARM_UP_MS = 2_000
const ROUND_MS = 4_000
/** How often the client draws when it is busy: a bare loop writes as often. */
const EVERY_MS = 60
const STARTS = 7
const PROGRAM = fileURLToPath(new URL('../bin/tchat.js', import.meta.url))

async function run(): Promise<readonly Figure[]> {
  if (!hasWeechat()) {
    process.stderr.write(
      'there is no weechat here (apt-get install weechat-curses): its rows are left out\n',
    )
  }
  const figures: Figure[] = []
  for (const size of [SMALL, LARGE]) figures.push(...(await keyFigures(size)))
  for (const size of [SMALL, LARGE]) figures.push(...(await displayFigures(size)))
  for (const size of [SMALL, LARGE]) figures.push(...(await memoryFigures(size)))
  figures.push(await firstFrameFigure())
  return figures
}

// --- Keys -----------------------------------------------------------------------------------------

async function keyFigures(size: SeatSize): Promise<readonly Figure[]> {
  const keys = { kind: 'keys', size, presses: PRESSES } as const
  const bare = await runTask({ ...keys, beside: FEW, perSecond: 0, bare: true })
  const figures: Figure[] = []
  const measure = async (what: string, beside: Beside, perSecond: number) => {
    const times = await runTask({ ...keys, beside, perSecond, bare: false })
    for (const [name, at] of [
      ['p50', 0.5],
      ['p95', 0.95],
    ] as const) {
      const [ours, ceiling] = [quantile(times, at) * 1_000, quantile(bare, at) * 1_000]
      const title = `${sizeWords(size)}: key to bytes, ${what}, ${name}, µs`
      figures.push({
        what: title,
        ours,
        ceiling,
        ratio: ours / ceiling,
        beside: 'bare Ink, as many rows',
      })
    }
  }
  await measure('idle', FEW, 0)
  await measure(`${PER_SECOND} messages/s`, FEW, PER_SECOND)
  await measure('the same among 5,000 conversations', MANY, PER_SECOND)
  return figures
}

// --- Processor time -------------------------------------------------------------------------------

async function displayFigures(size: SeatSize): Promise<readonly Figure[]> {
  const costs = { ours: [] as number[], weechat: [] as number[], writes: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    const { cost, bytes } = await costOf(size, { kind: 'display', perSecond: PER_SECOND })
    costs.ours.push(cost)
    const everyMs = EVERY_MS
    costs.writes.push(
      (await costOf(size, { kind: 'writes', bytes: Math.round(bytes * everyMs), everyMs })).cost,
    )
    if (hasWeechat()) costs.weechat.push(await weechatCost(size))
  }
  const what = `${sizeWords(size)}: processor time of ${PER_SECOND} messages, µs`
  const figure = (others: readonly number[], beside: string): Figure => {
    return { what, ...compared(costs.ours, others), beside }
  }
  return [
    ...(hasWeechat() ? [figure(costs.weechat, 'weechat, same texts')] : []),
    figure(costs.writes, 'a loop that writes as many bytes'),
  ]
}

type Cost = Readonly<{
  /** µs for PER_SECOND messages. */ cost: number /** In a millisecond. */
  bytes: number
}>

async function costOf(size: SeatSize, task: ClientTask): Promise<Cost> {
  const env = { TERM: 'xterm-256color', LANG: 'C.UTF-8', PATH: process.env['PATH'] ?? '' }
  const window = new TerminalWindow(taskCommand(task), size, env)
  try {
    return await measured(window)
  } finally {
    await window.close()
  }
}

async function weechatCost(size: SeatSize): Promise<number> {
  const weechat = await Weechat.start(size)
  const stop = pour(PER_SECOND, (count) => weechat.server.say(count))
  try {
    return (await measured(weechat.window)).cost
  } finally {
    stop()
    await weechat.stop()
  }
}

async function measured(window: TerminalWindow): Promise<Cost> {
  await setTimeout(WARM_UP_MS)
  const [cpu, bytes, start] = [window.cpuMs, window.bytes, performance.now()]
  await setTimeout(ROUND_MS)
  const ms = performance.now() - start
  return { cost: ((window.cpuMs - cpu) / ms) * 1e6, bytes: (window.bytes - bytes) / ms }
}

// --- Memory ---------------------------------------------------------------------------------------

async function memoryFigures(size: SeatSize): Promise<readonly Figure[]> {
  const [heap = 0, resident = 0] = await runTask({ kind: 'memory', size, messages: MESSAGES })
  const what = `${sizeWords(size)}: memory that ${MESSAGES.toLocaleString('en-GB')} messages leave, KiB`
  // What is let go can be less than what was there.
  const kib = (bytes: number) => Math.max(1, bytes / 1_024)
  const [ours, ceiling] = [kib(heap), kib(20 * 2 ** 20)]
  const rest = { ceiling, beside: 'the most that is allowed, 20 MiB' }
  return [
    { what: `${what}, on the heap`, ours, ratio: ours / ceiling, ...rest },
    { what: `${what}, resident`, ours: kib(resident), ratio: kib(resident) / ceiling, ...rest },
  ]
}

// --- The first frame ------------------------------------------------------------------------------

/** On the start screen, which is written as a whole. */
const FULL = 'Host here'

async function firstFrameFigure(): Promise<Figure> {
  const [ours, ceiling] = [[] as number[], [] as number[]]
  for (let start = -1; start < STARTS; start++) {
    const one = await timeTo([process.execPath, PROGRAM], FULL)
    const other = await timeTo(
      [process.execPath, '--eval', `process.stdout.write('${FULL}')`],
      FULL,
    )
    if (start < 0) continue
    ours.push(one)
    ceiling.push(other)
  }
  const [time, bare] = [median(ours), median(ceiling)]
  const what = '80x24: from the start of the process to the first frame, µs'
  return {
    what,
    ours: time,
    ceiling: bare,
    ratio: time / bare,
    beside: 'a bare Node that writes a word',
  }
}

async function timeTo(command: readonly string[], shown: string): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'tchat-bench-'))
  const env = {
    HOME: home,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    PATH: process.env['PATH'] ?? '',
  }
  const window = new TerminalWindow(command, SMALL, env)
  try {
    return ((await window.shows(shown)) - window.started) * 1_000
  } finally {
    await window.close()
    rmSync(home, { recursive: true, force: true })
  }
}

function sizeWords({ columns, rows }: SeatSize): string {
  return `${columns}x${rows}`
}
