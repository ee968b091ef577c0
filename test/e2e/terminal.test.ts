import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Home } from '../support/home.ts'
import { KEYS, PROGRAM, Pty } from '../support/pty.ts'

const REPORT = fileURLToPath(new URL('../support/tty-report.js', import.meta.url))

let home: Home
let screen: Pty

beforeEach(() => {
  home = new Home()
})

afterEach(async () => {
  await screen.close()
  home[Symbol.dispose]()
})

async function open(...args: string[]): Promise<void> {
  const line = [REPORT, home.path('pid'), process.execPath, PROGRAM, ...args]
  screen = new Pty(process.execPath, line, { env: home.env })
  await screen.waitFor('Host here')
  expect(screen.isFullScreen).toBe(true)
}

describe('the terminal is as it was', () => {
  test('after leaving by a key', async () => {
    await open()
    screen.type('q')
    await expectRestored('ended: 0')
  })

  test('after Ctrl-C', async () => {
    await open()
    screen.type(KEYS.ctrlC)
    await expectRestored('ended: 0')
  })

  test.each([
    ['SIGTERM', '143'],
    ['SIGHUP', '129'],
    ['SIGINT', '130'],
  ] as const)('after %s', async (signal, code) => {
    await open()
    process.kill(Number(readFileSync(home.path('pid'), 'utf8')), signal)
    await expectRestored(`ended: ${code}`)
  })
})

async function expectRestored(end: string): Promise<void> {
  await screen.waitFor(/ended: .*/)
  expect(screen.text).toContain(`${end}, terminal sane`)
  expect(screen.isFullScreen).toBe(false)
  expect(screen.isCursorShown).toBe(true)
  expect(screen.isPasteBracketed).toBe(false)
}
