import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../support/program.ts'
import { PROGRAM, Pty } from '../support/pty.ts'
import { TestHome } from '../support/test-home.ts'

const home = new TestHome()

describe('without a terminal', () => {
  test('--version prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(await run(['--version'], home.env)).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    })
  })

  test('--help prints the usage', async () => {
    const { code, stdout } = await run(['--help'], home.env)
    expect(code).toBe(0)
    expect(stdout).toContain('tchat connect [HOST[:PORT]]')
  })

  test.each([[['connect', 'localhost']], [[]]])(
    '%j says in one line what needs none',
    async (args) => {
      const { code, stdout, stderr } = await run(args, home.env)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/^tchat: this needs a terminal .*'tchat connect --line HOST.*\n$/)
    },
  )

  test.each([
    [['connect'], 'connect HOST[:PORT]'],
    [['connect', 'a', 'b'], "'b'"],
    [['connect', 'a:b'], "'a:b' is not an address"],
    [['connect', 'a', '--user', '~x'], "--user '~x'"],
    [['connect', 'a', '--trust', 'sha256:12'], '--trust: '],
    [['conect', 'a'], "did you mean 'connect'"],
  ])('%j is wrong use', async (args, words) => {
    const { code, stderr } = await run(args, home.env)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^tchat: .*\n$/)
    expect(stderr).toContain(words)
  })
})

test('a state folder that cannot be used is one line, not a stack trace', async () => {
  const state = home.path('a-file')
  writeFileSync(state, 'not a folder')
  const args = [PROGRAM, 'connect', '127.0.0.1:1', '--trust', `sha256:${'0'.repeat(64)}`]
  const screen = new Pty(process.execPath, args, {
    env: { ...home.env, XDG_STATE_HOME: state },
    size: { cols: 200, rows: 24 },
  })
  expect(await screen.exit()).toBe(1)
  expect(screen.text.trimEnd()).toMatch(
    /^tchat: cannot use .*a-file.*: a file is .*: move it away$/,
  )
  await screen.close()
})

describe('a Node that is too old', () => {
  test.each(['18.20.4', '20.20.2', '22.12.0', '24.14.9'])('%s gets one line', (version) => {
    const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, PROGRAM, '--version'],
      { encoding: 'utf8' },
    )
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^tchat: needs Node\.js >=24\.15, this is .*\n$/)
    expect(stderr).toContain(version)
  })

  test.each(['24.15.0', '24.21.0', '25.0.0', '26.1.0'])('%s is not', (version) => {
    const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`
    const { status } = spawnSync(process.execPath, [
      '--import',
      `data:text/javascript,${encodeURIComponent(pretend)}`,
      PROGRAM,
      '--version',
    ])
    expect(status).toBe(0)
  })

  // The file must also parse there: tried with whatever old Nodes this machine has.
  test.each(oldNodes())('%s gets the line, too', (node) => {
    const { status, stderr } = spawnSync(node, [PROGRAM, '--version'], { encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^tchat: needs Node\.js >=24\.15, this is .*\n$/)
  })
})

function oldNodes(): string[] {
  const nodes = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'))
  return nodes.filter((node) => existsSync(node) && /^v(1\d|2[0-3])\./.test(versionOf(node)))
}

function versionOf(node: string): string {
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout
}
