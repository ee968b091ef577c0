import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Home } from '../support/home.ts'
import { install, type Packed, pack } from '../support/package.ts'
import { Program, run } from '../support/program.ts'
import { Pty } from '../support/pty.ts'

const home = new Home()
let packed: Packed
let program: string

beforeAll(() => {
  packed = pack(home.folder)
  program = install(packed, home.folder)
}, 120_000)

afterAll(() => {
  home[Symbol.dispose]()
})

test('the package has the program and its documents, nothing else', () => {
  const foreign = packed.files.filter(
    (path) =>
      !/^(bin\/tchat\.js|dist\/.*\.(js|d\.ts)|examples\/[\w-]+\.js|docs\/(LIBRARY\.md|OPERATIONS\.md|PRIVACY\.md|PROTOCOL\.md|tchat\.proto)|deploy\/tchat\.service)$/.test(
        path,
      ) && !/^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/.test(path),
  )
  expect(foreign).toEqual([])
  expect(packed.files).toContain('dist/cli/main.js')
  expect(packed.files).toContain('docs/PROTOCOL.md')
  expect(packed.files).toContain('README.md')
})

test('installing the package runs no script', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    scripts: Record<string, string>
  }
  // `prepare` runs in a checkout only, never where a tarball is installed.
  const atInstall = Object.keys(scripts).filter((name) => /^(pre|post)?install$/.test(name))
  expect(atInstall).toEqual([])
})

test('other programs can use its client', () => {
  const script = `
    const { ChatClient } = await import('tchat')
    const { dial } = await import('tchat/dial')
    const { memoryOutbox } = await import('tchat/outbox')
    const { memoryPins } = await import('tchat/pins')
    const { parseAddress } = await import('tchat/address')
    console.log([ChatClient, dial, memoryOutbox, memoryPins, parseAddress].map((it) => it.name).join())
  `
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: home.folder,
    encoding: 'utf8',
  })
  expect({ stdout, stderr }).toEqual({
    stdout: 'ChatClient,dial,memoryOutbox,memoryPins,parseAddress\n',
    stderr: '',
  })
})

test('the installed program answers --version', async () => {
  const { code, stdout } = await run(['--version'], home.env, program)
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
})

test('the installed program serves, and connects to it', async () => {
  const server = new Program(['--serve', '--port', '0'], home.env, program)
  const [, port] = await server.waitFor(/connect 127\.0\.0\.1:(\d+)/)
  const client = new Pty(process.execPath, [program, 'connect', `127.0.0.1:${port}`], {
    env: home.env,
  })
  await client.waitFor('Create account')
  await client.close()
  server.kill('SIGTERM')
  expect(await server.ended).toMatchObject({ code: 0 })
})
