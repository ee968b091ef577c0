import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Home } from '../support/home.ts'
import { KEYS, PROGRAM, Pty } from '../support/pty.ts'
import { type Person, Stage } from '../support/stage.ts'

const REPORT = fileURLToPath(new URL('../support/tty-report.js', import.meta.url))
const LATE_FAULT = pathToFileURL('test/support/late-fault.js').href

describe('on the start screen the terminal is as it was', () => {
  let home: Home
  let screen: Pty

  beforeEach(async () => {
    home = new Home()
    const line = [REPORT, home.path('pid'), process.execPath, PROGRAM]
    screen = new Pty(process.execPath, line, { env: home.env })
    await screen.waitFor('Host here')
    expect(screen.isFullScreen).toBe(true)
  })

  afterEach(async () => {
    await screen.close()
    home[Symbol.dispose]()
  })

  test('after leaving by a key', async () => {
    screen.type('q')
    await expectRestored(screen, 'ended: 0')
  })

  test('after Ctrl-C', async () => {
    screen.type(KEYS.ctrlC)
    await expectRestored(screen, 'ended: 0')
  })

  test.each([
    ['SIGTERM', '143'],
    ['SIGHUP', '129'],
    ['SIGINT', '130'],
  ] as const)('after %s', async (signal, code) => {
    process.kill(clientOf(home), signal)
    await expectRestored(screen, `ended: ${code}`)
  })
})

describe('in a conversation the terminal is as it was', () => {
  let stage: Stage
  let alice: Person

  beforeEach(async () => {
    stage = await Stage.open()
    alice = stage.person('alice')
    mkdirSync(alice.home.path('.config/tchat'), { recursive: true })
    writeFileSync(alice.home.path('.config/tchat/config.toml'), '[look]\nmouse = true\n')
    alice.start({
      under: (command) => [process.execPath, REPORT, alice.home.path('pid'), ...command],
      env: { NODE_OPTIONS: `--import ${LATE_FAULT}` },
      // A stack trace has long lines.
      size: { cols: 160, rows: 40 },
    })
    await alice.register()
    await alice.say('here I am')
    await alice.sees(/✓+ here I am/)
    const on = ['other screen', 'bracketed paste', 'focus reports', 'mouse reports']
    await alice.screen.waitFor(({ modesOn }) => on.every((mode) => modesOn.includes(mode)))
  })

  afterEach(async () => {
    await stage[Symbol.asyncDispose]()
  })

  test('after leaving by keys', async () => {
    alice.screen.type(`${KEYS.ctrlX}q`)
    await expectRestored(alice.screen, 'ended: 0')
  })

  test.each([
    ['SIGTERM', '143'],
    ['SIGHUP', '129'],
    ['SIGINT', '130'],
    ['SIGQUIT', '131'],
  ] as const)('after %s', async (signal, code) => {
    process.kill(clientOf(alice.home), signal)
    await expectRestored(alice.screen, `ended: ${code}`)
  })

  test.each([
    ['an exception that nobody catches', 'SIGUSR2'],
    ['a rejection that nobody handles', 'SIGPIPE'],
  ] as const)('after %s, which is told', async (_, signal) => {
    process.kill(clientOf(alice.home), signal)
    await expectRestored(alice.screen, 'ended: 1')
    expect(alice.screen.text).toContain('tchat: Error: provoked by the test')
  })
})

test('a window that is closed ends the client without a word, also where it hears no SIGHUP', async () => {
  await using stage = await Stage.open()
  const alice = stage.person('alice')
  const errors = alice.home.path('errors')
  const deaf = 'trap "" HUP; exec "$@" 2>"$ERRORS"'
  alice.start({ under: (command) => ['sh', '-c', deaf, 'sh', ...command], env: { ERRORS: errors } })
  await alice.register()
  await alice.say('here I am')
  const { pid } = alice.screen
  alice.screen.hangUp()
  await expect.poll(() => isRunning(pid)).toBe(false)
  // Ink shows the cursor again, wherever it can.
  expect(stripVTControlCharacters(readFileSync(errors, 'utf8'))).toBe('')
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** The process id of the program in the terminal. */
function clientOf(home: Home): number {
  return Number(readFileSync(home.path('pid'), 'utf8'))
}

async function expectRestored(screen: Pty, end: string): Promise<void> {
  await screen.waitFor(/ended: .*/)
  expect(screen.text).toContain(`${end}, terminal sane`)
  expect(screen.modesOn).toEqual([])
}
