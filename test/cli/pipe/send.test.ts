import { existsSync, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { beforeEach, describe, expect, test } from 'vitest'
import { openOutbox } from '../../../src/net/files/outbox-file.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { jsonLines } from '../../support/json-lines.ts'
import { Relay } from '../../support/relay.ts'
import { type Ran, Shell, startRealServer, typed } from '../../support/shell.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

let address: string
let alice: Shell
let bob: Shell

beforeEach(async () => {
  address = (await startRealServer()).address
  alice = await Shell.of('alice', address)
  bob = await Shell.of('bob', address)
})

type Entry = Readonly<{ kind: string; text: string; seq: number }>

/** The texts of a conversation, as somebody reads them in its history. */
async function textsOf(reader: Shell, target: string): Promise<string[]> {
  const { stdout } = await reader.run(['history', target, '--json', '--since', '0'])
  const entries = jsonLines<Entry>(stdout)
  return entries.filter(({ kind }) => kind === 'text').map(({ text }) => text)
}

/** What is waited for comes sooner or later: for slow machines. */
const PATIENCE = { timeout: 30_000 }

const NOTHING: Ran = { code: 0, stdout: '', stderr: '' }

describe('what is said', () => {
  test('to a user and to a group, by words and by standard input', async () => {
    expect(await alice.run(['send', 'bob', 'the', 'build', 'is', 'green'])).toEqual(NOTHING)
    expect(await alice.run(['send', '#lobby'], { stdin: 'one\ntwo\n' })).toEqual(NOTHING)
    expect(await alice.run(['send', '#lobby', '-'], { stdin: '你好' })).toEqual(NOTHING)
    expect(await alice.run(['send', 'bob', '--', '--json', '-'])).toEqual(NOTHING)
    expect(await textsOf(bob, 'alice')).toEqual(['the build is green', '--json -'])
    expect(await textsOf(bob, '#lobby')).toEqual(['one\ntwo', '你好'])
  })

  test('words look like numbers, and stay what they are', async () => {
    await alice.run(['send', 'bob', '007', '1e3', 'a=b'])
    expect(await textsOf(bob, 'alice')).toEqual(['007 1e3 a=b'])
  })

  test('--json tells where it stands, as tail shows it', async () => {
    const { stdout } = await alice.run(['send', '--json', 'Bob', 'hi'])
    expect(JSON.parse(stdout)).toEqual({
      conversation: 'Bob',
      seq: 1,
      time: expect.any(Number),
      from: 'alice',
      kind: 'text',
      text: 'hi',
    })
  })
})

describe('--lines', () => {
  test('sends each line in order, however the chunks are cut', async () => {
    const bytes = Buffer.from('一\r\n\ntwo\nthree')
    const stdin = Readable.from([...bytes].map((byte) => Buffer.from([byte])))
    expect(await alice.run(['send', '--lines', 'bob'], { stdin })).toEqual(NOTHING)
    expect(await textsOf(bob, 'alice')).toEqual(['一', 'two', 'three'])
  })

  test('does not wait for the end of the input', async () => {
    const stdin = typed()
    const sending = alice.start(['send', '--lines', '--json', 'bob'], { stdin })
    stdin.write('first\nsec')
    await sending.prints(/"text":"first"/)
    expect(await textsOf(bob, 'alice')).toEqual(['first'])
    stdin.end('ond\n')
    await sending.ended
    expect(await textsOf(bob, 'alice')).toEqual(['first', 'second'])
  })

  test('acknowledges in the order of the lines, more than go at a time', async () => {
    const lines = Array.from({ length: 700 }, (_, at) => `line ${at}`)
    const { stdout } = await alice.run(['send', '--lines', '--json', 'bob'], {
      stdin: lines.join('\n'),
    })
    const acks = jsonLines<Entry>(stdout)
    expect(acks.map(({ text }) => text)).toEqual(lines)
    expect(acks.map(({ seq }) => seq)).toEqual(lines.map((_, at) => at + 1))
  })

  test.each([
    ['is not UTF-8', Buffer.from([0xc3, 0x28])],
    ['is too long', Buffer.from('x'.repeat(8_193))],
    ['is too long', Buffer.from(`${'é'.repeat(4_097)}\n`)],
  ])('a line that %s ends it, with its number, and nothing after it is sent', async (why, line) => {
    const stdin = Buffer.concat([Buffer.from('one\ntwo\n'), line, Buffer.from('\nfour\n')])
    const { code, stderr } = await alice.run(['send', '--lines', 'bob'], { stdin })
    expect(code).toBe(2)
    expect(stderr).toContain(`line 3 of standard input ${why}`)
    expect(stderr).toMatch(/^tchat: [^\n]*2 lines were sent before, nothing after it\n$/)
    expect(await textsOf(bob, 'alice')).toEqual(['one', 'two'])
  })

  test('what the server refuses ends it, and is left nowhere', async () => {
    const ran = await alice.run(['send', '--lines', 'bobb'], { stdin: 'one\ntwo\n' })
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no user bobb') })
    expect(ran.stderr).toContain('0 lines were sent before')
    expect(await left(alice)).toEqual([])
  })

  test('keeps what the server has until the acknowledgement was written', async () => {
    const stdin = typed()
    const sending = alice.start(['send', '--lines', '--json', 'bob'], { stdin })
    sending.holdOutput()
    stdin.end('one\ntwo\n')
    await sending.prints(/"one"/)
    await expect.poll(() => textsOf(bob, 'alice'), PATIENCE).toEqual(['one', 'two'])
    expect((await left(alice)).join()).not.toContain('"remove"')
    sending.letOut()
    expect(await sending.ended).toMatchObject({ code: 0 })
    expect(await left(alice)).toEqual([])
  })

  test('that nobody reads the acknowledgements ends nothing', async () => {
    const sending = alice.start(['send', '--lines', '--json', 'bob'], { stdin: 'one\ntwo\n' })
    sending.closeOutput()
    expect(await sending.ended).toMatchObject({ code: 0, stdout: '' })
    expect(await textsOf(bob, 'alice')).toEqual(['one', 'two'])
  })

  test('an interruption takes back what was not acknowledged', async () => {
    const stdin = typed()
    const sending = alice.start(['send', '--lines', '--json', 'bob'], { stdin })
    stdin.write('one\n')
    await sending.prints(/one/)
    sending.interrupt()
    const { code, stderr } = await sending.ended
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^tchat: .*interrupted.*1 line was sent before\n$/),
    })
    expect(await left(alice)).toEqual([])
  })
})

