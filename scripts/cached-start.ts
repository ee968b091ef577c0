import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCache } from '../src/net/files/cache-folder.ts'
import { SessionFolder } from '../src/net/files/sessions.ts'
import type { Entry } from '../src/protocol/messages.ts'
import { PLAIN_ENTRY } from '../test/support/plain.ts'
import { PROGRAM, Pty } from '../test/support/pty.ts'
import { headOf } from '../test/support/scripted-world.ts'

/**
 * How long the built program takes from its start to a full screen, with 50 conversations of 1,000
 * entries in the cache and no server; beside it, to its first screen without a cache.
 * `node scripts/cached-start.ts [starts]`
 */
const CONVERSATIONS = 50
const ENTRIES = 1_000
const SERVER = '127.0.0.1:1'
const ME = { id: '~me', name: 'me' }
const LAST = { last: ENTRIES, n: ENTRIES, read: ENTRIES, readN: ENTRIES, delivered: ENTRIES }
const [starts = '9'] = process.argv.slice(2)

const folder = mkdtempSync(join(tmpdir(), 'tchat-cached-'))
try {
  await fill(join(folder, 'state', 'tchat'))
  const cached = await measure('the newest of room-0', ['connect', SERVER, '--plaintext'], 'state')
  const bare = await measure('Host here', [], 'empty')
  process.stdout.write(
    `full screen from the cache: ${cached} ms; first screen without: ${bare} ms\n`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function fill(stateFolder: string): Promise<void> {
  const session = { server: SERVER, plaintext: true, user: ME, token: Buffer.alloc(32), usedAt: 1 }
  await new SessionFolder(stateFolder).keep(session)
  const cache = await openCache({ stateFolder, server: SERVER, user: ME.id })
  const rooms = Array.from({ length: CONVERSATIONS }, (_, room) => room)
  await cache.write({
    heads: rooms.map((room) =>
      headOf({ conversation: `~${room}`, kind: 'group', name: `room-${room}`, ...LAST }),
    ),
    entries: new Map(rooms.map((room) => [`~${room}`, entriesOf(room)])),
    gone: [],
    contacts: [],
    contactsGone: [],
  })
  await cache.close()
}

function entriesOf(room: number): readonly Entry[] {
  return Array.from({ length: ENTRIES }, (_, at) => ({
    ...PLAIN_ENTRY,
    seq: at + 1,
    n: at + 1,
    time: 1_760_000_000_000 + at * 60_000,
    from: `~user-${at % 7}`,
    name: `user-${at % 7}`,
    kind: 'text',
    nonce: Buffer.alloc(16, at),
    text:
      at === ENTRIES - 1
        ? `the newest of room-${room}`
        : `text ${at} of a conversation that goes on, as long as texts are`,
  }))
}

/** Milliseconds until that is on the screen: the median of so many starts. */
async function measure(wanted: string, args: readonly string[], state: string): Promise<string> {
  const times: number[] = []
  for (let run = 0; run < Number(starts); run += 1) {
    const begin = performance.now()
    const screen = new Pty(process.execPath, [PROGRAM, ...args], {
      env: {
        HOME: folder,
        XDG_STATE_HOME: join(folder, state),
        PATH: process.env['PATH'] ?? '',
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
      },
    })
    await screen.waitFor(wanted)
    times.push(performance.now() - begin)
    await screen.close()
  }
  times.sort((one, other) => one - other)
  return (times[Math.floor(times.length / 2)] ?? 0).toFixed(0)
}
