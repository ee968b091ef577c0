import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Program, run } from '../support/program.ts'
import { PROGRAM, Pty } from '../support/pty.ts'
import { TestHome } from '../support/test-home.ts'

/** Line mode of the built program, at a terminal and in pipes. */

const home = new TestHome()
const PASSWORD = 'correct horse'

async function account(port: number, user: string): Promise<void> {
  const env = { ...home.env, TCHAT_PASSWORD: PASSWORD }
  const args = ['login', '--register', '--server', `127.0.0.1:${port}`, '--user', user]
  expect(await run(args, env)).toMatchObject({ code: 0 })
}

/** A line of a real shell; `tchat` is the program. */
function shell(line: string): Program {
  const script = `set -o pipefail; tchat() { "\${program[@]}" "$@"; }; program=("$@"); ${line}`
  return home.keep(new Program([], home.env, PROGRAM, ['bash', '-c', script, 'bash']))
}

test('a terminal that knows only lines gets lines, without being asked for', async () => {
  const { port } = await home.serve()
  const env = { ...home.env, TERM: 'dumb' }
  const screen = home.keep(
    new Pty(process.execPath, [PROGRAM, 'connect', `127.0.0.1:${port}`], { env }),
  )
  await screen.waitFor('Have you an account there?')
  screen.type('no\r')
  await screen.waitFor('Your name?')
  screen.type('ann\r')
  await screen.waitFor('A password, at least 8 characters?')
  screen.type(`${PASSWORD}\r`)
  await screen.waitFor('The same password again?')
  screen.type(`${PASSWORD}\r`)
  await screen.waitFor('You are in #lobby')
  expect(screen.text).not.toContain('horse')
  screen.type('hello 世界\r')
  await screen.waitFor(/#lobby you: hello 世界 \[\d+\] sent/)
  expect(screen.modesOn).toEqual([])
  screen.type('\x03')
  await screen.waitFor('Ctrl-C again ends.')
  screen.type('\x03')
  expect(await screen.exit()).toBe(0)
  // tchat alone goes where one was last, since no screen can ask.
  const again = home.keep(new Pty(process.execPath, [PROGRAM], { env }))
  await again.waitFor('as ann.')
  again.type('\x04')
  expect(await again.exit()).toBe(0)
})

test('a dumb terminal where nobody has been anywhere is told what to type', async () => {
  const env = { ...home.env, TERM: 'dumb' }
  const screen = home.keep(new Pty(process.execPath, [PROGRAM], { env }))
  await screen.waitFor("'tchat connect --lin")
  expect(await screen.exit()).toBe(2)
})

test('in a pipe lines go in and come out, and there is no escape', async () => {
  const { port } = await home.serve()
  await account(port, 'bob')
  writeFileSync(home.path('lines'), 'one\n/names\n/zoom\ntwo')
  const line = `tchat connect --line < '${home.path('lines')}'`
  const { code, stdout, stderr } = await shell(line).ended
  expect(code).toBe(1)
  expect(stderr).toBe('/zoom is about the full screen: nothing else stands beside the log here.\n')
  expect(stdout).toMatch(
    /#lobby you: one \[\d+\] sent\nIn #lobby: bob\.\n.*#lobby you: two \[\d+\] sent\n$/,
  )
  expect(stdout).not.toMatch(/[^\P{Cc}\n]/u)
})

test('who has had enough ends it, as with head, and a signal does', async () => {
  const { port } = await home.serve()
  await account(port, 'cat')
  const some = shell('yes /names | tchat connect --line | head -3')
  expect((await some.ended).stdout).toMatch(/^Connecting to .*\nConnected to .*\n.*\n$/)
  // What writes to it ends when it does.
  const idle = 'exec "$@" < <(exec tail --pid=$$ -f /dev/null 2>/dev/null)'
  const under = ['bash', '-c', idle, 'bash']
  const line = home.keep(new Program(['connect', '--line'], home.env, PROGRAM, under))
  await line.waitFor(/You are in #lobby/)
  line.kill('SIGTERM')
  expect(await line.ended).toMatchObject({ code: 0, stderr: '' })
})

test('what is wrong is one line and an exit code', async () => {
  const { port } = await home.serve()
  const address = `127.0.0.1:${port}`
  expect(await run(['connect', '--line'], home.env)).toEqual({
    code: 2,
    stdout: '',
    stderr: "tchat: where to? 'tchat connect --line HOST[:PORT]'\n",
  })
  expect(await run(['connect', '--line', '127.0.0.1:1', '--user', 'x'], home.env)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^tchat: .*127\.0\.0\.1:1.*\n$/),
  })
  expect(await run(['connect', '--line', address, '--user', 'x'], home.env)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^tchat: nobody is logged in at .*\n$/),
  })
  const env = { ...home.env, TCHAT_PASSWORD: 'wrong horse' }
  expect(await run(['connect', '--line', address, '--user', 'x'], env)).toMatchObject({
    code: 1,
    stderr: 'tchat: Name or password is wrong.\n',
  })
})
