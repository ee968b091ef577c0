import { writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openOutbox } from '../../../src/net/files/outbox-file.ts'
import { PinFolder } from '../../../src/net/files/pins.ts'
import { makePrivateFolder, PrivateFileError } from '../../../src/net/files/private-file.ts'
import { SessionFolder } from '../../../src/net/files/sessions.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const ADDRESS = { host: 'host', port: 8000 }

/** A state folder that is a file. */
function unusable(): string {
  const path = join(temporaryFolder(), 'state')
  writeFileSync(path, 'not a folder')
  return path
}

test.each([
  ['pins', (state: string) => new PinFolder(state).trust(ADDRESS, `sha256:${'0'.repeat(64)}`)],
  ['known pins', (state: string) => new PinFolder(state).find(ADDRESS)],
  ['the list of sessions', (state: string) => new SessionFolder(state).list()],
  ['a session', (state: string) => new SessionFolder(state).forget('host:8000', 'alice')],
  [
    'an outbox',
    (stateFolder: string) => openOutbox({ stateFolder, server: 'host:8000', userName: 'alice' }),
  ],
])('of an unusable state folder one line says what, where and what to do: %s', async (_, use) => {
  const state = unusable()
  const error: unknown = await use(state).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(PrivateFileError)
  expect(`${error}`).toContain(`cannot use ${state}`)
  expect(`${error}`).toMatch(/: a file is where a folder must be: move it away$/)
})

test.runIf(process.platform === 'linux')(
  'a state folder where none can ever be made is refused, not tried for ever',
  async () => {
    await expect(makePrivateFolder('/proc/nope/tchat/pins')).rejects.toThrow(
      'cannot use /proc/nope/tchat/pins: this is not allowed',
    )
  },
)

test('a folder is made with all that are around it, for the owner alone', async () => {
  const folder = join(temporaryFolder(), 'one', 'two', 'three')
  await Promise.all([makePrivateFolder(folder), makePrivateFolder(folder)])
  for (const path of [folder, join(folder, '..'), join(folder, '..', '..')]) {
    expect((await stat(path)).mode & 0o777).toBe(0o700)
  }
})

test('a fault that has no words of its own is told in those of the system', async () => {
  const pins = new PinFolder(join(temporaryFolder(), 'x'.repeat(300)))
  await expect(pins.find(ADDRESS)).rejects.toThrow(/^cannot use .*xxx.*: ENAMETOOLONG/)
})
