import { execSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { SessionFolder } from '../../src/net/files/sessions.ts'
import { jsonLines } from '../support/json-lines.ts'
import { run } from '../support/program.ts'
import { PROGRAM, Pty } from '../support/pty.ts'
import { TestHome } from '../support/test-home.ts'

const REPORT = fileURLToPath(new URL('../support/tty-report.js', import.meta.url))
const home = new TestHome()

type Finding = Readonly<{ level: string; topic: string; text: string; advice?: string }>

function configure(text: string): void {
  mkdirSync(home.path('.config', 'tchat'), { recursive: true })
  writeFileSync(home.path('.config', 'tchat', 'config.toml'), text)
}

async function findings(...args: readonly string[]): Promise<readonly Finding[]> {
  const { stdout } = await run(['doctor', '--json', ...args], home.env)
  return jsonLines(stdout)
}

describe('tchat doctor', () => {
  test('finds nothing wrong where nothing is, without a terminal', async () => {
    const { code, stdout } = await run(['doctor'], home.env)
    expect(stdout).not.toMatch(/^(warn|fail)/m)
    expect(stdout).toMatch(/^ok +versions +tchat \d/m)
    expect(stdout).toMatch(/^ok +configuration +none; it would be .*config\.toml$/m)
    expect(code).toBe(0)
  })

  test('names the line that is wrong in the configuration, and exits with 1', async () => {
    configure('[look]\ntheme = "drak"\n')
    const { code, stdout } = await run(['doctor'], home.env)
    expect(stdout).toMatch(/^fail +configuration +.*config\.toml:2: look\.theme: "drak"/m)
    expect(code).toBe(1)
  })

  test('names actions that have no key any more', async () => {
    configure('[keys.bind]\n"ctrl+x T" = "none"\n')
    const found = await findings()
    expect(found).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        topic: 'keys',
        text: 'theme has no key any more (it was Ctrl-X T)',
      }),
    )
  })

  test('finds files that others can read, and says how to mend it', async () => {
    const folder = home.path('.local', 'state', 'tchat')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(home.path('.local', 'state', 'tchat', 'token'), 'x', { mode: 0o600 })
    expect(await findings()).toContainEqual({
      level: 'ok',
      topic: 'files',
      text: `${folder}: yours alone`,
    })
    chmodSync(home.path('.local', 'state', 'tchat', 'token'), 0o644)
    expect(await findings()).toContainEqual({
      level: 'fail',
      topic: 'files',
      text: `${folder}/token has mode 644: others can read it`,
      advice: `chmod -R go= '${folder}'`,
    })
  })

  test('reaches a server by its name in the configuration, and remembers nothing of it', async () => {
    const { port } = await home.serve()
    configure(`[[servers]]\nname = "office"\naddress = "127.0.0.1:${port}"\n`)
    const found = await findings('office')
    const about = (topic: string) => found.find((finding) => finding.topic === topic)
    expect(about('server')).toMatchObject({ level: 'ok' })
    expect(about('server')?.text).toContain(`127.0.0.1:${port}: TLS`)
    expect(about('protocol')).toMatchObject({ level: 'ok' })
    expect(about('protocol')?.text).toMatch(/version 2, an answer in [\d.]+ ms/)
    expect(about('files')?.text).toContain('is not there yet')
  })

  test('looks at the server that TCHAT_SERVER names, else at the one used last', async () => {
    const about = async (env: Readonly<Record<string, string>>) => {
      const { stdout } = await run(['doctor'], { ...home.env, ...env })
      return /^fail +server +.*$/m.exec(stdout)?.[0] ?? ''
    }
    expect(await about({})).toBe('')
    expect(await about({ TCHAT_SERVER: '127.0.0.1:2' })).toContain('127.0.0.1:2')
    const [user, token] = [{ id: '~me', name: 'me' }, Buffer.alloc(32)]
    const sessions = new SessionFolder(home.path('.local', 'state', 'tchat'))
    await sessions.keep({ server: '127.0.0.1:1', plaintext: true, user, token, usedAt: 1 })
    expect(await about({})).toContain('127.0.0.1:1')
  })

  test('finds a configuration that others can write, since it names programs', async () => {
    configure('')
    const file = home.path('.config', 'tchat', 'config.toml')
    chmodSync(file, 0o664)
    expect(await findings()).toContainEqual(
      expect.objectContaining({ level: 'fail', topic: 'files', advice: `chmod go-w '${file}'` }),
    )
  })

  test('says why a server cannot be reached', async () => {
    expect(await findings('127.0.0.1:1')).toContainEqual(
      expect.objectContaining({
        level: 'fail',
        topic: 'server',
        text: expect.stringContaining('nothing listens at 127.0.0.1:1') as string,
      }),
    )
  })

  test('asks a terminal what it can do, and leaves it as it was', async () => {
    const line = [REPORT, home.path('pid'), process.execPath, PROGRAM, 'doctor']
    const size = { cols: 140, rows: 40 }
    const screen = home.keep(new Pty(process.execPath, line, { env: home.env, size }))
    await screen.waitFor('ended: 0, terminal sane')
    expect(screen.text).toMatch(/^ok +terminal +TERM=xterm-256color, 140 x 40 cells$/m)
    expect(screen.text).toMatch(/^ok +widths +signs are as wide/m)
    expect(screen.text).toMatch(/^ok +widths +letters are as wide/m)
    // What was measured is gone, and what the terminal answered is shown by nobody.
    expect(screen.text).not.toMatch(/^●|\^\[|\[\?/m)
  })
})

