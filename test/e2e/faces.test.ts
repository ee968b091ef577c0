import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { Program, run } from '../support/program.ts'
import { PROGRAM, Pty } from '../support/pty.ts'
import { TestHome } from '../support/test-home.ts'

const PRELOAD = pathToFileURL('test/support/module-log.js').href

const home = new TestHome()

function env(): Record<string, string> {
  return { ...home.env, NODE_OPTIONS: `--import ${PRELOAD}`, MODULE_LOG: home.path('modules') }
}

/** What was loaded: files, and the sources in them, each of which has its path in a line above it. */
function loaded(): string {
  const files = readFileSync(home.path('modules'), 'utf8').split('\n')
  const built = files.filter((file) => file.includes('/dist/program/'))
  const sources = built.flatMap((file) => {
    return readFileSync(fileURLToPath(file), 'utf8').match(/^\/\/ \S+\.[jt]sx?$/gm) ?? []
  })
  return [...files, ...sources].join('\n')
}

function faces(): string[] {
  const modules = loaded()
  const signs = {
    react: 'node_modules/react/',
    ink: 'node_modules/ink/',
    sqlite: 'node:sqlite',
    ui: 'src/ui/',
    server: 'src/server/',
    net: 'src/net/',
  }
  expect(modules).toContain('src/cli/main.ts')
  return Object.entries(signs)
    .filter(([, sign]) => modules.includes(sign))
    .map(([name]) => name)
}

describe('each face is loaded only when it is used', () => {
  test.each(['--version', '--help'])('%s needs none', async (flag) => {
    expect(await run([flag], env())).toMatchObject({ code: 0 })
    expect(faces()).toEqual([])
  })

  test('a server has no interface', async () => {
    const server = new Program(['--serve', '--port', '0'], env())
    await server.waitFor(/Ctrl-C/)
    server.kill('SIGTERM')
    await server.ended
    expect(faces()).toEqual(['sqlite', 'server', 'net'])
  })

  test('what is sent from a pipe has neither interface nor server', async () => {
    const { port } = await home.serve()
    const account = ['--server', `127.0.0.1:${port}`, '--user', 'alice']
    const withPassword = { ...env(), TCHAT_PASSWORD: 'correct horse' }
    const login = await run(['login', '--register', ...account], withPassword)
    expect(login).toMatchObject({ code: 0 })
    expect(await run(['send', '#lobby', 'hello'], env())).toMatchObject({ code: 0, stderr: '' })
    for (const face of ['react', 'ink', 'sqlite', 'server']) expect(faces()).not.toContain(face)
    expect(faces()).toContain('net')
  })

  test('line mode has neither React nor a server', async () => {
    const { port } = await home.serve()
    const account = ['--server', `127.0.0.1:${port}`, '--user', 'alice']
    const withPassword = { ...env(), TCHAT_PASSWORD: 'correct horse' }
    expect(await run(['login', '--register', ...account], withPassword)).toMatchObject({ code: 0 })
    writeFileSync(home.path('modules'), '')
    expect(await run(['connect', '--line'], env())).toMatchObject({ code: 0, stderr: '' })
    expect(faces()).toEqual(['ui', 'net'])
  })

  test('a client has no database', async () => {
    const client = new Pty(process.execPath, [PROGRAM], { env: env() })
    await client.waitFor('Host here')
    client.type('q')
    expect(await client.exit()).toBe(0)
    expect(faces()).toEqual(['react', 'ink', 'ui', 'net'])
    expect(loaded()).not.toContain('toml')
  })

  test('TOML is read only where there is a file', async () => {
    expect(await run(['config'], env())).toMatchObject({ code: 0 })
    expect(loaded()).not.toContain('toml-eslint-parser')
    writeFileSync(home.path('config.toml'), '')
    expect(await run(['config', '--config', home.path('config.toml')], env())).toMatchObject({
      code: 0,
    })
    expect(loaded()).toContain('toml-eslint-parser')
  })
})
