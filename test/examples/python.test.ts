import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { PYTHON_LACKS, PythonProgram, protocolModule, pythonIsHere } from '../support/python.ts'
import type { RawClient } from '../support/raw-client.ts'
import { Relay } from '../support/relay.ts'
import { nonce, PASSWORD } from '../support/server.ts'
import { serveHere, tlsClient } from '../support/sockets.ts'
import { Tap } from '../support/tap.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

beforeEach(({ skip }) => skip(!pythonIsHere, PYTHON_LACKS))

test('a client written from the documents logs in, talks in groups and with people', async () => {
  const { port, bob, start } = await begin()
  const alice = start(port, ['--register'])
  await alice.told('link')
  alice.say('/create #ops bob')
  const { created } = await alice.told('created')
  await bob.push('groupCreated', ({ group }) => group?.id === created)
  alice.say('#ops 你好, all of you')
  expect(await alice.told('sent')).toEqual({ sent: '你好, all of you', seq: 3 })
  await bob.push('groupEntry', ({ entry }) => entry?.text === '你好, all of you')
  await bob.ask({ type: 'sendGroup', group: 'ops', nonce: nonce(), text: 'hello\u001b[31m' })
  const heard = { where: '#ops', kind: 'text', sender: 'bob', seq: 4 }
  for (;;) {
    const told = await alice.told('where')
    if (told['sender'] === 'bob') {
      expect(told).toMatchObject(heard)
      break
    }
  }
  await bob.ask({ type: 'sendDirect', to: 'alice', nonce: nonce(), text: 'only you' })
  expect(await alice.told('where')).toMatchObject({ where: 'bob', text: 'only you', seq: 1 })
  alice.say('bob and you')
  await bob.push('directEntry', ({ entry }) => entry?.text === 'and you')
  alice.say('/members #ops')
  expect(await alice.told('members')).toEqual({ members: ['alice', 'bob'] })
  alice.say('/quit #ops')
  expect(await alice.told('quit')).toMatchObject({ quit: created })
  alice.say('#ops are you there?')
  expect((await alice.told('error'))['error']).toContain('NOT_MEMBER')
  alice.say('/join #ops')
  expect(await alice.told('joined')).toEqual({ joined: 'ops', members: 2 })
  expect(await alice.end()).toBe(0)
})

test('what was said while it was away it hands on once, with the token instead of a password', async () => {
  const { port, bob, start } = await begin()
  const say = (text: string) => bob.ask({ type: 'sendDirect', to: 'alice', nonce: nonce(), text })
  const first = start(port, ['--register'])
  await first.told('link')
  await say('0')
  expect(await first.told('where')).toMatchObject({ text: '0' })
  expect(await first.end()).toBe(0)
  for (let at = 1; at <= 700; at += 1) await say(`${at}`)
  const second = start(port, [], '')
  for (let at = 1; at <= 700; at += 1) {
    expect(await second.told('where')).toMatchObject({ text: `${at}`, seq: at + 1 })
  }
  expect(await second.end()).toBe(0)
  const third = start(port, [], '')
  await third.told('link')
  await say('701')
  expect(await third.told('where')).toMatchObject({ text: '701' })
})

test('connections that are cut before the answer comes lose nothing it sends, and double nothing', async () => {
  const { port, bob, start } = await begin()
  const tap = await Tap.open(port)
  onTestFinished(() => tap.close())
  const alice = start(tap.port, ['--register'])
  await alice.told('link')
  const texts = Array.from({ length: 12 }, (_, at) => `text ${at}`)
  for (const text of texts) {
    const cut = text.endsWith('3') || text.endsWith('7')
    tap.withholding = cut
    alice.say(`bob ${text}`)
    await bob.push('directEntry', ({ entry }) => entry?.text === text)
    if (cut) tap.cut()
    tap.withholding = false
    expect(await alice.told('sent')).toMatchObject({ sent: text })
  }
  expect(textsTo(bob)).toEqual(texts)
})

test('what it had not sent when it was killed it sends when it is started again', async () => {
  const { port, bob, start, state } = await begin()
  const relay = await Relay.open()
  relay.target = port
  onTestFinished(() => relay.close())
  const first = start(relay.port, ['--register'])
  await first.told('link')
  relay.target = undefined
  relay.cut()
  expect(await first.told('link')).toEqual({ link: 'offline' })
  first.say('bob in the end')
  while (!readFileSync(state, 'utf8').includes('in the end')) await new Promise(setImmediate)
  await first.kill()
  relay.target = port
  const second = start(relay.port, [], '')
  await second.told('link')
  second.say('bob and now')
  await bob.push('directEntry', ({ entry }) => entry?.text === 'and now')
  expect(textsTo(bob)).toEqual(['in the end', 'and now'])
})

test('a repeated text goes to the group that it was said in, whatever has its name by then', async () => {
  const { port, bob, start, state } = await begin()
  let isHeld = false
  // The server's answer to the text gets lost: before it is sent the group's id is in the file.
  const isLost = () => isHeld && readFileSync(state, 'utf8').includes('"group"')
  const relay = await Relay.open(({ from }) => from === 'client' || !isLost())
  onTestFinished(() => relay.close())
  relay.target = port
  const alice = start(relay.port, ['--register'])
  await alice.told('link')
  const { group } = await bob.ask({ ...createGroup('ops'), members: ['alice'] })
  isHeld = true
  alice.say('#ops once')
  const { entry } = await bob.push('groupEntry', (push) => push.entry?.text === 'once')
  relay.target = undefined
  relay.cut()
  await bob.ask({ type: 'renameGroup', group: group?.id ?? '', name: 'old' })
  await bob.ask({ ...createGroup('ops'), members: ['alice'] })
  isHeld = false
  relay.target = port
  expect(await alice.told('sent')).toEqual({ sent: 'once', seq: entry?.seq })
  alice.say('#ops to the new one')
  await bob.push('groupEntry', (push) => push.entry?.text === 'to the new one')
  const texts = bob.pushes.flatMap((push) => {
    return push.type === 'groupEntry' && push.entry?.kind === 'text' ? [push.entry.text] : []
  })
  expect(texts).toEqual(['once', 'to the new one'])
})

