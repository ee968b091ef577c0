import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { KeptDraft } from '../../../src/net/drafts.ts'
import { openDrafts, removeDrafts } from '../../../src/net/files/draft-folder.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const HOLDER = join(import.meta.dirname, '../../support/cache-holder.ts')
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function open(stateFolder: string, user = '~me') {
  return openDrafts({ stateFolder, server: 'sha256:key', user })
}

function draft(text: string, values: Partial<KeptDraft> = {}): KeptDraft {
  return { target: '~alice', text, cursor: text.length, time: 1, ...values }
}

async function files(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  return names.filter((it) => it.isFile()).map(({ parentPath, name }) => join(parentPath, name))
}

test('drafts are there at the next start, with their cursor and what they answer', async () => {
  const folder = temporaryFolder()
  const kept = [
    draft('hello', { cursor: 2 }),
    draft('yes', { target: '~g', composing: { type: 'reply', seq: 7 } }),
    draft('better', { target: '~h', composing: { type: 'edit', seq: 9, before: 'later' } }),
  ]
  const drafts = await open(folder)
  await drafts.save(kept)
  await drafts.close()
  expect((await open(folder)).kept).toEqual(kept)
  for (const file of await files(folder)) expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('what is sent or emptied is gone from the disk', async () => {
  const folder = temporaryFolder()
  const drafts = await open(folder)
  await drafts.save([draft('a secret'), draft('other', { target: '~g' })])
  await drafts.save([draft('other', { target: '~g' })])
  const texts = await Promise.all((await files(folder)).map((file) => readFile(file, 'utf8')))
  expect(texts.join('')).not.toContain('a secret')
  await drafts.save([])
  expect(await files(folder)).toEqual([])
  await drafts.close()
})

test('what is kept at the last moment is not followed by what was begun before', async () => {
  const folder = temporaryFolder()
  const drafts = await open(folder)
  const older = drafts.save([draft('hel')])
  drafts.saveNow([draft('hello')])
  await older
  await drafts.close()
  // This process still runs: nobody takes its file over.
  const [file = ''] = await files(folder)
  expect(await readFile(file, 'utf8')).toContain('"hello"')
})

test('two clients keep their own; the next one gets both', async () => {
  const folder = temporaryFolder()
  const [first, second] = [await open(folder), await open(folder)]
  await first.save([draft('of the first', { time: 1 }), draft('alone', { target: '~g' })])
  await second.save([draft('of the second', { time: 2 })])
  await second.close()
  await first.close()
  const { kept } = await open(folder)
  const texts = kept.map(({ target, text, cursor }) => [target, text, cursor])
  expect(texts).toContainEqual(['~alice', 'of the first\nof the second', 26])
  expect(texts).toContainEqual(['~g', 'alone', 5])
})

test.each([
  { one: 'hel', other: 'hello', both: 'hello' },
  { one: 'the same', other: 'the same', both: 'the same' },
])('nothing stands there twice: $one and $other', async ({ one, other, both }) => {
  const folder = temporaryFolder()
  const [first, second] = [await open(folder), await open(folder)]
  await first.save([draft(one, { time: 1 })])
  await second.save([draft(other, { time: 2 })])
  await Promise.all([first.close(), second.close()])
  expect((await open(folder)).kept).toMatchObject([{ text: both }])
})

test('another draft does not go out with an edit', async () => {
  const folder = temporaryFolder()
  const [first, second] = [await open(folder), await open(folder)]
  await first.save([draft('a new one', { time: 1 })])
  const composing = { type: 'edit', seq: 3, before: '' } as const
  await second.save([draft('mended', { time: 2, composing })])
  await Promise.all([first.close(), second.close()])
  const [kept] = (await open(folder)).kept
  expect(kept).toMatchObject({ text: 'mended', composing: { before: 'a new one' } })
})

const edit = (before: string) => ({ composing: { type: 'edit', seq: 3, before } }) as const

test.each([
  {
    case: 'a draft, then an edit with one of its own',
    older: draft('first'),
    newer: draft('mended', edit('second')),
    kept: { text: 'mended', composing: { before: 'first\nsecond' } },
  },
  {
    case: 'an edit with a draft, then a draft',
    older: draft('mended', edit('first')),
    newer: draft('second'),
    kept: { text: 'first\nmended\nsecond' },
  },
  {
    case: 'an edit with a draft, then the same without',
    older: draft('mended', edit('first')),
    newer: draft('mended', edit('')),
    kept: { text: 'mended', composing: { before: 'first' } },
  },
  {
    case: 'two edits with drafts',
    older: draft('mended', edit('first')),
    newer: draft('better', edit('second')),
    kept: { text: 'better', composing: { before: 'first\nmended\nsecond' } },
  },
])('no text is lost: $case', async ({ older, newer, kept }) => {
  const folder = temporaryFolder()
  const [first, second] = [await open(folder), await open(folder)]
  await first.save([{ ...older, time: 1 }])
  await second.save([{ ...newer, time: 2 }])
  await Promise.all([first.close(), second.close()])
  expect((await open(folder)).kept).toMatchObject([kept])
})

test('what a killed process had is taken over once', async () => {
  const folder = temporaryFolder()
  const child = spawn(process.execPath, [HOLDER, folder, 'half a th'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  await once(createInterface(child.stdout), 'line')
  const during = await open(folder)
  expect(during.kept).toEqual([])
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
  const [one, other] = await Promise.all([open(folder), open(folder)])
  expect([...one.kept, ...other.kept].map(({ text }) => text)).toEqual(['half a th'])
})

test('a file that ends anywhere gives its whole lines', async () => {
  const folder = temporaryFolder()
  await fc.assert(
    fc.asyncProperty(fc.nat(400), async (length) => {
      const drafts = await open(folder)
      await drafts.save([draft('one'), draft('two', { target: '~g' })])
      await drafts.close()
      const [file = ''] = await files(folder)
      const size = (await stat(file)).size
      await truncate(file, Math.min(size, length))
      const next = await open(folder)
      const texts = next.kept.map(({ text }) => text)
      expect(['one', 'two'].slice(0, texts.length)).toEqual(texts)
      if (length >= size) expect(texts).toHaveLength(2)
      await next.remove()
      expect(await readdir(folder)).toEqual([])
    }),
    { numRuns: 40 },
  )
})

test('accounts do not mix, and who wants no drafts has none', async () => {
  const folder = temporaryFolder()
  const mine = await open(folder)
  await mine.save([draft('mine')])
  await mine.close()
  expect((await open(folder, '~other')).kept).toEqual([])
  await removeDrafts(folder)
  expect(await readdir(folder)).toEqual([])
})
