import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PinFolder } from '../../../src/net/files/pins.ts'
import { replacePrivateFile } from '../../../src/net/files/private-file.ts'
import { SessionFolder } from '../../../src/net/files/sessions.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const ADDRESS = { host: 'chat.example.org', port: 8000 }
const ONE = `sha256:${'11'.repeat(32)}` as const
const TWO = `sha256:${'22'.repeat(32)}` as const

test('a pin is kept, replaced, listed and forgotten', async () => {
  const folder = await temporaryFolder()
  const pins = new PinFolder(folder, () => 5)
  expect(await pins.find(ADDRESS)).toBeUndefined()
  expect(await pins.list()).toEqual([])
  await pins.trust(ADDRESS, ONE)
  await pins.trust({ ...ADDRESS, port: 9 }, ONE)
  await pins.trust(ADDRESS, TWO)
  const again = new PinFolder(folder)
  expect(await again.find(ADDRESS)).toBe(TWO)
  expect(await again.list()).toEqual([
    { address: 'chat.example.org:8000', fingerprint: TWO, time: 5 },
    { address: 'chat.example.org:9', fingerprint: ONE, time: 5 },
  ])
  await again.forget(ADDRESS)
  await again.forget(ADDRESS)
  expect(await pins.find(ADDRESS)).toBeUndefined()
})

test('a damaged pin is no pin, and no error', async () => {
  const folder = await temporaryFolder()
  const pins = new PinFolder(folder)
  for (const text of ['', '{', 'null', '[]', '{"address":"a:1","fingerprint":"sha256:12"}']) {
    await pins.trust(ADDRESS, ONE)
    const [name = ''] = await readdir(join(folder, 'pins'))
    await writeFile(join(folder, 'pins', name), text)
    expect(await pins.find(ADDRESS)).toBeUndefined()
    expect(await pins.list()).toEqual([])
  }
})

test('sessions are kept by server and user, last used first', async () => {
  const sessions = new SessionFolder(await temporaryFolder())
  const kept = (server: string, name: string, usedAt: number) => ({
    server,
    plaintext: false,
    user: { id: `~${name}`, name },
    token: Buffer.alloc(32, usedAt),
    usedAt,
  })
  await sessions.keep(kept('a:1', 'alice', 1))
  await sessions.keep(kept('a:1', 'bob', 3))
  await sessions.keep(kept('b:1', 'alice', 2))
  expect((await sessions.list()).map(({ server, user }) => `${user.name}@${server}`)).toEqual([
    'bob@a:1',
    'alice@b:1',
    'alice@a:1',
  ])
  expect(await sessions.find('a:1')).toEqual(kept('a:1', 'bob', 3))
  expect(await sessions.find('a:1', 'Alice')).toEqual(kept('a:1', 'alice', 1))
  await sessions.keep(kept('a:1', 'alice', 9))
  expect(await sessions.find('a:1')).toEqual(kept('a:1', 'alice', 9))
  await sessions.forget('a:1', 'ALICE')
  expect(await sessions.find('a:1', 'alice')).toBeUndefined()
  expect(await sessions.find('c:1')).toBeUndefined()
})

test('a private file is replaced as a whole and read by nobody else', async () => {
  const folder = join(await temporaryFolder(), 'deep', 'down')
  const file = join(folder, 'file')
  await Promise.all(
    Array.from({ length: 8 }, (_, index) => replacePrivateFile(file, `${index}`.repeat(9_999))),
  )
  const text = await readFile(file, 'utf8')
  expect(text).toBe(text.charAt(0).repeat(9_999))
  expect(await readdir(folder)).toEqual(['file'])
  if (process.platform === 'win32') return
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
})