test('what is too long is refused, and what is said after it is sent', async () => {
  const { port, bob, start, state } = await begin()
  const alice = start(port, ['--register'])
  await alice.told('link')
  alice.say(`bob ${'好'.repeat(2_731)}`)
  expect((await alice.told('error'))['error']).toMatch(/^TOO_LONG: .*8193 bytes/)
  expect(readFileSync(state, 'utf8')).toContain('"outbox": []')
  alice.say(`${'b'.repeat(130)} hello`)
  expect((await alice.told('error'))['error']).toMatch(/^TOO_LONG: .*130 bytes/)
  // The server ends the connection because of it; it is not asked again.
  alice.say(`/join ${'g'.repeat(130)}`)
  expect((await alice.told('error'))['error']).toMatch(/^BAD_PAYLOAD: /)
  alice.say(`bob ${'x'.repeat(8_192)}`)
  await alice.told('sent')
  expect(textsTo(bob)).toEqual(['x'.repeat(8_192)])
  expect(await alice.end()).toBe(0)
})

test('what an earlier run has kept, and no server can read, holds nothing up, and is told', async () => {
  const { port, bob, start, state } = await begin()
  const first = start(port, ['--register'])
  await first.told('link')
  expect(await first.end()).toBe(0)
  const items = ['x'.repeat(9_000), 'behind it'].map((text) => {
    return { nonce: nonce().toString('hex'), target: 'bob', text }
  })
  const kept: object = JSON.parse(readFileSync(state, 'utf8'))
  writeFileSync(state, JSON.stringify({ ...kept, outbox: items }))
  const second = start(port, [], '')
  expect(await second.told('error')).toEqual({
    error: expect.stringMatching(/^BAD_PAYLOAD: /),
    unsent: items[0]?.text,
    to: 'bob',
  })
  await bob.push('directEntry', ({ entry }) => entry?.text === 'behind it')
  expect(textsTo(bob)).toEqual(['behind it'])
})

test.each([
  ['no UTF-8', Buffer.from('bob caf\xe9', 'latin1'), 'line 2 of the input is not UTF-8'],
  ['an endless line', 'x'.repeat(200_000), 'a line of the input is longer than 64 KiB'],
])('%s on the input: one line, and exit code 1', async (_, line, words) => {
  const { port, start } = await begin()
  const program = start(port, ['--register'])
  await program.told('link')
  program.say('bob before')
  await program.told('sent')
  program.say(line)
  expect(await program.end()).toBe(1)
  expect(program.errors).toBe(`chat.py: ${words}\n`)
})

test.each(['localhost', 'localhost:', 'localhost:x', 'localhost:0', 'localhost:65536', ':8000'])(
  '%s is no address: one line, and exit code 2',
  async (server) => {
    const program = new PythonProgram(protocolModule(), [
      'examples/python/chat.py',
      server,
      'alice',
    ])
    expect(await program.end()).toBe(2)
    expect(program.errors).toBe(`chat.py: '${server}' is no HOST:PORT, such as localhost:8000\n`)
  },
)

test.each([
  [
    'another key',
    ['--register', '--pin', `sha256:${'0'.repeat(64)}`],
    PASSWORD,
    'the server shows the key',
  ],
  ['a wrong password', [], 'wrong', 'WRONG_LOGIN'],
  ['a short password', ['--register'], 'short', 'WEAK_PASSWORD'],
])('%s: one line, and exit code 1', async (_, args, password, words) => {
  const { port, start } = await begin()
  const program = start(port, args, password)
  expect(await program.end()).toBe(1)
  expect(program.errors).toMatch(/^chat\.py: [^\n]+\n$/)
  expect(program.errors).toContain(words)
})

test('it heartbeats, and gives up a server that is silent for three intervals', async () => {
  const program = new PythonProgram(protocolModule(), ['test/examples/heartbeats.py'])
  expect(await program.next()).toEqual({ heartbeats: true, ended: true })
  expect(await program.end()).toBe(0)
})

/** A server, Bob on it, and the example as Alice, with her state in a folder of its own. */
async function begin() {
  const { port } = await serveHere()
  const bob: RawClient = await tlsClient(port)
  await bob.ask({ type: 'register', name: 'bob', password: PASSWORD })
  const module = protocolModule()
  const state = join(temporaryFolder(), 'alice.json')
  const start = (at: number, args: readonly string[], password: string = PASSWORD) => {
    const run = ['examples/python/chat.py', `localhost:${at}`, 'alice', '--state', state]
    return new PythonProgram(module, [...run, ...args], { TCHAT_PASSWORD: password })
  }
  return { port, bob, start, state }
}

function createGroup(name: string) {
  return { type: 'createGroup', nonce: nonce(), name, members: [], access: 'public' } as const
}

function textsTo(client: RawClient): readonly (string | undefined)[] {
  return client.pushes.flatMap((push) => (push.type === 'directEntry' ? [push.entry?.text] : []))
}
