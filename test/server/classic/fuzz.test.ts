import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import type { Log } from '../../../src/server/log.ts'
import type { RunningServer } from '../../../src/server/serve.ts'
import { ClassicClient, type Fields, packet } from '../../support/classic-client.ts'
import { damaged } from '../../support/fuzz/damage.ts'
import { heldBytes } from '../../support/memory.ts'
import { PATIENCE_MS } from '../../support/patience.ts'
import { SeededRandom } from '../../support/seeded-random.ts'
import { serveHere } from '../../support/sockets.ts'

const BOX_MS = 2_000
const ATTACKS_MIN = 2_000
const WARM_UP = 800
const LANES = 8
const GROWN_BYTES_MAX = 2_000_000
const CALM_MS_MAX = PATIENCE_MS

const VALUES: readonly unknown[] = [
  '',
  'ann',
  'bob',
  '~u3',
  '~c1',
  '~c2',
  'lobby',
  '#',
  'x'.repeat(9_000),
  '\u0000',
  '\ud800',
  '💬',
  null,
  0,
  -1,
  1e99,
  true,
  [],
  {},
  [[]],
  ['bob'],
  ['~u3', 'nobody'],
  [null],
  { a: { b: 1 } },
]
const NAMES = [
  'userName',
  'password',
  'toUserId',
  'message',
  'userIdList',
  'groupId',
  'toGroupId',
  '__proto__',
  'constructor',
  'type',
]

test('hostile packets end at most their own connection; two who talk notice nothing', async () => {
  const faults: string[] = []
  const unlimited = 1e9
  const rates = {
    messagesPerSecond: unlimited,
    messagesBurst: unlimited,
    failedLogInsPerAccount: unlimited,
    failedLogInsPerAddress: unlimited,
    passwordsPerAccount: unlimited,
    newConnectionsPerSecond: unlimited,
    openConnections: unlimited,
  }
  const server = await serveHere({ classic: true, rates, log: logTo(faults) })
  const talk = await begin(server.port)
  const random = new SeededRandom(Number(process.env['TCHAT_SEED'] ?? 1))
  let attacks = 0
  const attack = async (goOn: () => boolean) => {
    const lane = async () => {
      while (goOn()) {
        attacks += 1
        if (attacks % 20 === 0) await talk()
        else await attackOnce(server.port, random.fork())
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    await calm(server)
  }
  await attack(() => attacks < WARM_UP)
  const before = heldBytes()
  const end = performance.now() + BOX_MS
  await attack(() => attacks < ATTACKS_MIN || performance.now() < end)
  await talk()
  expect(heldBytes() - before).toBeLessThan(GROWN_BYTES_MAX)
  expect(attacks).toBeGreaterThanOrEqual(ATTACKS_MIN)
  expect(faults).toEqual([])
})

/** Only the two are still there. */
async function calm(server: RunningServer): Promise<void> {
  const deadline = performance.now() + CALM_MS_MAX
  while (server.connected().connections > 2) {
    expect(performance.now(), 'others are still there').toBeLessThan(deadline)
    await new Promise(setImmediate)
  }
}

/** Zhang says something to Li, who gets exactly that. */
async function begin(port: number): Promise<() => Promise<void>> {
  const zhang = await (await ClassicClient.connect(port)).logIn('zhang')
  const li = await (await ClassicClient.connect(port)).logIn('li')
  let said = 0
  return async () => {
    said += 1
    // The attackers know the id.
    zhang.received.splice(0)
    const message = `${said}`
    zhang.send(3, { toUserId: 'li', message })
    expect(await li.expect(4)).toMatchObject({ fromUserName: 'zhang', message })
  }
}

async function attackOnce(port: number, random: SeededRandom): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const client = new ClassicClient(socket)
  const name = `mallory${random.below(5)}`
  if (random.chance(0.7)) client.send(1, { userName: name, password: 'pwd' })
  for (let count = 1 + random.below(8); count > 0; count -= 1) {
    const bytes = damaged(somePacket(random), random)
    const cut = random.below(bytes.length + 1)
    client.raw(bytes.subarray(0, cut))
    if (random.chance(0.3)) await new Promise(setImmediate)
    client.raw(bytes.subarray(cut))
  }
  if (random.chance(0.2)) socket.resetAndDestroy()
  else socket.end()
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
}

function somePacket(random: SeededRandom): Buffer {
  const command = random.chance(0.9) ? 1 + 2 * random.below(9) : random.below(256)
  if (random.chance(0.3)) return packet(command, sound(command, random))
  const fields = Array.from({ length: random.below(5) }, () => [
    random.pick(NAMES),
    random.pick(VALUES),
  ])
  return packet(command, JSON.stringify(Object.fromEntries(fields)))
}

/** All the fields there are, with values of the right type. */
function sound(command: number, random: SeededRandom): Fields {
  const target = random.pick(['bob', '~u3', '~c1', '~c2', 'nobody', 'mallory1'])
  if (command === 1) return { userName: `mallory${random.below(5)}`, password: 'pwd' }
  const message = random.pick(['hello', '', 'x'.repeat(8_192), '"\u001b[2J'])
  return { toUserId: target, toGroupId: target, groupId: target, userIdList: [target], message }
}

function logTo(faults: string[]): Log {
  const ignore = () => undefined
  return {
    debug: ignore,
    info: ignore,
    warn: (text, details) => faults.push(`${text}: ${JSON.stringify(details)}`),
    error: (text, details) => faults.push(`${text}: ${JSON.stringify(details)}`),
  }
}
