import { beforeEach, describe, expect, test } from 'vitest'
import { jsonLines } from '../../support/json-lines.ts'
import { Relay } from '../../support/relay.ts'
import { type Running, Shell, startRealServer } from '../../support/shell.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

let address: string
let alice: Shell
let bob: Shell

beforeEach(async () => {
  address = (await startRealServer()).address
  alice = await Shell.of('alice', address)
  bob = await Shell.of('bob', address)
})

type Told = { conversation: string; seq: number; time: number; kind: string; text: string }

function toldBy({ stdout }: { stdout: string }): Told[] {
  return jsonLines(stdout)
}

function textsOf(ran: { stdout: string }): string[] {
  return toldBy(ran)
    .filter(({ kind }) => kind === 'text')
    .map(({ text }) => text)
}

async function say(shell: Shell, target: string, ...texts: string[]): Promise<void> {
  const { code, stderr } = await shell.run(['send', '--lines', target], { stdin: texts.join('\n') })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
}

test('an entry is one line of JSON in raw UTF-8, with six fields', async () => {
  await say(alice, 'bob', '你好 "quoted"')
  const { stdout } = await bob.run(['tail', '--json', '--no-follow', 'alice'])
  expect(stdout).toMatch(/^\{"conversation":"alice","seq":1,"time":\d{13},"from":"alice",/)
  expect(stdout).toMatch(/"kind":"text","text":"你好 \\"quoted\\""\}\n$/)
})

test('for people it says who did what, and nothing of theirs reaches the terminal', async () => {
  await alice.run(['send', '#lobby', 'two\nlines \x1b[31mred\x07\u202e'])
  const { stdout } = await bob.run(['tail', '--no-follow', '--since', '0', '#lobby'])
  const lines = stdout.split('\n').map((line) => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d {2}/, ''))
  expect(lines).toEqual([
    '#lobby  * alice joined',
    '#lobby  * bob joined',
    '#lobby  alice: two',
    '    lines red',
    '',
  ])
})

describe('where it begins', () => {
  test('with what no client of the account had yet: each time with what came since', async () => {
    await say(alice, '#lobby', 'one', 'two')
    expect(textsOf(await bob.run(['tail', '--json', '--no-follow']))).toEqual(['one', 'two'])
    await say(alice, 'bob', 'three')
    expect(textsOf(await bob.run(['tail', '--json', '--no-follow']))).toEqual(['three'])
    expect(textsOf(await bob.run(['tail', '--json', '--no-follow']))).toEqual([])
  })

  test('nothing counts as read by it', async () => {
    await say(alice, '#lobby', 'one', 'two')
    await bob.run(['tail', '--json', '--no-follow'])
    const { stdout } = await bob.run(['ls', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ conversation: '#lobby', unread: 2, delivered: 4 })
  })

  test('only where it looked: the rest waits', async () => {
    await say(alice, '#lobby', 'here')
    await say(alice, 'bob', 'there')
    expect(textsOf(await bob.run(['tail', '--json', '--no-follow', 'alice']))).toEqual(['there'])
    expect(textsOf(await bob.run(['tail', '--json', '--no-follow']))).toEqual(['here'])
  })

  test('after a seq', async () => {
    await say(alice, 'bob', 'one', 'two', 'three')
    const tail = (since: string) =>
      bob.run(['tail', '--json', '--no-follow', '--since', since, 'alice'])
    expect(textsOf(await tail('1'))).toEqual(['two', 'three'])
    expect(textsOf(await tail('0'))).toEqual(['one', 'two', 'three'])
    expect(textsOf(await tail('99'))).toEqual([])
  })

  test('at a time, in every conversation', async () => {
    await say(alice, 'bob', 'old')
    await say(alice, '#lobby', 'old')
    const [{ time } = { time: 0 }] = toldBy(await bob.run(['tail', '--json', '--no-follow']))
    // A clock of milliseconds: the next is later by one at least.
    while (Date.now() <= time + 1) await new Promise(setImmediate)
    const since = new Date().toISOString()
    await say(alice, 'bob', 'new')
    await say(alice, '#lobby', 'newer', 'newest')
    const { stdout } = await bob.run(['tail', '--json', '--no-follow', '--since', since])
    expect(textsOf({ stdout }).toSorted()).toEqual(['new', 'newer', 'newest'])
    const all = await bob.run(['tail', '--json', '--no-follow', '--since', '10m'])
    expect(textsOf(all)).toHaveLength(5)
  })

  test('with all that waits, however much it is', async () => {
    const lines = Array.from({ length: 1_200 }, (_, at) => `line ${at} ${'x'.repeat(100)}`)
    await say(alice, 'bob', ...lines)
    const ran = await bob.run(['tail', '--json', '--no-follow'])
    expect(toldBy(ran).map(({ seq }) => seq)).toEqual(lines.map((_, at) => at + 1))
    expect(textsOf(ran)).toEqual(lines)
  })
})

