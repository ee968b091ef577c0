import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type RunningServer, serve } from '../../src/server/serve.ts'
import { CHEAP, makeFolder, PASSWORD } from '../support/server.ts'

const MAIN = pathToFileURL('src/cli/main.ts').href
/** Every write to it fails, as on a full disk. */
const FULL = '/dev/full'

let home: string
let server: RunningServer

beforeAll(async () => {
  home = await makeFolder()
  const folder = await makeFolder()
  server = await serve({ host: '127.0.0.1', port: 0, folder, passwordCost: CHEAP })
  const account = ['--server', `127.0.0.1:${server.port}`, '--user', 'alice']
  expect(await run(['login', '--register', ...account])).toMatchObject({ code: 0 })
  expect(await run(['send', '#lobby', 'hi'])).toMatchObject({ code: 0 })
  return () => server.close()
})

/** The sources as they are, in a process of their own. */
async function run(args: readonly string[], output?: string) {
  const script = `const { main } = await import(${JSON.stringify(MAIN)}); main(process.argv.slice(1))`
  const stdout = output === undefined ? 'ignore' : openSync(output, 'w')
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, TCHAT_PASSWORD: PASSWORD }
  const node = ['--input-type=module', '-e', script, '--', ...args]
  const child = spawn(process.execPath, node, { stdio: ['ignore', stdout, 'pipe'], env })
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [code] = await once(child, 'close')
  return { code: code as number, stderr }
}

describe.runIf(existsSync(FULL))('output that cannot be written', () => {
  test.each([
    'ls',
    'history #lobby',
    'tail --since 0 #lobby',
    'send --json #lobby more',
    'completions bash',
    'config --defaults',
    '--help',
    '--version',
  ])('is one line and exit code 1: %s', async (line) => {
    const ran = await run(line.split(' '), FULL)
    expect(ran.stderr).toMatch(/^tchat: the output cannot be written: ENOSPC[^\n]*\n$/)
    expect(ran.code).toBe(1)
  })
})

test('a full-screen face without a terminal is one line', async () => {
  for (const line of ['connect localhost', 'keys']) {
    expect(await run(line.split(' '))).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^tchat: this needs a terminal[^\n]*\n$/),
    })
  }
})

test('what a configuration quotes moves no cursor', async () => {
  const folder = join(home, '.config', 'tchat')
  mkdirSync(folder, { recursive: true })
  onTestFinished(() => writeFileSync(join(folder, 'config.toml'), ''))
  writeFileSync(join(folder, 'config.toml'), '[look]\n"\\u001b[2Ja\\nb" = 1\n')
  const { code, stderr } = await run(['config'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^[ -~]+config\.toml:2: \[look\] has no option a b\n$/)
})