describe('a server that goes away', () => {
  test('in the middle of the lines: each arrives once, in order', async () => {
    const folder = temporaryFolder()
    const relay = await Relay.open()
    const first = await startRealServer({ folder })
    relay.target = first.port
    const carol = await Shell.of('carol', `127.0.0.1:${relay.port}`)
    const stdin = typed()
    const sending = carol.start(['send', '--lines', '--json', '#lobby'], { stdin })
    const lines = Array.from({ length: 300 }, (_, at) => `line ${at}`)
    stdin.write(`${lines.slice(0, 100).join('\n')}\n`)
    await sending.prints(/"text":"line 20"/)
    relay.target = undefined
    relay.cut()
    await first.close()
    stdin.write(`${lines.slice(100, 200).join('\n')}\n`)
    relay.target = (await startRealServer({ folder })).port
    await sending.prints(/"text":"line 150"/)
    relay.cut()
    stdin.end(lines.slice(200).join('\n'))
    expect(await sending.ended).toMatchObject({ code: 0, stderr: '' })
    expect(await textsOf(carol, '#lobby')).toEqual(lines)
    expect(await left(carol)).toEqual([])
    await relay.close()
  })

  test('for longer than --timeout: the message is taken back, and it is said so', async () => {
    const relay = await Relay.open()
    relay.target = Number(address.split(':')[1])
    const carol = await Shell.of('carol', `127.0.0.1:${relay.port}`)
    const stdin = typed()
    const args = ['send', '--lines', '--json', '--timeout', '2', '#lobby']
    const timers = new FakeClock()
    const sending = carol.start(args, { stdin, timers })
    stdin.write('one\n')
    await sending.prints(/one/)
    relay.target = undefined
    relay.cut()
    stdin.write('two\n')
    await expect.poll(() => left(carol), PATIENCE).toEqual([expect.stringContaining('"two"')])
    await timers.advance(2_000)
    const { code, stderr } = await sending.ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/given up after 2 s; it was .*1 line was sent before\n$/)
    expect(await left(carol)).toEqual([])
    await relay.close()
  })
})

