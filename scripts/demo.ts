/**
 * `npm run demo`: a real server and three clients talk without a terminal: direct, in a group, and
 * to somebody absent while the server is killed. Prints what everyone sees; exit code 0 only when
 * everybody saw exactly what they should have seen.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseAddress } from '../src/net/address.ts'
import { ChatClient } from '../src/net/chat-client.ts'
import { dial } from '../src/net/dial.ts'
import type { ClientEvent, Target } from '../src/net/events.ts'
import { memoryPins } from '../src/net/files/pins.ts'
import { memoryOutbox } from '../src/net/outbox.ts'
import type { Entry } from '../src/protocol/messages.ts'

const PROGRAM = fileURLToPath(new URL('../bin/tchat.js', import.meta.url))
const DEMO_MS_MAX = 20_000
const PASSWORD = 'correct horse battery'

class Server {
  #data = mkdtempSync(join(tmpdir(), 'tchat-demo-'))
  #child: ChildProcess | undefined
  /** Another one after each start: free ports only. */
  address = ''

  async start(): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, '--serve', '--port', '0'], {
      env: { ...process.env, TCHAT_DATA: this.#data, TCHAT_HOST: '127.0.0.1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    this.#child = child
    if (child.stdout === null) throw new Error('the server has no output')
    for await (const line of createInterface(child.stdout)) {
      const [, address] = /^npx tchat connect (\S+)$/.exec(line) ?? []
      if (address === undefined) continue
      this.address = address
      return
    }
    throw new Error('the server did not start')
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return null
    const exited = once(child, 'exit')
    child.kill(signal)
    const [code] = await exited
    return code as number | null
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.end('SIGKILL')
    rmSync(this.#data, { recursive: true, force: true })
  }
}

/** Somebody at their client, and everything that they have seen. */
class Person {
  readonly seen: string[] = []
  readonly name: string
  readonly client: ChatClient
  #conversations = new Map<string, string>()
  #waiting = new Set<() => void>()

  constructor(name: string, server: Server) {
    this.name = name
    const pins = memoryPins()
    this.client = new ChatClient({
      dial: (signal) => dial(parseAddress(server.address), { security: 'tls', pins, signal }),
      outbox: memoryOutbox(),
      onEvent: (event) => this.#take(event),
      device: 'tchat demo',
    })
  }

  async say(target: Target, text: string): Promise<void> {
    print(`${this.name} says to ${target.id}: ${text}`)
    await this.client.say(target, text)
  }

  /** Until the server has acknowledged all that was said: it is on disk there. */
  acknowledged(): Promise<void> {
    return this.until(() => this.client.outbox.length === 0)
  }

  sees(line: string): Promise<void> {
    return this.until(() => this.seen.includes(line))
  }

  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiting.add(resolve)
      await promise
    }
  }

  #take(event: ClientEvent): void {
    if (event.type === 'heads') {
      for (const { conversation, name } of event.heads) {
        this.#conversations.set(conversation, name === '' ? '' : `#${name} `)
      }
    }
    if (event.type === 'entry') this.#see(event.conversation, event.entry)
    if (event.type === 'link' && event.link.state === 'waiting') {
      print(`${this.name}'s connection is lost, and will be tried again`)
    }
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }

  #see(conversation: string, entry: Entry): void {
    const where = this.#conversations.get(conversation) ?? ''
    if (where === '#lobby ') return
    const line = `${where}${entry.name}${describe(entry)}`
    this.seen.push(line)
    if (entry.name !== this.name) print(`    ${this.name} sees  ${line}`)
  }
}

function describe({ kind, text, subject }: Entry): string {
  if (kind === 'text') return `: ${text}`
  return kind === 'added' ? ` added ${subject?.name}` : ` ${kind}`
}

const user = (name: string): Target => ({ kind: 'direct', id: name })
const group = (name: string): Target => ({ kind: 'group', id: name })

