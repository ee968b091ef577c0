import { expect, test } from 'vitest'
import { ChatError } from '../../src/protocol/errors.ts'
import type { SessionRecord } from '../../src/protocol/messages.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 140, rows: 40 },
  { columns: 50, rows: 20 },
]
const SIZE = { columns: 80, rows: 24 }
const ALICE = person('alice')
const CTRL_X = '\x18'
const DOWN = '\x1b[B'
const UP = '\x1b[A'
const ENTER = '\r'
const ESC = '\x1b'
const TAB = '\t'

async function office(size = SIZE): Promise<Readonly<{ world: ScriptedWorld; screen: Screen }>> {
  const world = new ScriptedWorld()
  const lobby = world.group('lobby', ALICE)
  world.say(lobby, ALICE, 12, 'morning all')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const settings = { hideReceipts: false, status: 'available' as const }
  const told = () => world.emit({ type: 'settings', ...settings })
  world.answers['getSettings'] = told
  world.answers['changeSettings'] = ({ hideReceipts }) => {
    settings.hideReceipts = Boolean(hideReceipts)
    told()
  }
  const screen = Screen.open(size, { env: {} }, { connector: world, now: () => NINE })
  await screen.waitFor('morning all')
  return { world, screen }
}

test.each(SIZES)(
  'the account’s window has a row and a key for everything: $columns',
  async (size) => {
    const { screen } = await office(size)
    screen.type(`${CTRL_X}u`)
    await screen.waitFor('Account of me')
    await screen.waitFor('Others see what you have read.')
    for (const row of [
      '▸ r  show others what you read, or not',
      's  your sessions',
      'p  change the password',
      'O  log out here and everywhere',
      'D  delete the account',
    ]) {
      expect(screen.text).toContain(row)
    }
  },
)

test('whether others see what one has read is switched in the window and by command', async () => {
  const { world, screen } = await office()
  screen.type('/settings\r')
  await screen.waitFor('Others see what you have read.')
  screen.type('r')
  await screen.waitFor('Others do not see what you have read.')
  screen.type(ESC)
  await screen.waitFor('morning all')
  screen.type('/show-read on\r')
  await screen.waitFor('Others see what you have read.')
  screen.type('/show-read perhaps\r')
  await screen.waitFor('Write on or off.')
  const asked = world.askedOf('changeSettings').map(({ hideReceipts }) => hideReceipts)
  expect(asked).toEqual([true, false])
})

const HERE: SessionRecord = {
  id: 'aaaa',
  device: 'tchat 1.2.3 on desk (Linux)',
  created: NINE - 86_400_000,
  used: NINE,
  current: true,
  online: true,
}
const PHONE = { ...HERE, id: 'bbbb', device: 'some phone', current: false, online: false }

test.each(SIZES)('sessions are listed with device and last use: $columns', async (size) => {
  const { world, screen } = await office(size)
  world.answers['listSessions'] = () => ({ sessions: [HERE, PHONE], next: '' })
  screen.type('/sessions\r')
  await screen.waitFor('Your sessions')
  await screen.waitFor('▸ ● tchat 1.2.3 on desk (Linux) · this one')
  expect(screen.text).toMatch(/○ some phone *│?.*\n.* used Sat 21 Nov 2026 09:00/)
})

test('a session is ended, and all others', async () => {
  const { world, screen } = await office()
  let sessions = [HERE, PHONE, { ...PHONE, id: 'cccc', device: 'old laptop' }]
  world.answers['listSessions'] = ({ after }) =>
    after === ''
      ? { sessions: sessions.slice(0, 2), next: sessions.length > 2 ? 'more' : '' }
      : { sessions: sessions.slice(2), next: '' }
  world.answers['endSession'] = ({ session }) => {
    sessions = sessions.filter(({ id, current }) => current || (session !== '' && id !== session))
    return {}
  }
  screen.type('/sessions\r')
  await screen.waitFor('old laptop')
  screen.type(`${DOWN}x`)
  await screen.waitFor('End the session of some phone?')
  screen.type(`${UP}${ENTER}`)
  await screen.waitFor(({ text }) => text.includes('old laptop') && !text.includes('some phone'))
  screen.type('X')
  await screen.waitFor('End all other sessions?')
  screen.type(`${UP}${ENTER}`)
  await screen.waitFor(({ text }) => text.includes('Your sessions') && !text.includes('laptop'))
  expect(world.askedOf('endSession').map(({ session }) => session)).toEqual(['bbbb', ''])
})

test('a list that cannot be had says so', async () => {
  const { world, screen } = await office()
  world.answers['listSessions'] = () => {
    throw new ChatError('unavailable')
  }
  screen.type('/sessions\r')
  await screen.waitFor('The store cannot take that now')
})

test.each(SIZES)('a new password is typed twice and never shown: $columns', async (size) => {
  const { world, screen } = await office(size)
  world.answers['changePassword'] = () => ({})
  screen.type('/password\r')
  await screen.waitFor('Change the password')
  screen.type(`old secret${TAB}new secret${TAB}new sekret${ENTER}`)
  await screen.waitFor('The two new passwords are not the same.')
  expect(screen.text).toContain('••••••••••')
  expect(screen.text).not.toMatch(/secret|sekret/)
  screen.type(`\x15new secret${ENTER}`)
  await screen.waitFor('The password is changed')
  expect(world.askedOf('changePassword')).toEqual([
    { type: 'changePassword', old: 'old secret', password: 'new secret' },
  ])
})

