import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { Cache, CacheChange } from '../../../src/net/cache.ts'
import { openCache, removeCaches } from '../../../src/net/files/cache-folder.ts'
import { unseal } from '../../../src/net/files/sealed-line.ts'
import type { Contact, Entry } from '../../../src/protocol/messages.ts'
import { PLAIN_ENTRY } from '../../support/plain.ts'
import { headOf } from '../../support/scripted-world.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const HOLDER = join(import.meta.dirname, '../../support/cache-holder.ts')
const NOTHING: CacheChange = {
  heads: [],
  entries: new Map(),
  gone: [],
  contacts: [],
  contactsGone: [],
}
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function open(stateFolder: string, user = '~me', server = 'sha256:key'): Promise<Cache> {
  return openCache({ stateFolder, server, user })
}

function entry(seq: number, values: Partial<Entry> = {}): Entry {
  const nonce = Buffer.alloc(16, seq)
  const said = { from: '~alice', name: 'alice', kind: 'text', text: `text ${seq}` } as const
  return { seq, time: seq, n: seq, nonce, ...said, ...PLAIN_ENTRY, ...values }
}

function entries(first: number, last: number): Entry[] {
  return Array.from({ length: last - first + 1 }, (_, at) => entry(first + at))
}

function head(last: number, values: Parameters<typeof headOf>[0] | object = {}) {
  return { ...headOf({ conversation: '~g', kind: 'group', name: 'ops', last, n: last }), ...values }
}

function told(list: readonly Entry[], values: object = {}): CacheChange {
  const last = list.at(-1)?.seq ?? 0
  return { ...NOTHING, heads: [head(last, values)], entries: new Map([['~g', list]]) }
}

function textsOf(list: readonly Entry[]): readonly string[] {
  return list.map(({ text }) => text)
}

/** All that stands in the files, however it is written. */
async function onDisk(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter((name) => name.isFile())
  const texts = files.map(async ({ parentPath, name }) => {
    const lines = (await readFile(join(parentPath, name), 'utf8')).split('\n')
    return lines.map((line) =>
      (unseal(line) ?? line)
        .split(' ')
        .map((word) => `${word} ${Buffer.from(word, 'base64').toString()}`)
        .join(' '),
    )
  })
  return (await Promise.all(texts)).flat().join('\n')
}

async function logFile(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true })
  const name = names.find((one) => one.endsWith('.log'))
  return join(folder, name ?? '')
}

test('what was kept is there at the next start', async () => {
  const folder = temporaryFolder()
  const cache = await open(folder)
  expect(cache.conversations).toEqual([])
  const user = { id: '~alice', name: 'alice' }
  const plain = { online: false, removed: false, blocked: true, status: 'available' } as const
  const contact = { user, ...plain } as Contact
  await cache.write({ ...told(entries(1, 3), { topic: 'ship it' }), contacts: [contact] })
  await cache.close()
  const next = await open(folder)
  expect(next.conversations).toMatchObject([{ head: { topic: 'ship it', last: 3 }, kept: 3 }])
  expect(next.contacts).toMatchObject([{ user, blocked: true }])
  expect(textsOf(await next.read('~g'))).toEqual(['text 1', 'text 2', 'text 3'])
  await next.write({ ...NOTHING, contactsGone: ['~alice'], gone: ['~g'] })
  await next.close()
  const last = await open(folder)
  expect([last.conversations, last.contacts]).toEqual([[], []])
  expect(await onDisk(folder)).not.toContain('text 1')
})

test('accounts and servers do not mix', async () => {
  const folder = temporaryFolder()
  await (await open(folder)).write(told(entries(1, 3)))
  expect((await open(folder, '~other')).conversations).toEqual([])
  expect((await open(folder, '~me', 'sha256:other')).conversations).toEqual([])
  expect((await open(folder)).conversations).toHaveLength(1)
})

test('files are their owner’s alone', async () => {
  const folder = temporaryFolder()
  await (await open(folder)).write(told(entries(1, 3)))
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const modes = names.map(async ({ parentPath, name }) => {
    const found = await stat(join(parentPath, name))
    return [found.isDirectory(), found.mode & 0o777] as const
  })
  for (const [isFolder, mode] of await Promise.all(modes))
    expect(mode).toBe(isFolder ? 0o700 : 0o600)
  expect(names.length).toBeGreaterThan(3)
})

