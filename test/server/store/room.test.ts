import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ChatError } from '../../../src/protocol/errors.ts'
import type { Log } from '../../../src/server/log.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite.ts'
import type { NewText, Store } from '../../../src/server/store/store.ts'
import { Room, type Usage } from '../../../src/server/store/upkeep/room.ts'
import { newNonce } from '../../support/counted.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const MB = 1_048_576

test('it becomes full before the folder has its size, and not full again only with room to spare', () => {
  const { look, isFull, use } = withRoom(160 * MB)
  const seen = [100, 149, 151, 149, 146, 144, 149, 151].map((used) => {
    use({ used: used * MB })
    const change = look()
    return [used, change?.full, isFull()]
  })
  expect(seen).toEqual([
    [100, undefined, false],
    [149, undefined, false],
    [151, true, true],
    [149, undefined, true],
    [146, undefined, true],
    [144, false, false],
    [149, undefined, false],
    [151, true, true],
  ])
})

test('it becomes full before the disk is, whatever the folder may have', () => {
  const { look, isFull, use } = withRoom(undefined)
  use({ used: 1_000_000 * MB, free: 65 * MB })
  expect(look()).toBeUndefined()
  use({ free: 63 * MB })
  expect(look()).toMatchObject({ full: true, because: 'disk', free: 63 * MB, needed: 33 * MB })
  expect(isFull()).toBe(true)
  use({ free: 90 * MB })
  expect(look()).toBeUndefined()
  use({ free: 97 * MB })
  expect(look()).toMatchObject({ full: false, because: 'disk' })
})

test('it does not look at every call', () => {
  const { room, look, use, looks } = withRoom(160 * MB)
  look()
  use({ used: 159 * MB })
  for (let at = 0; at < 100; at += 1) expect(room.look()).toBeUndefined()
  expect(looks()).toBe(1)
  expect(look()?.full).toBe(true)
})

test('what can be freed at once is freed before anybody is refused', () => {
  const { look, use, shrinkTo } = withRoom(160 * MB)
  shrinkTo(100 * MB)
  use({ used: 159 * MB })
  expect(look()).toBeUndefined()
})

test('a store near its size refuses what is new, and nothing else, and says so in the log', async () => {
  const folder = temporaryFolder()
  const maxDiskBytes = 16 * MB
  const { store, events, say, sizeOfFolder } = await opened(folder, maxDiskBytes)
  const first = text(0)
  const { conversation } = await store.append(first)
  await store.createGroup({ by: '~u1', nonce: newNonce(), name: 'ops', members: [], time: 1 })
  const repeated = { by: '~u1', nonce: newNonce(), name: 'two', members: [], time: 1 }
  const made = await store.createGroup(repeated)
  const said = await sayUntilFull(say)
  expect(said).toBeGreaterThan(100)
  expect(sizeOfFolder()).toBeLessThan(maxDiskBytes)
  expect(events).toEqual(['error nothing new is taken: there is no room for it'])

  const full = { code: 'storageFull' }
  await expect(store.append({ ...text(1), target: 'cleo' })).rejects.toMatchObject(full)
  await expect(account(store, 'new')).rejects.toMatchObject(full)
  const group = { by: '~u1', nonce: newNonce(), name: 'three', members: [], time: 1 }
  await expect(store.createGroup(group)).rejects.toMatchObject(full)
  await expect(store.join('~u2', 'ops', 1)).rejects.toMatchObject(full)
  const users = { by: '~u1', group: 'ops', users: ['bob'], time: 1 }
  await expect(store.addMembers(users)).rejects.toMatchObject(full)
  const at = { user: '~u1', conversation, seq: 1, time: 1 }
  await expect(store.edit({ ...at, text: 'x' })).rejects.toMatchObject(full)
  const reaction = { ...at, text: '+1', remove: false }
  await expect(store.react(reaction)).rejects.toMatchObject(full)

  expect((await store.append(first)).seq).toBe(1)
  expect((await store.createGroup(repeated)).group).toEqual(made.group)
  expect((await store.join('~u1', 'ops', 1)).seq).toBe(1)
  const move = { user: '~u2', conversation, delivered: 5, read: 5 }
  expect(await store.moveCursors([move])).toMatchObject([{ read: 5 }])
  expect((await store.deleteEntry({ ...at, seq: 2 })).seq).toBe(said + 2)
  expect((await store.quit('~u1', 'ops', 1)).seq).toBe(2)
  expect((await store.read(conversation, 0, 3)).map(({ seq }) => seq)).toEqual([1, 2, 3])
})

test('when there is room again, new things are taken again', async () => {
  const folder = temporaryFolder()
  const { store, events, say } = await opened(folder, 8 * MB)
  await sayUntilFull(say)
  let after = ''
  do {
    after = (await store.retain({ before: 2, after })).next
  } while (after !== '')
  await expect.poll(() => say(5).then(() => 'taken', codeOf)).toBe('taken')
  expect(events.slice(1)).toEqual(['info there is room again'])
})

function withRoom(maxBytes: number | undefined) {
  let usage: Usage = { used: 0, free: 1e15 }
  let time = 0
  let looks = 0
  let shrunk: number | undefined
  const room = new Room({
    maxBytes,
    monotonic: () => time,
    usage: () => {
      looks += 1
      return usage
    },
    shrink: () => {
      usage = { ...usage, used: shrunk ?? usage.used }
    },
  })
  const look = () => {
    time += 1_000
    return room.look()
  }
  const isFull = () => {
    try {
      room.check()
      return false
    } catch (error) {
      return codeOf(error) === 'storageFull'
    }
  }
  const use = (change: Partial<Usage>) => {
    usage = { ...usage, ...change }
  }
  const shrinkTo = (used: number) => {
    shrunk = used
  }
  return { room, look, isFull, use, shrinkTo, looks: () => looks }
}

async function opened(folder: string, maxDiskBytes: number) {
  const events: string[] = []
  const writer = (level: string) => (event: string) => {
    if (!event.includes('index')) events.push(`${level} ${event}`)
  }
  const [debug, info, warn, error] = ['debug', 'info', 'warn', 'error'].map(writer)
  if (!debug || !info || !warn || !error) throw new Error('a level is missing')
  const log: Log = { debug, info, warn, error }
  const store = await openSqliteStore({ folder, onAppended: () => {}, maxDiskBytes, log })
  onTestFinished(() => store.close())
  for (const name of ['ann', 'bob', 'cleo']) await account(store, name)
  const say = (time: number) => store.append(text(time))
  const sizeOfFolder = () =>
    readdirSync(folder)
      .filter((file) => existsSync(join(folder, file)))
      .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
  return { store, events, say, sizeOfFolder }
}

/** Answers how many were taken. */
async function sayUntilFull(say: (time: number) => Promise<unknown>): Promise<number> {
  for (let taken = 0; ; ) {
    const said = await Promise.all(
      Array.from({ length: 32 }, () => say(1).then(() => 'taken', codeOf)),
    )
    taken += said.filter((each) => each === 'taken').length
    if (said.every((each) => each === 'storageFull')) return taken
  }
}

function codeOf(error: unknown): string {
  return error instanceof ChatError ? error.code : String(error)
}

function account(store: Store, name: string) {
  return store.createAccount({ name, passwordHash: '', time: 1, joins: undefined })
}

function text(time: number): NewText {
  const kind = 'direct' as const
  return { sender: '~u1', kind, target: 'bob', nonce: newNonce(), text: 'long '.repeat(800), time }
}