describe('following', () => {
  async function shows(tail: Running, text: string): Promise<void> {
    await tail.prints(new RegExp(`"text":"${text}"`))
  }

  test('goes on with what is said, also in conversations that are new', async () => {
    const tail = bob.start(['tail', '--json'])
    await say(alice, 'bob', 'hello')
    await shows(tail, 'hello')
    await alice.run(['groups', 'create', '#ops', 'bob'])
    await say(alice, '#ops', 'in ops')
    await shows(tail, 'in ops')
    tail.interrupt()
    const ran = await tail.ended
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(toldBy(ran).map(({ conversation }) => conversation)).toContain('#ops')
    expect(textsOf(await bob.run(['tail', '--json', '--no-follow']))).toEqual([])
  })

  test('of somebody who has not written yet waits for them', async () => {
    const tail = bob.start(['tail', '--json', 'alice'])
    await say(alice, '#lobby', 'elsewhere')
    await say(alice, 'bob', 'here')
    await shows(tail, 'here')
    tail.interrupt()
    expect(textsOf(await tail.ended)).toEqual(['here'])
  })

  test('a closed pipe is a good end, and what was not written is not delivered', async () => {
    const tail = bob.start(['tail', '--json'])
    await say(alice, '#lobby', 'first')
    await shows(tail, 'first')
    tail.closeOutput()
    await say(alice, '#lobby', 'second')
    expect(await tail.ended).toMatchObject({ code: 0, stderr: '' })
    expect(textsOf(await bob.run(['tail', '--json', '--no-follow']))).toEqual(['second'])
  })

  test('an interruption ends it also while the server is away', async () => {
    const relay = await Relay.open()
    relay.target = Number(address.split(':')[1])
    const carol = await Shell.of('carol', `127.0.0.1:${relay.port}`)
    const tail = carol.start(['tail', '--json', '#lobby'])
    await say(alice, '#lobby', 'here')
    await shows(tail, 'here')
    relay.target = undefined
    relay.cut()
    tail.interrupt()
    expect(await tail.ended).toMatchObject({ code: 0, stderr: '' })
    await relay.close()
  })

  test('over losses and a restart of the server: no gap, nothing twice', async () => {
    const folder = temporaryFolder()
    const relay = await Relay.open()
    const first = await startRealServer({ folder })
    relay.target = first.port
    const carol = await Shell.of('carol', `127.0.0.1:${relay.port}`)
    const dave = await Shell.of('dave', first.address)
    const tail = carol.start(['tail', '--json', '#lobby'])
    await say(dave, '#lobby', 'a1', 'a2')
    await shows(tail, 'a2')
    relay.target = undefined
    relay.cut()
    await say(dave, '#lobby', ...Array.from({ length: 600 }, (_, at) => `b${at}`))
    await first.close()
    const second = await startRealServer({ folder, port: first.port })
    relay.target = second.port
    await say(dave, '#lobby', 'c1')
    await shows(tail, 'c1')
    tail.interrupt()
    const texts = textsOf(await tail.ended)
    const bs = Array.from({ length: 600 }, (_, at) => `b${at}`)
    expect(texts).toEqual(['a1', 'a2', ...bs, 'c1'])
    await relay.close()
  })
})
