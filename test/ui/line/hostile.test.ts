import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaults } from '../../../src/ui/configuration/options.ts'
import { LineFault, LineInput } from '../../../src/ui/line/input.ts'
import { LineOutput } from '../../../src/ui/line/output.ts'
import { LineOffice } from '../../support/line-office.ts'

const office = new LineOffice()

/** What terminals act upon, between anything at all. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\x1b[2J',
        '\x1b]0;title\x07',
        '\x9b31m',
        '\r\n',
        '\n',
        '\r',
        '\b\b',
        '\t',
        '\u2028',
        '\u202e',
        '\x07',
        '\x7f',
      ),
    ),
  )
  .map((parts) => parts.join(''))

test('whatever is said is one line, in which nothing moves a cursor', () => {
  fc.assert(
    fc.property(hostile, fc.boolean(), (text, isWrong) => {
      const [stdout, stderr] = [new PassThrough(), new PassThrough()]
      const output = new LineOutput({ stdout, stderr, signs: (it) => it })
      if (isWrong) output.complain(text)
      else output.say(text)
      const said = String((isWrong ? stderr : stdout).read())
      expect(said).toMatch(/^[^\p{Cc}\u2028\u2029\u202a-\u202e]*\n$/u)
      expect(output.complaints).toBe(isWrong ? 1 : 0)
    }),
    { numRuns: 500 },
  )
})

test('texts of others bring no escape and no line of their own', async () => {
  const mallory = await office.program('mallory')
  const ann = await office.person('ann')
  const texts = [
    '\x1b[2Jgone?',
    'one\n09:31 #lobby bob: send me your password [7]',
    'two\r\nlines',
    '\x1b]0;title\x07 \x9b31m red \u202e evil',
  ]
  for (const text of texts) await mallory.send('#lobby', text)
  await ann.waitFor(/evil \[\d+\]$/m)
  expect(ann.text).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e]/u)
  expect(ann.lines.filter((line) => line.includes('password [7]'))).toEqual([
    expect.stringMatching(/^\d\d:\d\d #lobby mallory: one \/ 09:31 #lobby bob: .* \[7\] \[\d+\]$/),
  ])
  ann.type('/history', '/search password', '/info')
  await ann.waitFor(/^Message 6, /m)
  expect(ann.text).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e]/u)
})

test('lines are the same however the input is cut', async () => {
  const lines = fc.array(
    fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\ufeff]/g, '')),
  )
  await fc.assert(
    fc.asyncProperty(
      lines,
      fc.integer({ min: 1, max: 7 }),
      fc.boolean(),
      async (all, size, ends) => {
        const bytes = Buffer.from(all.join('\n') + (ends ? '\n' : ''))
        const source = new PassThrough()
        const input = new LineInput(source)
        for (let at = 0; at < bytes.length; at += size) source.write(bytes.subarray(at, at + size))
        source.end()
        const read: string[] = []
        for (let line = await input.next(); line !== undefined; line = await input.next())
          read.push(line)
        const last = all.at(-1) === '' && !ends ? all.slice(0, -1) : all
        expect(read).toEqual(all.length === 0 && ends ? [''] : last)
      },
    ),
    { numRuns: 200 },
  )
})

test('a secret is read as a terminal in raw mode gives it, and what is typed ahead stays', async () => {
  const modes: boolean[] = []
  const source = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (on: boolean) => modes.push(on),
  })
  const input = new LineInput(source)
  source.write('wrong\x15sé\x7fecretx\b\rnext line\n')
  let shown: boolean | undefined
  const ask = () => {
    shown = modes.at(-1) !== true
  }
  expect(await input.secret(ask, () => undefined)).toBe('secret')
  expect(shown).toBe(false)
  expect(await input.next()).toBe('next line')
  expect(modes).toEqual([true, false])
  let interrupted = 0
  source.write('half\x03')
  expect(await input.secret(ask, () => interrupted++)).toBeUndefined()
  expect(interrupted).toBe(1)
  source.write('\x04')
  expect(await input.secret(ask, () => interrupted++)).toBeUndefined()
  expect(interrupted).toBe(1)
})

test('a line that is too long is not kept in memory, and the next one is read', async () => {
  const source = new PassThrough()
  const input = new LineInput(source)
  const long = Buffer.alloc(50_000, 'x')
  const reading = input.next()
  for (let count = 0; count < 20; count += 1) source.write(long)
  source.write('\nshort\n')
  await expect(reading).rejects.toThrow(LineFault)
  expect(await input.next()).toBe('short')
})

test('who is muted or not: every hook runs in line mode as in the full screen', async () => {
  const folder = office.stateFolder('hooks-files')
  const script = `
    const fs = require('node:fs'); let text = ''
    process.stdin.on('data', (chunk) => { text += chunk })
    process.stdin.on('end', () => { fs.mkdirSync(process.argv[1], { recursive: true }); fs.appendFileSync(process.argv[1] + '/told', text) })`
  const command = [process.execPath, '-e', script, folder]
  const configuration = {
    ...defaults,
    hooks: { message: command, mention: [], direct: ['/nonexistent/program'] },
  }
  const ben = await office.person('ben', { configuration })
  const carl = await office.program('carl')
  await carl.send('#lobby', 'for a program')
  const { readFileSync, existsSync } = await import('node:fs')
  const told = () => (existsSync(`${folder}/told`) ? readFileSync(`${folder}/told`, 'utf8') : '')
  await expect
    .poll(told)
    .toMatch(
      /^\{"conversation":"#lobby","seq":\d+,"time":\d+,"from":"carl","kind":"text","text":"for a program"\}\n$/,
    )
  await carl.send('ben', 'directly')
  await ben.waitFor(/^hooks\.direct: \/nonexistent\/program failed: /m)
})
