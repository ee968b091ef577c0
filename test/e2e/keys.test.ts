import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from 'vitest'
import { KEYS, PROGRAM, Pty } from '../support/pty.ts'
import { TestHome } from '../support/test-home.ts'

const REPORT = fileURLToPath(new URL('../support/tty-report.js', import.meta.url))
const home = new TestHome()

describe('tchat keys', () => {
  let screen: Pty

  beforeEach(async () => {
    mkdirSync(home.path('.config', 'tchat'), { recursive: true })
    writeFileSync(
      home.path('.config', 'tchat', 'config.toml'),
      '[keys.bind]\n"ctrl+o" = "nextUnread"\n"f5" = "help"\n"ctrl+s" = "search"\n"ctrl+q" = "goTo"\n',
    )
    const line = [REPORT, home.path('pid'), process.execPath, PROGRAM, 'keys']
    const size = { cols: 160, rows: 40 }
    screen = home.keep(new Pty(process.execPath, line, { env: home.env, size }))
    await screen.waitFor('Press keys')
  })

  test.each([
    [KEYS.up, /^\\e\[A +up \(↑\) +.*In the lists \(Tab\): row above/m],
    ['\x0f', /^\\x0f +ctrl\+o +Everywhere: next unread$/m],
    ['\x1b[15~', /^\\e\[15~ +f5 +Everywhere: /m],
    ['\x1ba', /^\\ea +alt\+a +Everywhere: next unread/m],
    // No flow control of the terminal's takes them.
    ['\x13', /^\\x13 +ctrl\+s +Everywhere: /m],
    ['\x11', /^\\x11 +ctrl\+q +Everywhere: /m],
    ['\r', /^\\x0d +enter +.*While writing: send/m],
    ['\x1b', /^\\e +esc +/m],
    ['é', /^\\xc3\\xa9 +é +writes itself$/m],
    ['\x1b[200~a\rb\x1b[201~', /^\\e\[200~a\\x0db\\e\[201~ +a paste of 3 characters$/m],
    ['\x1b[25~', /^\\e\[25~ +a key that tchat does not know$/m],
  ])('says of %j what it is', async (keys, line) => {
    screen.type(keys)
    await screen.waitFor((shown) => line.test(shown.text))
  })

  test('puts what follows the menu key behind it', async () => {
    screen.type(KEYS.ctrlX)
    await screen.waitFor(/^\\x18 +ctrl\+x +waits for the next key$/m)
    screen.type('c')
    await screen.waitFor(/^c +ctrl\+x c +Everywhere: create a group$/m)
  })

  test('ends by q, and leaves what it printed and the terminal as it was', async () => {
    screen.type('j')
    await screen.waitFor(/^j +j +While reading back/m)
    screen.type('q')
    await expectRestored('ended: 0')
    expect(screen.text).toMatch(/^j +j +While reading back/m)
  })

  test('ends by Ctrl-C, when it comes twice', async () => {
    screen.type(KEYS.ctrlC)
    await screen.waitFor(/^\\x03 +ctrl\+c/m)
    screen.type('x')
    await screen.waitFor(/^x +x/m)
    screen.type(KEYS.ctrlC)
    await screen.waitFor(/^x[\s\S]*^\\x03 +ctrl\+c/m)
    screen.type(KEYS.ctrlC)
    await expectRestored('ended: 0')
  })

  async function expectRestored(end: string): Promise<void> {
    await screen.waitFor(/ended: .*/)
    expect(screen.text).toContain(`${end}, terminal sane`)
    expect(screen.isCursorShown).toBe(true)
    expect(screen.isPasteBracketed).toBe(false)
  }
})
