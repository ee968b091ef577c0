import { PassThrough } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { BackgroundQuestion } from '../../../src/ui/appearance/background-question.ts'
import { runUi } from '../../../src/ui/run.tsx'
import { ScriptedWorld } from '../../support/scripted-world.ts'

const ASK = '\x1b]11;?\x1b\\'
const ATTRIBUTES = '\x1b[c'
const LIGHT = '\x1b]11;rgb:ffff/ffff/ffff\x1b\\'
const XTERM = '\x1b[?62;22c'

/** A question whose time passes when a test says so. */
function question() {
  const written: string[] = []
  const parts = { now: 0, waiting: new Set<() => void>() }
  const asked = new BackgroundQuestion({
    write: (text) => written.push(text),
    now: () => parts.now,
    after: (_, run) => {
      parts.waiting.add(run)
      return () => parts.waiting.delete(run)
    },
  })
  return { asked, written, parts }
}

test('what was answered, or was never asked, keeps nobody', async () => {
  const { asked, written } = question()
  await asked.settle()
  asked.ask()
  expect(asked.take(LIGHT)).toBe('light')
  await asked.settle()
  expect(written).toEqual([ASK])
})

test('an answer that has not come is waited for, until the one that every terminal gives', async () => {
  const { asked, written, parts } = question()
  asked.ask()
  const settled = asked.settle()
  expect(written).toEqual([ASK, ATTRIBUTES])
  expect(asked.take(LIGHT)).toBe('light')
  expect(asked.take(XTERM)).toBeUndefined()
  await settled
  expect(parts.waiting.size).toBe(0)
})

test('a terminal that answers nothing is waited for once, and not long', async () => {
  const { asked, parts } = question()
  asked.ask()
  const settled = asked.settle()
  for (const run of parts.waiting) run()
  await settled
})

test('who leaves later is not kept by a terminal that answers nothing', async () => {
  const { asked, written, parts } = question()
  asked.ask()
  parts.now = 6_000
  await asked.settle()
  expect(written).toEqual([ASK])
})

test('a terminal that is gone is not waited for', async () => {
  const { asked } = question()
  asked.ask()
  const settled = asked.settle()
  asked.giveUp()
  await settled
})

test('an answer after a quick end is read by the program, not by the shell', async () => {
  const happened: string[] = []
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (on: boolean) => happened.push(on ? 'raw' : 'cooked'),
    ref: () => stdin,
    unref: () => stdin,
  })
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 })
  stdout.on('data', (chunk: Buffer) => {
    const text = chunk.toString()
    if (!text.endsWith(ATTRIBUTES)) return
    happened.push('asked')
    stdin.write(LIGHT + XTERM)
  })
  const ended = runUi(
    {
      start: 'menu',
      host: () => Promise.reject(new Error('nobody hosts here')),
      stateFolder: '/nonexistent',
      version: '1.2.3',
      stdin: stdin as unknown as NodeJS.ReadStream,
      stdout: stdout as unknown as NodeJS.WriteStream,
      env: { TERM: 'xterm-256color' },
    },
    { connector: new ScriptedWorld(), zone: 'UTC', accountName: () => '' },
  )
  await vi.waitFor(() => expect(happened).toContain('raw'), { timeout: 10_000, interval: 5 })
  stdin.write('q')
  expect(await ended).toBe(0)
  const end = happened.lastIndexOf('cooked')
  expect(happened.indexOf('asked')).toBeGreaterThan(happened.indexOf('raw'))
  expect(happened.indexOf('asked')).toBeLessThan(end)
  expect(happened.slice(happened.indexOf('asked'), end)).not.toContain('cooked')
  // Nothing is left for whoever reads next.
  expect(stdin.readableLength).toBe(0)
})