async function demo(server: Server): Promise<void> {
  await server.start()
  const alice = new Person('alice', server)
  const bob = new Person('bob', server)
  const carol = new Person('carol', server)
  for (const person of [alice, bob, carol]) await person.client.register(person.name, PASSWORD)

  chapter('Direct')
  await alice.say(user('bob'), 'hello bob')
  await bob.sees('alice: hello bob')
  await bob.say(user('alice'), '你好 alice 👋')
  await alice.sees('bob: 你好 alice 👋')

  chapter('A group')
  const made = await alice.client.request({
    type: 'createGroup',
    name: 'tea',
    members: ['bob'],
    nonce: crypto.getRandomValues(new Uint8Array(16)),
  })
  equal(made.group?.name, 'tea')
  await bob.sees('#tea alice added bob')
  await carol.client.request({ type: 'joinGroup', group: 'tea' })
  await Promise.all([alice, bob].map((person) => person.sees('#tea carol joined')))
  await carol.say(group('tea'), 'green or black?')
  await Promise.all([alice, bob].map((person) => person.sees('#tea carol: green or black?')))
  const { members } = await alice.client.request({ type: 'listMembers', group: 'tea' })
  print(`alice lists the members: ${members.map((each) => each.user?.name).join(', ')}`)
  deepEqual(members.map((each) => each.user?.name).sort(), ['alice', 'bob', 'carol'])
  await carol.client.request({ type: 'quitGroup', group: 'tea' })
  await Promise.all([alice, bob].map((person) => person.sees('#tea carol quit')))

  chapter('bob is away, and the server is killed')
  const { token } = bob.client
  if (token === undefined) throw new Error('bob has no session')
  await bob.client.close()
  await alice.say(user('bob'), 'one: you are away')
  await alice.say(group('tea'), 'two: the kettle is on')
  await alice.acknowledged()
  await server.end('SIGKILL')
  print('the server is killed (SIGKILL)')
  await alice.until(() => alice.client.link.state === 'waiting')
  await alice.say(user('bob'), 'three: written without a server')
  equal(alice.client.outbox.length, 1)
  await server.start()
  print('the server is started again')
  alice.client.reconnect()
  await alice.acknowledged()
  print("alice's outbox is empty: the server has it all")

  chapter('bob comes back')
  print('his new client knows nothing yet, so it is told both logs from their beginning')
  const again = new Person('bob', server)
  again.client.resume(token)
  await again.sees('alice: three: written without a server')
  await again.sees('#tea alice: two: the kettle is on')
  const direct = again.seen.filter((line) => !line.startsWith('#'))
  deepEqual(direct, [
    'alice: hello bob',
    'bob: 你好 alice 👋',
    'alice: one: you are away',
    'alice: three: written without a server',
  ])
  deepEqual(
    again.seen.filter((line) => line.startsWith('#tea')),
    [
      '#tea alice created',
      '#tea alice added bob',
      '#tea carol joined',
      '#tea carol: green or black?',
      '#tea carol quit',
      '#tea alice: two: the kettle is on',
    ],
  )
  await Promise.all([alice, again, carol].map((person) => person.client.close()))
  equal(await server.end('SIGTERM'), 0, 'the server did not end cleanly')
  print('everything was seen once and in order; the server ended cleanly')
}

function chapter(title: string): void {
  print(`\n── ${title} ──`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

const server = new Server()
const tooLate = setTimeout(() => {
  fail(new Error(`not done after ${DEMO_MS_MAX / 1_000} s`))
}, DEMO_MS_MAX - 1_000)

function fail(error: unknown): void {
  process.exitCode = 1
  process.stderr.write(`demo: ${error instanceof Error ? error.stack : error}\n`)
  void server.discard().finally(() => process.exit(1))
}

try {
  await demo(server)
  await server.discard()
} catch (error) {
  fail(error)
} finally {
  clearTimeout(tooLate)
}