test('blanks of a password are part of it', async () => {
  const { world, screen } = await office()
  world.answers['changePassword'] = () => ({})
  screen.type('/password\r')
  await screen.waitFor('Change the password')
  screen.type(` old ${TAB} new secret ${TAB} new secret ${ENTER}`)
  await screen.waitFor('The password is changed')
  expect(world.askedOf('changePassword')).toMatchObject([
    { old: ' old ', password: ' new secret ' },
  ])
})

test('a refused password stays in the window', async () => {
  const { world, screen } = await office()
  world.answers['changePassword'] = () => {
    throw new ChatError('wrongLogin')
  }
  screen.type('/password\r')
  await screen.waitFor('Change the password')
  screen.type(`wrong${TAB}new secret${TAB}new secret${ENTER}`)
  await screen.waitFor('Name or password is wrong')
  expect(screen.text).toContain('Change the password')
})

test('the account is deleted with password and name; what waits is warned of', async () => {
  const { world, screen } = await office()
  world.waits({ kind: 'group', id: '~g-lobby' }, 'never sent', 20)
  world.answers['deleteAccount'] = () => ({})
  screen.type('/delete-account\r')
  await screen.waitFor('Delete this account')
  expect(screen.text).toContain('1 message was not sent yet and would be lost.')
  screen.type(`my secret${TAB}you${ENTER}`)
  await screen.waitFor('That is not the name: it is me.')
  expect(world.askedOf('deleteAccount')).toEqual([])
  screen.type(`\x15me${ENTER}`)
  await screen.waitFor('The account is deleted.')
  expect(screen.text).toContain('Log in to office:8000')
  expect(screen.text).not.toContain('secret')
  expect(world.askedOf('deleteAccount')).toMatchObject([{ password: 'my secret' }])
  expect(world.keptSession).toBeUndefined()
  expect(await world.waiting()).toBe(0)
})

test('log-out everywhere is asked first and ends all sessions', async () => {
  const { world, screen } = await office()
  world.answers['endSession'] = () => ({})
  screen.type('/logout somewhere\r')
  await screen.waitFor('Write it so: /logout [everywhere]')
  screen.type('\x15/logout everywhere\r')
  await screen.waitFor('Log out here and everywhere?')
  screen.type(`${UP}${ENTER}`)
  await screen.waitFor('You are logged out.')
  expect(world.askedOf('endSession')).toEqual([{ type: 'endSession', session: '' }])
  expect(world.askedOf('logOut')).toHaveLength(1)
})

test('where registering takes an invite, the form asks for it and keeps the password', async () => {
  const world = new ScriptedWorld()
  world.group('lobby')
  world.refusals.push(new ChatError('inviteNeeded'), new ChatError('badInvite'))
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('Log in to')
  expect(screen.text).not.toContain('Invite')
  screen.type(`correct horse${TAB}${TAB}`)
  await screen.waitFor('▸ Create account')
  screen.type(ENTER)
  await screen.waitFor('Accounts are made by invitation here')
  expect(screen.rows.slice(3, 6)).toEqual([
    '  Name      me',
    '  Password  •••••••••••••',
    '  Invite',
  ])
  expect(screen.cursor).toEqual({ x: 12, y: 5 })
  screen.type(`bad${ENTER}`)
  await screen.waitFor('used up or expired. Ask whoever')
  await screen.waitFor('  Invite    bad')
  screen.type(`\x15${'words that are no code '.repeat(2)}${ENTER}`)
  await screen.waitFor('That is no invite: it is a code of 16 characters.')
  await screen.waitFor('  Password  •••••••••••••')
  screen.type(`\x15npx tchat connect tchat://office:8000///k3m2ab${ENTER}`)
  await screen.waitFor('cut short: its invite has')
  screen.type(`\x15npx tchat connect tchat://office:8000///k3m2ab9xq7rt5wzd${ENTER}`)
  await screen.waitFor('#lobby')
  const tried = { name: 'me', password: 'correct horse', create: true }
  expect(world.logIns).toEqual([
    tried,
    { ...tried, invite: 'bad' },
    { ...tried, invite: 'k3m2ab9xq7rt5wzd' },
  ])
})

test('who types ahead fills the form: name, password, Tabs and Enter in one burst', async () => {
  const world = new ScriptedWorld()
  world.group('lobby')
  const screen = Screen.open(SIZE, { env: {} }, { connector: world })
  await screen.waitFor('Log in to')
  screen.type(`ann${ENTER}correct horse${TAB}${TAB}${ENTER}`)
  await screen.waitFor('#lobby')
  expect(world.logIns).toEqual([{ name: 'ann', password: 'correct horse', create: true }])
})

test('where no accounts are made that is said, and no invite is asked for', async () => {
  const world = new ScriptedWorld()
  world.refusals.push(new ChatError('registrationClosed'))
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('Log in to')
  screen.type(`correct horse${TAB}${TAB}`)
  await screen.waitFor('▸ Create account')
  screen.type(ENTER)
  await screen.waitFor('No accounts are made here. Whoever runs the server')
  expect(screen.text).not.toContain('Invite')
})
