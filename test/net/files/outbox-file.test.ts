import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import {
  appendFile,
  type FileHandle,
  open as openFile,
  readdir,
  readFile,
  stat,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test, vi } from 'vitest'
import type { OutboxItem } from '../../../src/net/events.ts'
import { countWaiting, openOutbox } from '../../../src/net/files/outbox-file.ts'
import { ownerOfThisProcess, ownerRuns } from '../../../src/net/files/owner.ts'
import type { Outbox } from '../../../src/net/outbox.ts'
import { PATIENCE } from '../../support/patience.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const HOLDER = join(import.meta.dirname, '../../support/outbox-holder.ts')
const children: ChildProcess[] = []
const outboxes: Outbox[] = []

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const outbox of outboxes.splice(0)) await outbox.close()
})

async function open(stateFolder: string, userName = 'alice'): Promise<Outbox> {
  const outbox = await openOutbox({ stateFolder, server: 'host:8000', userName })
  outboxes.push(outbox)
  return outbox
}

/** Another process that holds an outbox; resolves with the texts that it found. */
async function holder(stateFolder: string, ...texts: string[]) {
  const child = spawn(process.execPath, [HOLDER, stateFolder, ...texts], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [line] = await once(createInterface(child.stdout), 'line')
  return { child, kept: JSON.parse(String(line)) as string[] }
}

function item(text: string, time = 0): OutboxItem {
  const nonce = Buffer.from(text.padEnd(16)).toString('hex')
  return { nonce, target: { kind: 'direct', id: '~bob' }, text, reply: 0, time, refused: undefined }
}

const DISK_FAULT = new Error('EIO: i/o error')

/** From now on nothing that is written can be made durable. */
async function syncsFail(folder: string) {
  return vi.spyOn(await fileHandles(folder), 'datasync').mockRejectedValue(DISK_FAULT)
}

async function cutsFail(folder: string) {
  return vi.spyOn(await fileHandles(folder), 'truncate').mockRejectedValue(DISK_FAULT)
}

/** What all open files of this process have in common. */
async function fileHandles(folder: string): Promise<FileHandle> {
  const handle = await openFile(folder)
  await handle.close()
  return Object.getPrototypeOf(handle) as FileHandle
}

async function filesOf(stateFolder: string): Promise<string[]> {
  const [user = ''] = await readdir(join(stateFolder, 'outbox'))
  const folder = join(stateFolder, 'outbox', user)
  return (await readdir(folder)).map((name) => join(folder, name))
}

test('what was added and not removed is there again, in order', async () => {
  const folder = await temporaryFolder()
  const first = await open(folder)
  for (const [time, text] of ['one', 'two', 'three', 'four'].entries())
    await first.add(item(text, time))
  await first.remove(item('two').nonce)
  await first.refuse(item('three').nonce, 'no')
  await first.refuse(item('four').nonce, 'no')
  await first.refuse(item('four').nonce, undefined)
  await first.close()
  const second = await open(folder)
  expect(second.kept).toEqual([
    item('one', 0),
    { ...item('three', 2), refused: 'no' },
    item('four', 3),
  ])
  await second.close()
  const third = await open(folder)
  expect(third.kept.map((kept) => kept.text)).toEqual(['one', 'three', 'four'])
})

test('nothing is left when nothing waits', async () => {
  const folder = await temporaryFolder()
  const outbox = await open(folder)
  await outbox.add(item('one'))
  await outbox.remove(item('one').nonce)
  await outbox.close()
  expect(await filesOf(folder)).toEqual([])
})

test('closing what is empty works without the folder; what would be lost is said', async () => {
  const [empty, full] = [await temporaryFolder(), await temporaryFolder()]
  const outbox = await open(empty)
  rmSync(empty, { recursive: true })
  await outbox.close()
  const other = await openOutbox({ stateFolder: full, server: 'host:8000', userName: 'alice' })
  await other.add(item('one'))
  rmSync(full, { recursive: true })
  await expect(other.close()).rejects.toThrow(/^cannot use .*: it is gone/)
})

test('only its owner can read it', async () => {
  const folder = await temporaryFolder()
  const outbox = await open(folder)
  await outbox.add(item('secret'))
  const [file = ''] = await filesOf(folder)
  if (process.platform === 'win32') return
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(join(folder, 'outbox'))).mode & 0o077).toBe(0)
})