describe('tchat config', () => {
  test.each(['.config', 'a folder of $(mine)'])(
    'prints where the file is, and a whole one, in %s',
    async (folder) => {
      const file = home.path(folder, 'tchat', 'config.toml')
      const env = { ...home.env, XDG_CONFIG_HOME: home.path(folder) }
      const { code, stdout, stderr } = await run(['config'], env)
      expect([code, stdout]).toEqual([0, `${file}\n`])
      // What it says to do works as it stands, also where there is no folder for the file yet.
      const advice = /: (.*tchat) (config --defaults > .*)\n$/.exec(stderr)
      const [, before = '', behind = ''] = advice ?? []
      const program = `${process.execPath} ${PROGRAM} `
      execSync(`${before.replace(/tchat$/, program)}${behind}`, { env })
      expect(await run(['config'], env)).toEqual({ code: 0, stdout: `${file}\n`, stderr: '' })
    },
  )

  test('prints every mistake with its line', async () => {
    configure('[look]\ntheme = dark\nmouse = 1\n')
    const { code, stderr } = await run(['config'], home.env)
    expect(code).toBe(1)
    expect(stderr).toMatch(/config\.toml:2: a text stands in quotes: theme = "dark"\n/)
    expect(stderr).toMatch(/config\.toml:3: look\.mouse: 1 is neither true nor false/)
  })

  test.each([
    [['--config', '/nonexistent/x.toml'], {}, "--config '/nonexistent/x.toml' cannot be read"],
    [[], { TCHAT_CONFIG: '/nonexistent/y.toml' }, "TCHAT_CONFIG '/nonexistent/y.toml' cannot be"],
    [['--theme', 'drak'], {}, "--theme goes with 'tchat'"],
  ])('%j with %j is wrong use', async (args, env, said) => {
    const { code, stderr } = await run(['config', ...args], { ...home.env, ...env })
    expect(code).toBe(2)
    expect(stderr).toContain(said)
  })
})

test.each([
  [['--theme', 'drak'], {}, /--theme: "drak" is none of .*did you mean 'dark'/],
  [[], { TCHAT_KEYMAP: 'emacs' }, /TCHAT_KEYMAP: "emacs" is none of default, readline/],
])('%j with %j is refused before the screen is taken', async (args, env, said) => {
  const { code, stderr } = await run(args, { ...home.env, ...env })
  expect(code).toBe(2)
  expect(stderr).toMatch(said)
})

test('a flag wins over its variable, and that one over the file', async () => {
  configure('[look]\ntheme = "light"\n')
  const start = (...args: readonly string[]) =>
    home.keep(
      new Pty(process.execPath, [PROGRAM, ...args], {
        env: { ...home.env, TCHAT_COLOURS: 'truecolor', COLORTERM: '' },
      }),
    )
  const byFile = start()
  await byFile.waitFor('Chat that lives in the terminal')
  const byFlag = start('--ascii')
  await byFlag.waitFor('Connect to...')
})