describe('a send that was killed', () => {
  /** As a `tchat send` leaves it that is killed before the acknowledgement. */
  async function killed(...texts: string[]): Promise<void> {
    const place = { stateFolder: alice.stateFolder, server: address, userName: 'alice' }
    const outbox = await openOutbox(place)
    const target = { kind: 'direct', id: 'bob' } as const
    for (const [at, text] of texts.entries()) {
      const nonce = `${at}`.repeat(32)
      await outbox.add({ nonce, target, text, time: 0, reply: 0, refused: undefined })
    }
    await outbox.close()
  }

  test('is not said twice when it is repeated', async () => {
    await killed('done')
    expect(await alice.run(['send', 'bob', 'done'])).toEqual(NOTHING)
    expect(await alice.run(['send', 'bob', 'done'])).toEqual(NOTHING)
    expect(await textsOf(bob, 'alice')).toEqual(['done', 'done'])
    expect(await left(alice)).toEqual([])
  })

  test('is not said twice by a third one, when the second ended badly', async () => {
    await killed('one', 'two', 'three')
    const stdin = typed()
    const second = alice.start(['send', '--lines', '--json', 'bob'], { stdin })
    stdin.write('one\n')
    await second.prints(/"one"/)
    // As it left it, the server has them all.
    await expect.poll(() => textsOf(bob, 'alice'), PATIENCE).toEqual(['one', 'two', 'three'])
    second.interrupt()
    expect(await second.ended).toMatchObject({ code: 1 })
    expect(await left(alice)).not.toEqual([])
    const third = ['send', '--lines', '--json', 'bob']
    const { code, stdout } = await alice.run(third, { stdin: 'two\nthree\n' })
    expect({ code, lines: stdout.split('\n').length - 1 }).toEqual({ code: 0, lines: 2 })
    expect(await textsOf(bob, 'alice')).toEqual(['one', 'two', 'three'])
    expect(await left(alice)).toEqual([])
  })

  test('is sent before what another one says', async () => {
    await killed('first', 'second')
    expect(await alice.run(['send', 'bob', 'third'])).toEqual(NOTHING)
    expect(await textsOf(bob, 'alice')).toEqual(['first', 'second', 'third'])
  })
})

describe('--wait-delivered', () => {
  test('ends when the other has it', async () => {
    const sending = alice.start(['send', '--wait-delivered', '--json', 'bob', 'hi'])
    await sending.prints(/"seq":1/)
    expect((await bob.run(['tail', '--no-follow'])).stdout).toContain('alice: hi')
    expect(await sending.ended).toMatchObject({ code: 0, stderr: '' })
  })

  test('gives up in time, and says where the message is', async () => {
    const timers = new FakeClock()
    const args = ['send', '--wait-delivered', '--json', '--timeout', '1', 'bob', 'hi']
    const sending = alice.start(args, { timers })
    await sending.prints(/"hi"/)
    await timers.advance(1_000)
    const { code, stderr } = await sending.ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^tchat: bob at .*given up after 1 s; it is on the server \(1\)/)
    expect(await textsOf(bob, 'alice')).toEqual(['hi'])
  })

  test('to oneself waits for nobody', async () => {
    expect(await alice.run(['send', '--wait-delivered', 'alice', 'note'])).toEqual(NOTHING)
  })
})

describe('what does not come is not waited for', () => {
  const interrupted = { code: 1, stdout: '', stderr: 'tchat: interrupted\n' }

  test('standard input, when it is interrupted or late', async () => {
    const sending = alice.start(['send', 'bob'], { stdin: typed() })
    sending.interrupt()
    expect(await sending.ended).toEqual(interrupted)
    expect(await alice.run(['send', '--timeout', '1', 'bob'], { stdin: typed() })).toEqual({
      ...interrupted,
      stderr: 'tchat: given up after 1 s\n',
    })
  })

  test.each(['login', 'ls', 'send bob hi'])('the password, for %s', async (command) => {
    const shell = new Shell(temporaryFolder())
    const pid = `${shell.stateFolder}/pid`
    const [name = '', ...words] = command.split(' ')
    const slow = `echo $$ > '${pid}'; exec sleep 1000`
    const to = ['--server', address, '--user', 'alice', '--password-command', slow]
    const running = shell.start([name, ...words, ...to])
    await expect
      .poll(() => existsSync(pid) && readFileSync(pid, 'utf8'), PATIENCE)
      .toMatch(/^\d+\n$/)
    running.interrupt()
    expect(await running.ended).toEqual(interrupted)
    const child = Number(readFileSync(pid, 'utf8'))
    await expect.poll(() => isRunning(child), PATIENCE).toBe(false)
  })
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Texts that the next client of the account would send. */
async function left(shell: Shell): Promise<string[]> {
  const { readdirSync, readFileSync } = await import('node:fs')
  const files = readdirSync(shell.stateFolder, { recursive: true, encoding: 'utf8' })
  return files
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => readFileSync(`${shell.stateFolder}/${name}`, 'utf8'))
}