test('each user at each server has an outbox of their own; the case of a name does not count', async () => {
  const folder = await temporaryFolder()
  const alice = await open(folder, 'alice')
  await alice.add(item('of alice'))
  await alice.close()
  expect((await open(folder, 'bob')).kept).toEqual([])
  expect((await open(folder, 'Alice')).kept).toHaveLength(1)
})

test('a line that a crash tore is left out, the others are kept', async () => {
  const folder = await temporaryFolder()
  const outbox = await open(folder)
  await outbox.add(item('whole'))
  await outbox.close()
  const [file = ''] = await filesOf(folder)
  await appendFile(file, 'not json\n{"add":{"nonce":"zz"}}\nnull\n')
  await appendFile(file, `{"add":${JSON.stringify(item('torn'))}`)
  expect((await open(folder)).kept.map((kept) => kept.text)).toEqual(['whole'])
})

test('what a line answers is kept; lines of a time before that answer nothing', async () => {
  const folder = await temporaryFolder()
  const outbox = await open(folder)
  await outbox.add({ ...item('reply'), reply: 41 })
  await outbox.close()
  const [file = ''] = await filesOf(folder)
  const { reply: _, ...old } = item('old', 1)
  await appendFile(file, `${JSON.stringify({ add: old })}\n`)
  const { kept } = await open(folder)
  expect(kept.map(({ text, reply }) => [text, reply])).toEqual([
    ['reply', 41],
    ['old', 0],
  ])
})

test('what could not be kept is not there later, though it was written already', async () => {
  const folder = await temporaryFolder()
  const outbox = await open(folder)
  await outbox.add(item('before'))
  const failing = await syncsFail(folder)
  await expect(outbox.add(item('refused'))).rejects.toThrow('i/o error')
  failing.mockRestore()
  await outbox.add(item('after'))
  const [file = ''] = await filesOf(folder)
  expect(await readFile(file, 'utf8')).not.toContain('refused')
  await outbox.close()
  expect((await open(folder)).kept.map((kept) => kept.text)).toEqual(['before', 'after'])
})

test('what could not be kept is taken back later when the disk allows nothing at once', async () => {
  const folder = await temporaryFolder()
  const outbox = await open(folder)
  await outbox.add(item('before'))
  const failing = [await syncsFail(folder), await cutsFail(folder)]
  await expect(outbox.add(item('refused'))).rejects.toThrow('i/o error')
  await expect(outbox.add(item('refused, too'))).rejects.toThrow('i/o error')
  for (const each of failing) each.mockRestore()
  await outbox.close()
  expect((await open(folder)).kept.map((kept) => kept.text)).toEqual(['before'])
})

test('nothing is left when all that was added could not be kept', async () => {
  const folder = await temporaryFolder()
  const outbox = await open(folder)
  const failing = await syncsFail(folder)
  await expect(outbox.add(item('refused'))).rejects.toThrow('i/o error')
  failing.mockRestore()
  await outbox.close()
  expect(await filesOf(folder)).toEqual([])
})

test('a clock that is set back reorders nothing', async () => {
  const folder = await temporaryFolder()
  const first = await open(folder)
  await first.add(item('one', 3_000))
  await first.add(item('two', 1_000))
  await first.close()
  const second = await open(folder)
  await second.add(item('three', 500))
  await second.close()
  expect((await open(folder)).kept.map((kept) => kept.text)).toEqual(['one', 'two', 'three'])
})

test('what several clients left is put together by time, and each one’s stays in its order', async () => {
  const folder = await temporaryFolder()
  const [first, second] = [await open(folder), await open(folder)]
  await first.add(item('a1', 10))
  await second.add(item('b1', 20))
  await first.add(item('a2', 30))
  await second.add(item('b2', 5))
  await first.close()
  await second.close()
  expect((await open(folder)).kept.map((kept) => kept.text)).toEqual(['a1', 'b1', 'b2', 'a2'])
})