test('the newest 1,000 entries are kept, and the file does not grow for ever', async () => {
  const folder = temporaryFolder()
  const cache = await open(folder)
  const long = { text: 'x'.repeat(500) }
  for (let first = 1; first < 6_000; first += 500) {
    await cache.write(told(entries(first, first + 499).map((it) => ({ ...it, ...long }))))
  }
  const kept = await cache.read('~g')
  expect([kept.length, kept[0]?.seq, kept.at(-1)?.seq]).toEqual([1_000, 5_001, 6_000])
  // A thousand of them are some 800 KB.
  expect((await stat(await logFile(folder))).size).toBeLessThan(2_000_000)
})

test('changes make texts what they are now, whatever was read before', async () => {
  const folder = temporaryFolder()
  const cache = await open(folder)
  await cache.write(told(entries(1, 4)))
  await cache.write(
    told([
      entry(5, { kind: 'edited', target: 1, text: 'better' }),
      entry(6, { kind: 'reacted', target: 2, text: '👍', from: '~me' }),
      entry(7, { kind: 'deleted', target: 3, text: '' }),
    ]),
  )
  const [one, two, three] = await (await open(folder)).read('~g')
  expect(one).toMatchObject({ text: 'better', edited: true })
  expect(two?.reactions).toEqual([{ text: '👍', count: 1, mine: true }])
  expect(three?.text).toBe('')
})

test('what was deleted or edited away is gone from the disk at once', async () => {
  const folder = temporaryFolder()
  const cache = await open(folder)
  await cache.write(told([entry(1, { text: 'my secret' }), entry(2, { text: 'first words' })]))
  expect(await onDisk(folder)).toContain('my secret')
  await cache.write(told([entry(3, { kind: 'deleted', target: 1, text: '' })]))
  expect(await onDisk(folder)).not.toContain('my secret')
  await cache.write(told([entry(4, { kind: 'edited', target: 2, text: 'second words' })]))
  expect(await onDisk(folder)).not.toContain('first words')
  expect(await onDisk(folder)).toContain('second words')
})

test('what stands before a hole is gone from the disk at once', async () => {
  const folder = temporaryFolder()
  const cache = await open(folder)
  await cache.write(told([entry(1, { text: 'my secret' }), ...entries(2, 10)]))
  // Next to it, or above it again: no hole.
  await cache.write(told([entry(11)]))
  await cache.write(told(entries(10, 12)))
  expect(await onDisk(folder)).toContain('my secret')
  // Who was away for long gets the newest page only: the deletion may be in what is not fetched.
  await cache.write(told(entries(201, 300)))
  expect(await cache.read('~g')).toHaveLength(100)
  expect(await onDisk(folder)).not.toContain('my secret')
  expect((await (await open(folder)).read('~g'))[0]?.seq).toBe(201)
})

test('what the server keeps no more is not kept here', async () => {
  const folder = temporaryFolder()
  const cache = await open(folder)
  await cache.write(told(entries(1, 9)))
  await cache.write({ ...NOTHING, heads: [head(9, { first: 4 })] })
  expect(await onDisk(folder)).not.toContain('text 3')
  expect((await cache.read('~g'))[0]?.seq).toBe(4)
})

test('of a server that was put back to an earlier time nothing is left', async () => {
  const folder = temporaryFolder()
  const cache = await open(folder)
  await cache.write(told(entries(1, 9)))
  await cache.write({ ...NOTHING, heads: [head(7)] })
  expect(await cache.read('~g')).toEqual([])
  await cache.write(told([entry(8, { text: 'another 8' })]))
  expect(textsOf(await (await open(folder)).read('~g'))).toEqual(['another 8'])
})

