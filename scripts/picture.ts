/**
 * `npm run picture`: takes docs/pictures/ from the real client, in an emulated terminal, against a
 * real server on which a few people talk.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ChatClient } from '../src/net/chat-client.ts'
import { dial } from '../src/net/dial.ts'
import { memoryPins } from '../src/net/files/pins.ts'
import { memoryOutbox } from '../src/net/outbox.ts'
import { Stage } from '../test/support/stage.ts'
import { screenSvg } from './svg.ts'

const FOLDER = fileURLToPath(new URL('../docs/pictures/', import.meta.url))
const PASSWORD = 'correct horse battery'
const SIZE = { cols: 80, rows: 24 }

type Line = Readonly<{ by: string; text: string }>

const lobby: readonly Line[] = [
  { by: 'alice', text: 'morning all' },
  { by: 'alice', text: 'the deploy is at 10, see https://ci.example/42' },
  { by: 'bob', text: 'on it 👍' },
  { by: '李雷', text: '早上好！我也在。日本語 and emoji 👩‍👩‍👧 keep the columns straight' },
  { by: 'carol', text: 'who brings the cake for Friday?' },
]

async function takePicture(): Promise<void> {
  await using stage = await Stage.open()
  const people = new Map<string, ChatClient>()
  for (const name of ['alice', 'bob', 'carol', '李雷']) {
    people.set(name, await register(name, stage.relay.port))
  }
  const clientOf = (name: string): ChatClient => {
    const client = people.get(name)
    if (client === undefined) throw new Error(`nobody is ${name}`)
    return client
  }
  for (const { by, text } of lobby) await sayAndWait(clientOf(by), 'group', 'lobby', text)
  const me = await stage.newcomer('you', { size: SIZE })
  await me.sees('cake for Friday')
  await makeGroup(clientOf('carol'), 'ops', ['you', 'bob'])
  await sayAndWait(clientOf('carol'), 'group', 'ops', 'the night was quiet')
  await sayAndWait(clientOf('bob'), 'direct', 'you', 'lunch at one?')
  for (const name of ['alice', '李雷']) {
    me.screen.type(`/add ${name}\r`)
    await me.sees(`${name} is a contact`)
  }
  await me.goTo('lobby')
  await me.say('I do: carrot, with walnuts')
  await me.sees(/walnuts\s+✓/)
  await sayAndWait(clientOf('alice'), 'group', 'lobby', '好的, thank you!')
  await me.sees('thank you')
  await me.sees('#ops')
  // Until the server has heard what was read.
  await me.screen.waitFor(({ rows }) => rows.some((row) => /#lobby +│/.test(row)))
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(`${FOLDER}chat-80x24.svg`, screenSvg(me.screen.cells, SIZE.cols))
  writeFileSync(`${FOLDER}chat-80x24.txt`, `${me.screen.text}\n`)
  await Promise.all([...people.values()].map((client) => client.close()))
}

async function register(name: string, port: number): Promise<ChatClient> {
  const pins = memoryPins()
  const client = new ChatClient({
    dial: (signal) => dial({ host: '127.0.0.1', port }, { security: 'tls', pins, signal }),
    outbox: memoryOutbox(),
    onEvent: () => {},
    device: 'a picture',
  })
  await client.register(name, PASSWORD)
  return client
}

async function makeGroup(client: ChatClient, name: string, members: string[]): Promise<void> {
  const nonce = crypto.getRandomValues(new Uint8Array(16))
  await client.request({ type: 'createGroup', name, members, nonce })
}

/** A request instead of `say`: its answer means that the others are told next. */
async function sayAndWait(
  client: ChatClient,
  kind: 'direct' | 'group',
  to: string,
  text: string,
): Promise<void> {
  const nonce = crypto.getRandomValues(new Uint8Array(16))
  if (kind === 'group') await client.request({ type: 'sendGroup', group: to, nonce, text })
  else await client.request({ type: 'sendDirect', to, nonce, text })
}

await takePicture()
