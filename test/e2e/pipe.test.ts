import { writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { jsonLines } from '../support/json-lines.ts'
import { type Output, Program, run } from '../support/program.ts'
import { PROGRAM } from '../support/pty.ts'
import { type HomeServer, TestHome } from '../support/test-home.ts'

const home = new TestHome()
let server: HomeServer

beforeEach(async () => {
  server = await home.serve()
  const account = ['--server', `127.0.0.1:${server.port}`, '--user', 'alice']
  const env = { ...home.env, TCHAT_PASSWORD: 'correct horse' }
  expect(await run(['login', '--register', ...account], env)).toMatchObject({ code: 0 })
})

/** A line of a real shell; `tchat` is the program. */
function shell(line: string): Promise<Output> {
  return running(line).ended
}

function running(line: string): Program {
  const script = `set -o pipefail; tchat() { "\${program[@]}" "$@"; }; program=("$@"); ${line}`
  return home.keep(new Program([], home.env, PROGRAM, ['bash', '-c', script, 'bash']))
}

/** The program itself, with a file as its input, so that it can be killed. */
function sending(file: string): Program {
  const script = `exec "$@" < '${file}'`
  const args = ['send', '--lines', '--json', '#lobby']
  return home.keep(new Program(args, home.env, PROGRAM, ['bash', '-c', script, 'bash']))
}

type Entry = Readonly<{ kind: string; text: string; seq: number }>

async function texts(): Promise<string[]> {
  const { stdout } = await run(['history', '#lobby', '--since', '0', '--json'], home.env)
  const entries = jsonLines<Entry>(stdout)
  return entries.filter(({ kind }) => kind === 'text').map(({ text }) => text)
}

function fileOf(lines: readonly string[]): string {
  const file = home.path('lines')
  writeFileSync(file, lines.join('\n'))
  return file
}

const LINES = Array.from({ length: 600 }, (_, at) => `line ${at + 1}`)

describe('in a real pipe', () => {
  test('lines go in, and come out at the other end, which may have had enough', async () => {
    const sent = await shell("printf '你好\\n%.0s' {1..500} | tchat send --lines '#lobby'")
    expect(sent).toEqual({ code: 0, stdout: '', stderr: '' })
    const reading = running("tchat tail --json --since 0 '#lobby' | head -3 | grep -c 你好")
    let isOver = false
    void reading.ended.then(() => {
      isOver = true
    })
    // That nobody reads is found by writing.
    while (!isOver) await run(['send', '#lobby', 'one more'], home.env)
    expect(await reading.ended).toEqual({ code: 0, stdout: '2\n', stderr: '' })
    const all = await shell("tchat tail --no-follow --since 0 '#lobby' | grep -c 'alice: 你好'")
    expect(all.stdout).toBe('500\n')
  })

  test('what is not UTF-8 is wrong use, and the lines before it are sent', async () => {
    const sent = await shell("printf 'one\\n\\377\\nthree\\n' | tchat send --lines '#lobby'")
    expect(sent).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'tchat: line 2 of standard input is not UTF-8; 1 line was sent before, nothing after it\n',
    })
    expect(await texts()).toEqual(['one'])
  })

  test('a signal ends tail well, and what it printed is not told again', async () => {
    const bob = ['--server', `127.0.0.1:${server.port}`, '--user', 'bob']
    const env = { ...home.env, TCHAT_PASSWORD: 'correct horse' }
    expect(await run(['login', '--register', ...bob], env)).toMatchObject({ code: 0 })
    const alice = ['--user', 'alice']
    expect(await run(['send', '#lobby', 'for alice', ...bob], home.env)).toMatchObject({ code: 0 })
    const tail = home.keep(new Program(['tail', '--json', ...alice], home.env))
    await tail.waitFor(/for alice/)
    tail.kill('SIGTERM')
    expect(await tail.ended).toMatchObject({ code: 0, stderr: '' })
    expect((await run(['tail', '--no-follow', ...alice], home.env)).stdout).toBe('')
  })
})

describe('nothing is lost and nothing is said twice', () => {
  test('when the sender is killed, and goes on behind what it was told is sent', async () => {
    const first = sending(fileOf(LINES))
    await first.waitFor(/"line 100"/)
    first.kill('SIGKILL')
    const { stdout } = await first.ended
    // The last line may be torn.
    const told = stdout.split('\n').slice(0, -1).length
    expect(told).toBeGreaterThanOrEqual(100)
    const second = await sending(fileOf(LINES.slice(told))).ended
    expect(second).toMatchObject({ code: 0, stderr: '' })
    expect(await texts()).toEqual(LINES)
  })

  test('when the server is killed in mid-send, and comes back', async () => {
    const send = sending(fileOf(LINES))
    await send.waitFor(/"line 50"/)
    server.program.kill('SIGKILL')
    await server.program.ended
    const again = ['--serve', '--host', '127.0.0.1', '--port', `${server.port}`]
    await home.keep(new Program(again, home.env)).waitFor(/Ctrl-C/)
    expect(await send.ended).toMatchObject({ code: 0, stderr: '' })
    expect(await texts()).toEqual(LINES)
  })
})
