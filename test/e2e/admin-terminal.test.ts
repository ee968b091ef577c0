import { beforeEach, expect, test } from 'vitest'
import { openSqliteStore } from '../../src/server/store/sqlite.ts'
import { KEYS, PROGRAM, Pty } from '../support/pty.ts'
import { TestHome } from '../support/test-home.ts'

const home = new TestHome()

beforeEach(async () => {
  const folder = home.path('.local', 'share', 'tchat', 'server')
  const store = await openSqliteStore({ folder, onAppended: () => undefined })
  const account = { passwordHash: 'x', time: 1, joins: undefined, invite: undefined }
  await store.createAccount({ ...account, name: 'bob' })
  await store.close()
})

function admin(...args: string[]): Pty {
  return home.keep(new Pty(process.execPath, [PROGRAM, 'admin', ...args], { env: home.env }))
}

test('at a terminal a new password is asked for twice and never shown', async () => {
  const pty = admin('password', 'bob')
  await pty.waitFor('New password of bob')
  pty.type(`one that is new${KEYS.enter}`)
  await pty.waitFor('The same again:')
  pty.type(`one that is new${KEYS.enter}`)
  expect(await pty.exit()).toBe(0)
  expect(pty.text).toMatch(/^user +bob$/m)
  expect(pty.text).not.toContain('new one')
  expect(pty.text).not.toContain('one that')
})

test('two different ones change nothing, nor does giving up', async () => {
  const different = admin('password', 'bob')
  await different.waitFor('New password of bob')
  different.type(`one that is new${KEYS.enter}`)
  await different.waitFor('The same again:')
  different.type(`another one${KEYS.enter}`)
  expect(await different.exit()).toBe(1)
  expect(different.text).toContain('nothing was changed')
  const givenUp = admin('password', 'bob')
  await givenUp.waitFor('New password of bob')
  givenUp.type(KEYS.ctrlC)
  expect(await givenUp.exit()).toBe(1)
  expect(givenUp.text).toContain('nothing was changed')
})

test('tables are what people see, with nothing that lines up wrongly', async () => {
  const pty = admin('status')
  expect(await pty.exit()).toBe(0)
  expect(pty.text).toMatch(/^users {6}1$/m)
})