test('a file that ends anywhere still gives all its whole lines', async () => {
  const folder = temporaryFolder()
  const cache = await open(folder)
  await cache.write(told(entries(1, 3)))
  const file = await logFile(folder)
  const whole = await readFile(file)
  const ends = [...whole.toString('latin1').matchAll(/\n/g)].map((match) => match.index)
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), async (length) => {
      await writeFile(file, whole.subarray(0, length))
      const lines = ends.filter((end, at) => at > 0 && end <= length).length
      // Whoever was told that there are three is not given less: it is fetched anew.
      expect(await (await open(folder)).read('~g')).toHaveLength(lines === 3 ? 3 : 0)
      // What is appended behind half a line is whole.
      await appendFile(file, `\n${whole.subarray(1).toString('latin1')}`)
      expect(textsOf(await (await open(folder)).read('~g'))).toEqual(['text 1', 'text 2', 'text 3'])
    }),
    { numRuns: 60 },
  )
})

test('what anything changed in the files is passed over', async () => {
  const folder = temporaryFolder()
  const cache = await open(folder)
  await cache.write(told(entries(1, 3)))
  const file = await logFile(folder)
  const index = file.replace(/[^/]+$/, 'index')
  const before = new Map([
    [file, await readFile(file)],
    [index, await readFile(index)],
  ])
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(file, index),
      fc.nat(),
      fc.nat(255),
      async (path, at, byte) => {
        const bytes = Buffer.from(before.get(path) ?? [])
        bytes[at % bytes.length] = byte
        await writeFile(path, bytes)
        const next = await open(folder)
        const found = textsOf(await next.read('~g'))
        expect(['text 1', 'text 2', 'text 3'].slice(3 - found.length)).toEqual(found)
        await writeFile(path, before.get(path) ?? '')
      },
    ),
    { numRuns: 100 },
  )
})

test('one client of an account writes; when it is gone the next one follows', async () => {
  const folder = temporaryFolder()
  const [first, second] = [await open(folder), await open(folder)]
  expect(await first.write(told(entries(1, 3)))).toBe(true)
  expect(await second.write(told(entries(1, 3)))).toBe(false)
  await first.close()
  expect(await second.write(told(entries(4, 5)))).toBe(true)
  expect(textsOf(await (await open(folder)).read('~g'))).toHaveLength(5)
})

test('after a process that was killed the next one writes', async () => {
  const folder = temporaryFolder()
  const child = spawn(process.execPath, [HOLDER, folder, 'a draft'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [line] = await once(createInterface(child.stdout), 'line')
  expect(JSON.parse(String(line))).toMatchObject({ wrote: true })
  const cache = await open(folder)
  expect(cache.conversations).toMatchObject([{ head: { name: 'held' } }])
  expect(await cache.write(told(entries(1, 1)))).toBe(false)
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
  expect(await cache.write(told(entries(1, 1)))).toBe(true)
})

test('what cannot be written is said once, and then nothing is there that could be wrong', async () => {
  const folder = temporaryFolder()
  const cache = await open(folder)
  await cache.write(told(entries(1, 3)))
  const file = await logFile(folder)
  await rm(file)
  // A folder in its place: for whoever runs this as root, too.
  await mkdir(file)
  await expect(cache.write(told(entries(4, 5)))).rejects.toThrow('a folder is where a file must be')
  expect(await cache.write(told(entries(6, 7)))).toBe(true)
  expect((await open(folder)).conversations).toEqual([])
})

test('a log-out of another client is followed without a word, and nothing comes back', async () => {
  const folder = temporaryFolder()
  const [first, second] = [await open(folder), await open(folder)]
  await first.write(told(entries(1, 3)))
  await second.remove()
  expect(await first.write(told(entries(4, 5)))).toBe(true)
  expect(await first.write(told(entries(6, 7)))).toBe(true)
  expect(await readdir(folder)).toEqual([])
})

test('who wants no cache has none of any account', async () => {
  const folder = temporaryFolder()
  for (const user of ['~me', '~other']) await (await open(folder, user)).write(told(entries(1, 1)))
  await removeCaches(folder)
  expect(await readdir(folder)).toEqual([])
})

test('a folder that is not ours is named', async () => {
  const folder = temporaryFolder()
  await writeFile(join(folder, 'cache'), '')
  await expect(open(folder)).rejects.toThrow(join(folder, 'cache'))
})
