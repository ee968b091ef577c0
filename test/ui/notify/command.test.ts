import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type CommandFailure, ProgramRunner } from '../../../src/ui/notify/command.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('the program gets what is told on its standard input, and no shell looks at its words', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'told; touch x')
  const { command, failures } = begin([process.execPath, '-e', APPEND, file])
  command.run('{"title":"$(alice)"}\n')
  await expect.poll(() => contentOf(file)).toBe('{"title":"$(alice)"}\n')
  expect(failures).toEqual([])
})

test('few run at a time, all in the order in which they came, and far too many are dropped', async () => {
  const file = join(temporaryFolder(), 'told')
  const { command } = begin([process.execPath, '-e', APPEND, file])
  for (let index = 0; index < 40; index += 1) command.run(`${index}\n`)
  // The first three run, the ten newest wait.
  await expect.poll(() => contentOf(file).split('\n').length - 1).toBe(13)
  const lines = contentOf(file).trim().split('\n').map(Number)
  expect(lines.toSorted((one, other) => one - other)).toEqual([
    0, 1, 2, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39,
  ])
})

test.each([
  [['/nonexistent/program'], { why: 'notStarted' }],
  [[process.execPath, '-e', 'process.exit(3)'], { why: 'exit', code: 3 }],
  [['\0'], { why: 'notStarted' }],
])('%o fails in words, once', async (words, failure) => {
  const { command, failures } = begin(words as [string])
  for (let count = 0; count < 3; count += 1) command.run('{}\n')
  await expect.poll(() => failures).toMatchObject([failure])
  const other = begin([process.execPath, '-e', ''])
  other.command.run('{}\n')
  expect(failures).toHaveLength(1)
})

test('one that does not read what it is given does no harm', async () => {
  // Its end is told when all that was written to it has failed.
  const { command, failures } = begin([process.execPath, '-e', 'process.exit(5)'])
  command.run('x'.repeat(1_000_000))
  await expect.poll(() => failures).toEqual([{ why: 'exit', code: 5 }])
})

test('one that takes too long is ended, and the next has its place', async () => {
  const folder = temporaryFolder()
  const started = join(folder, 'started')
  const script = `require('node:fs').appendFileSync(process.argv[1], 'x'); setInterval(() => {}, 1000)`
  const { command, failures, clock } = begin([process.execPath, '-e', script, started])
  for (let count = 0; count < 4; count += 1) command.run('{}\n')
  await expect.poll(() => contentOf(started)).toBe('xxx')
  await clock.advance(10_000)
  expect(failures).toEqual([{ why: 'late' }])
  await expect.poll(() => contentOf(started)).toBe('xxxx')
})

/** Thirteen programs are started one after the other. */

const APPEND = `
let text = ''
process.stdin.on('data', (chunk) => { text += chunk })
process.stdin.on('end', () => require('node:fs').appendFileSync(process.argv[1], text))
`

function begin(words: readonly [string, ...string[]]) {
  const clock = new FakeClock()
  const failures: CommandFailure[] = []
  const onFailure = (failure: CommandFailure) => failures.push(failure)
  const command = new ProgramRunner({ words, clock, onFailure })
  onTestFinished(() => command.stop())
  return { command, failures, clock }
}

function contentOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