test('a long file is emptied when nothing waits, and what is added then is kept', async () => {
  const folder = await temporaryFolder()
  const outbox = await open(folder)
  const texts = Array.from({ length: 600 }, (_, index) => `text ${index}`)
  await Promise.all(texts.map((text) => outbox.add(item(text))))
  const removed = texts.map((text) => outbox.remove(item(text).nonce))
  const added = outbox.add(item('last'))
  await Promise.all([...removed, added])
  const [file = ''] = await filesOf(folder)
  expect((await readFile(file, 'utf8')).split('\n').length).toBeLessThan(10)
  await outbox.close()
  expect((await open(folder)).kept.map((kept) => kept.text)).toEqual(['last'])
})

test('what a living process holds is left to it', async () => {
  const folder = await temporaryFolder()
  await holder(folder, 'theirs')
  const ours = await open(folder)
  expect(ours.kept).toEqual([])
  await ours.add(item('ours'))
  expect((await holder(folder)).kept).toEqual([])
})

test('what a killed process left is adopted once, however many try', async () => {
  const folder = await temporaryFolder()
  const killed = await Promise.all([holder(folder, 'a1', 'a2'), holder(folder, 'b1')])
  for (const { child } of killed) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const adopters = await Promise.all([open(folder), open(folder), holder(folder), holder(folder)])
  const found = adopters.flatMap((one) =>
    one.kept.map((kept) => (typeof kept === 'string' ? kept : kept.text)),
  )
  expect(found.toSorted()).toEqual(['a1', 'a2', 'b1'])
})

test('who adopted and was killed is adopted in turn', async () => {
  const folder = await temporaryFolder()
  for (const text of ['one', 'two', 'three']) {
    const { child } = await holder(folder, text)
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  expect((await open(folder)).kept.map((kept) => kept.text)).toEqual(['one', 'two', 'three'])
  expect(await filesOf(folder)).toHaveLength(1)
})

test.runIf(process.platform === 'linux')(
  'a killed process whose parent does not care is gone all the same',
  async () => {
    const folder = await temporaryFolder()
    const script = '"$@" & echo $!; exec sleep 60'
    const parent = spawn('sh', ['-c', script, 'sh', process.execPath, HOLDER, folder, 'left'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(parent)
    const lines = createInterface(parent.stdout)[Symbol.asyncIterator]()
    const pid = Number((await lines.next()).value)
    await lines.next()
    process.kill(pid, 'SIGKILL')
    await vi.waitFor(async () => {
      expect(await readFile(`/proc/${pid}/stat`, 'latin1')).toContain(') Z ')
    }, PATIENCE)
    expect((await open(folder)).kept.map((kept) => kept.text)).toEqual(['left'])
  },
)

test('a process is known by more than its number', async () => {
  const owner = ownerOfThisProcess()
  expect(ownerRuns(owner)).toBe(true)
  const [host, pid, start] = owner.split('-')
  expect(ownerRuns(`${host}-999999999-${start}`)).toBe(false)
  expect(ownerRuns(`${host}-nonsense-${start}`)).toBe(false)
  expect(ownerRuns(`elsewhere-${pid}-${start}`)).toBe(true)
  if (process.platform === 'linux') expect(ownerRuns(`${host}-${pid}-0`)).toBe(false)
})

test('files of others in the folder are left alone', async () => {
  const folder = await temporaryFolder()
  const outbox = await open(folder)
  await outbox.close()
  const [user = ''] = await readdir(join(folder, 'outbox'))
  const note = join(folder, 'outbox', user, 'notes.txt')
  await writeFile(note, 'mine')
  await open(folder)
  expect(await readFile(note, 'utf8')).toBe('mine')
})

test('what the next client would send is counted, and stays where it is', async () => {
  const stateFolder = temporaryFolder()
  const place = { stateFolder, server: 'host:8000', userName: 'alice' }
  expect(await countWaiting(place)).toBe(0)
  const outbox = await open(stateFolder)
  for (const text of ['one', 'two', 'three']) await outbox.add(item(text))
  await outbox.refuse(item('two').nonce, 'no')
  await outbox.remove(item('three').nonce)
  // While a client runs, they are its own to send.
  expect(await countWaiting(place)).toBe(0)
  await outbox.close()
  expect(await countWaiting(place)).toBe(1)
  const next = await open(stateFolder)
  expect(next.kept.map(({ text }) => text)).toEqual(['one', 'two'])
})
