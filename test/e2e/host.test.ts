import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Home } from '../support/home.ts'
import { KEYS, PROGRAM, Pty } from '../support/pty.ts'
import { Person } from '../support/stage.ts'

let home: Home
let host: Pty
const guests: Person[] = []

beforeEach(async () => {
  home = new Home()
  host = new Pty(process.execPath, [PROGRAM], { env: { ...home.env, TCHAT_PORT: '0' } })
  await host.waitFor('Host here')
  host.type(KEYS.enter)
  await host.waitFor('Create account')
  host.type(`correct horse battery${KEYS.tab}${KEYS.tab}${KEYS.enter}`)
  await host.waitFor('#lobby')
})

afterEach(async () => {
  await Promise.all(guests.splice(0).map((guest) => guest.discard()))
  await host.close()
  const pid = serverPid()
  if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  home[Symbol.dispose]()
})

test('one Enter on the start screen hosts a server, which quitting can stop', async () => {
  const guest = new Person('guest', serverPort())
  guests.push(guest)
  guest.start()
  await guest.register()
  await host.waitFor(/guest/)
  host.type(`${KEYS.ctrlX}q`)
  await host.waitFor('1 other is connected')
  expect(isAlive(serverPid())).toBe(true)
  host.type(`${KEYS.down}${KEYS.enter}`)
  expect(await host.exit()).toBe(0)
  expect(isAlive(serverPid())).toBe(false)
  await guest.sees(/next try in|connecting/)
})

test('a second host on the same data is told who serves it, and goes there', async () => {
  const second = new Pty(process.execPath, [PROGRAM], { env: { ...home.env, TCHAT_PORT: '0' } })
  try {
    await second.waitFor('Host here')
    second.type(KEYS.enter)
    await second.waitFor(/served by another tchat \(process \d+ at\s+127\.0\.0\.1:\d+\)/)
    second.type(KEYS.enter)
    await second.waitFor('#lobby')
  } finally {
    await second.close()
  }
})

test('a hosted server goes on without its window when it is kept', async () => {
  host.type(`${KEYS.ctrlX}q`)
  await host.waitFor('Nobody else is connected')
  host.type(KEYS.enter)
  expect(await host.exit()).toBe(0)
  const guest = new Person('guest', serverPort())
  guests.push(guest)
  guest.start()
  await guest.register()
  await guest.say('still here')
  await guest.sees(/✓ still here/)
})

test('a hosted server ends when its client is killed', async () => {
  const guest = new Person('guest', serverPort())
  guests.push(guest)
  guest.start()
  await guest.register()
  host.kill('SIGKILL')
  await host.exited
  await guest.sees(/next try in|connecting/)
})

test('a hosted server that is killed is there again, with all that was said', async () => {
  const guest = new Person('guest', serverPort())
  guests.push(guest)
  guest.start()
  await guest.register()
  const before = serverPid()
  process.kill(before, 'SIGKILL')
  await host.waitFor('it was started again')
  expect(serverPid()).not.toBe(before)
  await guest.say('still here')
  await guest.sees(/✓ still here/)
  await host.waitFor(/still here/)
})

function serverPort(): number {
  const log = readFileSync(home.path('.local', 'state', 'tchat', 'server.log'), 'utf8')
  return Number(/connect 127\.0\.0\.1:(\d+)/.exec(log)?.[1])
}

function serverPid(): number {
  const holder = home.path('.local', 'share', 'tchat', 'server', 'served-by')
  return Number(/process (\d+)/.exec(readFileSync(holder, 'utf8'))?.[1])
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
