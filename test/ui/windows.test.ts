import { expect, test } from 'vitest'
import { ChatError } from '../../src/protocol/errors.ts'
import type { Access, Member, Role, User } from '../../src/protocol/messages.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 140, rows: 40 },
  { columns: 50, rows: 20 },
]
const SIZE = { columns: 80, rows: 24 }
const ALICE = person('alice')
const BOB = person('bob')
/** Owns the group wherever they are in it. */
const BOSS = person('boss')
const CTRL_X = '\x18'
const DOWN = '\x1b[B'
const UP = '\x1b[A'
const END = '\x1b[F'
const ENTER = '\r'
const ESC = '\x1b'
const TAB = '\t'

/** An invite's code. */
const GOOD = 'g00dg00dg00dg00d'

/** Of the server. */
const KEY = `sha256:${'0123456789abcdef'.repeat(4)}` as const

type Office = Readonly<{ world: ScriptedWorld; screen: Screen; ops: string }>

/** #ops is open, in this role of mine. */
async function office(
  role: Role = 'owner',
  size = SIZE,
  others = [ALICE, BOB],
  access: Access = 'public',
): Promise<Office> {
  const world = new ScriptedWorld()
  const ops = world.group('ops', ...others)
  world.changeHead(ops, { role, access, topic: 'ships at ten' })
  const roleOf = (user: User): Role => (user === ME ? role : user === BOSS ? 'owner' : 'member')
  const members = [ME, ...others].map(
    (user): Member => ({
      user,
      role: roleOf(user),
      online: true,
      status: 'available',
      classic: false,
    }),
  )
  world.members.set(ops, members)
  world.say(ops, ALICE, 12, 'morning all')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const start = { address: 'office:8000', line: { group: '', fingerprint: KEY, invite: '' } }
  const screen = Screen.open(size, { env: {}, start }, { connector: world, now: () => NINE })
  await screen.waitFor('morning all')
  return { world, screen, ops }
}

/** The window has closed, and this was said. */
async function said(screen: Screen, text: string): Promise<void> {
  await screen.waitFor(text)
  await screen.waitFor('morning all')
}

test.each(SIZES)(
  'the window of a group says what it is and what one may do: $columns',
  async (size) => {
    const { screen } = await office('owner', size)
    screen.type('/group\r')
    await screen.waitFor('Group #ops')
    const rows = screen.rows.map((row) => row.replace(/^.*│ /, ' ').replace(/│.*$/, '').trim())
    for (const row of ['Topic    ships at ten', 'Entry    public: anyone may join']) {
      expect(rows).toContain(row)
    }
    expect(rows).toContain('Members  3, 3 online · you are an owner')
    expect(rows).toContain('▸ m  its members')
    expect(rows).toContain('t  set the topic')
    expect(rows).not.toContain('p  make it public')
  },
)

test('a long topic goes on below its beginning, not below its label', async () => {
  const { world, screen, ops } = await office('owner', { columns: 80, rows: 24 })
  const topic =
    'Deploys, incidents, and who is on call, all week long, day and night, also on Sundays'
  world.changeHead(ops, { topic })
  world.emit({ type: 'heads', heads: [world.head(ops)], complete: false })
  screen.type('/group\r')
  await screen.waitFor('Topic    Deploys')
  const at = screen.rows.findIndex((row) => row.includes('Topic    Deploys'))
  const column = screen.rows[at]?.indexOf('Deploys') ?? -1
  const below = screen.rows[at + 1] ?? ''
  expect(below.slice(column - 10, column)).toBe(' '.repeat(10))
  expect(topic).toContain(below.slice(column).replace(/ *│.*$/, ''))
  expect(below[column]).not.toBe(' ')
})

test('a list that has no room for all says so at its ends', async () => {
  const { screen } = await office('owner', { columns: 80, rows: 20 })
  screen.type(`${CTRL_X}i`)
  await screen.waitFor('Group #ops')
  expect(screen.text).toMatch(/│ ↓ [a-zA-Z] {2}/)
  expect(screen.text).not.toContain('↑ ')
  expect(screen.text).not.toContain('D  delete it')
  screen.type(UP + END)
  await screen.waitFor('▸ D  delete it')
  expect(screen.text).toMatch(/│ ↑ [a-zA-Z] {2}/)
})

test('a plain member is offered only what a member may do', async () => {
  const { screen } = await office('member')
  screen.type(`${CTRL_X}i`)
  await screen.waitFor('you are one')
  expect(screen.text).toContain('L  leave it')
  expect(screen.text).toContain('i  make an invite')
  for (const not of ['rename it', 'who is banned', 'delete it', 'by invitation']) {
    expect(screen.text).not.toContain(not)
  }
})

test('a group can be managed only where one is open', async () => {
  const { world, screen } = await office()
  world.direct(BOB)
  world.online()
  screen.type('/goto bob\r')
  await screen.waitFor('▸ bob')
  screen.type('/topic tea\r')
  await screen.waitFor('That is about a group: open one first.')
})

test('the topic is set by a command, or in a form that has the present one', async () => {
  const { world, screen, ops } = await office()
  world.answers['setTopic'] = () => ({})
  await screen.waitFor('#ops · 3/3 online · ships at ten')
  screen.type('/topic ships at 十点\r')
  await said(screen, 'The topic of #ops is set.')
  world.event(ops, ME, 13, 'topic', undefined, 'ships at 十点')
  await screen.waitFor('me set the topic: ships at 十点')
  await screen.waitFor('#ops · 3/3 online · ships at 十点')
  screen.type(`${CTRL_X}it`)
  await screen.waitFor('Topic  ships at 十点')
  screen.type('!\r')
  await said(screen, 'The topic of #ops is set.')
  screen.type(`${CTRL_X}t`)
  await screen.waitFor('Topic  ships at 十点')
  screen.type('?\r')
  await screen.waitFor(() => world.askedOf('setTopic').length === 3)
  expect(world.askedOf('setTopic')).toEqual([
    { type: 'setTopic', group: ops, topic: 'ships at 十点' },
    { type: 'setTopic', group: ops, topic: 'ships at 十点!' },
    { type: 'setTopic', group: ops, topic: 'ships at 十点?' },
  ])
})

test('what the server refuses stays in the form, in words and with what helps', async () => {
  const { world, screen } = await office('admin')
  world.answers['renameGroup'] = () => {
    throw new ChatError('notAllowed', 'Only owners may do that')
  }
  screen.type(`${CTRL_X}ir`)
  await screen.waitFor('Rename #ops')
  screen.type('\x15crew\r')
  await screen.waitFor('Only owners may do that')
  expect(screen.text).toContain('New name  crew')
  screen.type(ESC)
  await screen.waitFor('morning all')
})

test('members are added, removed and banned in their window; what is destructive is asked', async () => {
  const { world, screen, ops } = await office('admin')
  world.answers['addMembers'] = () => ({})
  world.answers['removeMember'] = () => ({})
  screen.type(`${CTRL_X}m`)
  await screen.waitFor('Enter write · a add · x remove · b ban · Esc close')
  screen.type('x')
  await screen.waitFor('Remove alice from #ops?')
  expect(screen.text).toContain('▸ No, go back')
  screen.type(ENTER)
  await screen.waitFor('Members of #ops')
  expect(world.askedOf('removeMember')).toEqual([])
  screen.type(`${DOWN}b`)
  await screen.waitFor('Ban bob from #ops?')
  screen.type(`${UP}${ENTER}`)
  await screen.waitFor('Members of #ops')
  const asked = { type: 'removeMember', group: ops, user: '~bob', ban: true }
  expect(world.askedOf('removeMember')).toEqual([asked])
  world.event(ops, ME, 14, 'banned', BOB)
  await screen.waitFor(({ text }) => !text.includes('● bob'))
  screen.type('a')
  await screen.waitFor('Add members to #ops')
  screen.type('carol, dave\r')
  await said(screen, 'carol, dave are in #ops now.')
  expect(world.askedOf('addMembers')).toMatchObject([{ group: ops, users: ['carol', 'dave'] }])
})

test('an owner gives roles; that of an owner is asked first', async () => {
  const { world, screen, ops } = await office('owner')
  world.answers['setRole'] = () => ({})
  screen.type(`${CTRL_X}m`)
  await screen.waitFor('x remove · b ban · o A u role')
  screen.type('A')
  await screen.waitFor(() => world.askedOf('setRole').length === 1)
  world.event(ops, ME, 14, 'role', ALICE, '', 'admin')
  await screen.waitFor(/▸ ● alice +admin/)
  screen.type('o')
  await screen.waitFor('Make alice an owner of #ops?')
  screen.type(`${UP}${ENTER}`)
  await screen.waitFor('Members of #ops')
  expect(world.askedOf('setRole')).toMatchObject([
    { user: '~alice', role: 'admin' },
    { user: '~alice', role: 'owner' },
  ])
})

test('keys that one’s role does not allow do nothing among the members', async () => {
  const { world, screen } = await office('member')
  screen.type(`${CTRL_X}m`)
  await screen.waitFor('Enter write · a add · Esc')
  screen.type('xboAu')
  screen.type(ESC)
  await screen.waitFor('morning all')
  expect(world.asked.filter(({ type }) => /Member$|setRole/.test(type))).toEqual([])
})

test.each([
  ['/kick bob', 'removeMember', { user: 'bob' }, 'bob is not in #ops any more.'],
  ['/ban @bob', 'removeMember', { user: 'bob', ban: true }, 'bob is banned from #ops.'],
  ['/role bob admin', 'setRole', { user: 'bob', role: 'admin' }, 'bob is an admin now.'],
  ['/add-member bob, eve', 'addMembers', { users: ['bob', 'eve'] }, 'bob, eve are in #ops now.'],
  ['/invite bob', 'addMembers', { users: ['bob'] }, 'bob is in #ops now.'],
  ['/public', 'setAccess', { access: 'public' }, '#ops is public'],
  ['/private', 'setAccess', { access: 'invite', history: false }, 'newcomers cannot read back.'],
  [
    '/private history',
    'setAccess',
    { access: 'invite', history: true },
    'newcomers can read back.',
  ],
  ['/rename #crew', 'renameGroup', { name: 'crew' }, 'The group is #crew now.'],
  ['/ignore bob', 'block', { user: 'bob' }, 'No direct messages from bob now; /unblock undoes it.'],
])('%s asks %s', async (command, type, fields, text) => {
  const { world, screen } = await office()
  world.answers[type] = () => ({})
  screen.type(`${command}\r`)
  await screen.waitFor(text)
  expect(world.askedOf(type)).toMatchObject([fields])
})

test.each([
  ['/kick', 'Write it so: /kick name'],
  ['/role bob', 'Write it so: /role name owner|admin|member'],
  ['/role bob king', 'Write owner, admin or member behind the name.'],
  ['/private everything', 'Write /private, or /private history.'],
  ['/invite 1 2 3', 'Write it so: /invite [uses [days] | names…]'],
])('%s says how it is written', async (command, text) => {
  const { world, screen } = await office()
  screen.type(`${command}\r`)
  await screen.waitFor(text)
  expect(world.asked.filter(({ type }) => /Member|Role|Access|Invite/.test(type))).toEqual([
    expect.objectContaining({ type: 'listMembers' }),
  ])
})

test.each([
  ['/window 0', 'There is no conversation 0.'],
  ['/window 99', 'There is no conversation 99.'],
  ['/window abc', 'Write it so: /window number'],
  ['/react :foo:', 'A reaction is an emoji, a name like :tada: or a short word without blanks.'],
  ['/invite 0', 'An invite is for 1 to 1000 people and lasts 1 to 365 days.'],
  ['/invite 1 366', 'An invite is for 1 to 1000 people and lasts 1 to 365 days.'],
  ['/unban carol', 'carol is not banned from #ops.'],
  ['/unblock carol', 'carol is not blocked.'],
  ['/share foo', 'Write it so: /share'],
])('%s is not taken silently', async (command, text) => {
  const { world, screen } = await office('owner', { columns: 140, rows: 40 })
  world.answers['listBans'] = () => ({ users: [BOB], next: '' })
  screen.type(`${command}\r`)
  await screen.waitFor(text)
  await screen.waitFor(`> ${command}`)
  const deeds = /invite|react|unban|unblock/i
  expect(world.asked.filter(({ type }) => deeds.test(type))).toEqual([])
})

test('who is banned is let back in, who is blocked is blocked no more', async () => {
  const { world, screen } = await office()
  world.answers['listBans'] = () => ({ users: [BOB], next: '' })
  for (const type of ['unban', 'unblock']) world.answers[type] = () => ({})
  const contact = {
    user: BOB,
    online: false,
    status: 'available' as const,
    removed: true,
    blocked: true,
  }
  world.emit({ type: 'contacts', contacts: [contact], complete: false })
  screen.type('/unban @BOB\r')
  await screen.waitFor('BOB may come back to #ops.')
  screen.type('/unblock bob\r')
  await screen.waitFor('You take direct messages from bob again.')
  expect(world.askedOf('unban')).toMatchObject([{ user: 'BOB' }])
  expect(world.askedOf('unblock')).toMatchObject([{ user: 'bob' }])
})

test.each([
  ['/topic', 'admins and owners'],
  ['/topic tea', 'admins and owners'],
  ['/rename crew', 'admins and owners'],
  ['/kick bob', 'admins and owners'],
  ['/unban bob', 'admins and owners'],
  ['/bans', 'admins and owners'],
  ['/role bob admin', 'owners'],
  ['/private', 'owners'],
  ['/delete-group', 'owners'],
])('%s is for %s: members are told so at once', async (command, who) => {
  const { world, screen } = await office('member', SIZE, [BOSS, BOB])
  screen.type(`${command}\r`)
  await screen.waitFor(`Only ${who} of #ops may do that.`)
  expect(world.asked.filter(({ type }) => /^set|^rename|Member$|unban|Bans/.test(type))).toEqual([])
})

test('a long topic is read in full in the window of the group', async () => {
  const { world, screen, ops } = await office()
  const topic = `${'ships at ten and at noon '.repeat(8)}THE END`
  world.event(ops, ALICE, 20, 'topic', undefined, topic)
  screen.type('/group\r')
  await screen.waitFor('Group #ops')
  await screen.waitFor('THE END')
  expect(screen.text).toContain('▸ m  its members')
})

test('a refusal that needs more than a row has it, and nothing moves for it: 50', async () => {
  const { world, screen } = await office('owner', { columns: 50, rows: 20 })
  world.answers['renameGroup'] = () => {
    throw new ChatError(
      'badName',
      'a name has letters, digits and, inside, . _ and -, and no more than 32 letters',
    )
  }
  screen.type('/rename crew\r')
  await screen.waitFor('no more than 32 letters.')
  await screen.waitFor('A name has letters')
  expect(screen.text).toContain('morning all')
  screen.type('x')
  await screen.waitFor(({ text }) => !text.includes('letters'))
})

test('a group is deleted only when its name is typed', async () => {
  const { world, screen, ops } = await office()
  world.answers['deleteGroup'] = () => ({})
  screen.type('/delete-group\r')
  await screen.waitFor('Delete #ops')
  screen.type('opps\r')
  await screen.waitFor('That is not the name: it is ops.')
  expect(world.askedOf('deleteGroup')).toEqual([])
  screen.type(`\x7f\x7f\x7f\x7f#OPS${ENTER}`)
  await screen.waitFor('#ops is deleted.')
  expect(world.askedOf('deleteGroup')).toEqual([{ type: 'deleteGroup', group: ops }])
})

test('the last owner is told who will be the next before leaving', async () => {
  const { screen } = await office('owner')
  screen.type('/leave\r')
  await screen.waitFor('You are its last owner: alice will be the next.')
  expect(screen.text).toContain('▸ Stay')
})

test.each([
  ['invite', 'You are its last member: it ends when you leave.'],
  ['public', 'You are its last member. It keeps its messages: anyone may join it later.'],
] as const)(
  'the last member is told what becomes of a group (%s) before leaving',
  async (access, text) => {
    const { screen } = await office('owner', SIZE, [], access)
    screen.type('/leave\r')
    await screen.waitFor('You are its last member')
    expect(screen.text.replaceAll(/\s*│?\n[^│]*│\s*/g, ' ')).toContain(text)
  },
)

test('who is banned is listed, and let back in', async () => {
  const { world, screen, ops } = await office('admin')
  const banned = [BOB, person('eve')]
  world.answers['listBans'] = () => ({ users: banned, next: '' })
  world.answers['unban'] = ({ user }) => {
    banned.splice(
      banned.findIndex(({ id }) => id === user),
      1,
    )
    return {}
  }
  screen.type('/bans\r')
  await screen.waitFor('Banned from #ops')
  await screen.waitFor('▸ bob')
  screen.type(`${DOWN}x`)
  await screen.waitFor('Let eve back into #ops?')
  screen.type(`${UP}${ENTER}`)
  await screen.waitFor(({ text }) => text.includes('▸ bob') && !/^.*│ {3}eve/m.test(text))
  expect(world.askedOf('unban')).toEqual([{ type: 'unban', group: ops, user: '~eve' }])
})

test('one is told who put one out of a group, which is gone from the list', async () => {
  const { world, screen, ops } = await office('member')
  world.event(ops, ALICE, 20, 'removed', ME)
  world.emit({ type: 'left', conversation: ops })
  await screen.waitFor('alice removed you from #ops.')
  expect(screen.text).not.toContain('▸ #ops')
})

const INVITE = {
  code: 'k3m2ab9xq7rt5wzd',
  group: '~g-ops',
  by: ME,
  uses: 5,
  used: 2,
  expires: NINE + 7 * 86_400_000,
}

test.each(SIZES)('an invite is a line to paste, with nothing beside it: $columns', async (size) => {
  const { world, screen, ops } = await office('admin', size)
  world.answers['createInvite'] = () => ({ invites: [INVITE], next: '' })
  screen.type('/invite 5 7\r')
  await screen.waitFor('An invite to #ops')
  const said = screen.rows.map((row) => row.trim()).join(' ')
  // As a selection over the rows gives it: full rows from the first column, nothing between.
  const { rows } = screen
  const first = rows.findIndex((row) => row.startsWith('npx tchat connect tchat://'))
  const digest = Buffer.from(KEY.slice('sha256:'.length), 'hex').toString('base64url')
  const line = `npx tchat connect tchat://office:8000/ops/${digest}/${INVITE.code}`
  const last = first + Math.ceil(line.length / size.columns)
  expect(rows.slice(first, last).join('')).toBe(line)
  for (const row of rows.slice(first, last - 1)) expect(row).toHaveLength(size.columns)
  expect(said).toContain('/join #ops k3m2ab9xq7rt5wzd')
  expect(said).toContain('It lets in 3 people, until Sat 28 Nov')
  expect(screen.text).not.toContain('│')
  expect(world.askedOf('createInvite')).toMatchObject([{ group: ops, uses: 5, days: 7 }])
})

test('y hands the line of an invite, or of /share, to the terminal for its clipboard', async () => {
  const { world, screen } = await office('admin')
  world.answers['createInvite'] = () => ({ invites: [INVITE], next: '' })
  screen.type('/invite 5 7\r')
  await screen.waitFor('y copy the line')
  screen.type('y')
  await screen.waitFor('whether it gets there depends on the terminal')
  expect(screen.clipboard).toMatch(
    /^npx tchat connect tchat:\/\/office:8000\/ops\/.*k3m2ab9xq7rt5wzd$/,
  )
  screen.type(ESC)
  await screen.waitFor('morning all')
  screen.type('/share\r')
  await screen.waitFor('Others connect with')
  screen.type('y')
  await screen.waitFor('whether it gets there depends on the terminal')
  expect(screen.clipboard).toMatch(/^npx tchat connect tchat:\/\/office:8000\/ops\/[\w-]{43}$/)
})

test('invites are listed, shown again and revoked', async () => {
  const { world, screen } = await office('admin')
  const invites = [INVITE]
  world.answers['listInvites'] = () => ({ invites, next: '' })
  world.answers['revokeInvite'] = () => {
    invites.pop()
    return {}
  }
  screen.type('/invites\r')
  await screen.waitFor('▸ k3m2ab9xq7rt5wzd · 2 of 5 used')
  screen.type(ENTER)
  await screen.waitFor('An invite to #ops')
  screen.type(ESC)
  await screen.waitFor('Invites to #ops')
  screen.type('x')
  await screen.waitFor('Revoke the invite k3m2ab9xq7rt5wzd?')
  screen.type(`${UP}${ENTER}`)
  await screen.waitFor('There is no invite that is still good.')
  expect(world.askedOf('revokeInvite')).toMatchObject([{ code: INVITE.code }])
})

test('joining a group by invitation asks for the code, and takes a whole line for it', async () => {
  const { world, screen } = await office()
  world.answers['joinGroup'] = ({ invite, group }) => {
    if (invite === undefined) throw new ChatError('inviteNeeded')
    if (invite !== GOOD) throw new ChatError('badInvite')
    return { group: { id: '~g-tea', name: group } }
  }
  screen.type('/join #tea\r')
  await screen.waitFor('#tea is by invitation')
  screen.type('bad\r')
  await screen.waitFor('or expired. Ask whoever')
  screen.type(`\x15tchat://office:8000/tea//${GOOD.slice(1)}\r`)
  await screen.waitFor('it is cut short')
  screen.type(`\x15npx tchat connect tchat://office:8000/tea//${GOOD}\r`)
  await screen.waitFor('You are in #tea.')
  screen.type(`/join tea ${GOOD}\r`)
  await screen.waitFor(() => world.askedOf('joinGroup').length === 4)
  expect(world.askedOf('joinGroup').map(({ invite }) => invite)).toEqual([
    undefined,
    'bad',
    GOOD,
    GOOD,
  ])
})

test('a share line in the place of a group’s name joins, unless it leads to another server', async () => {
  const { world, screen } = await office()
  world.answers['joinGroup'] = ({ group }) => ({ group: { id: '~g-tea', name: group } })
  screen.type(`${CTRL_X}j`)
  await screen.waitFor('Join group')
  screen.type('npx tchat connect tchat://office:8000/tea//k3m2ab9xq7rt5wzd\r')
  await screen.waitFor('You are in #tea.')
  screen.type('/join tchat://office:8000\r')
  await screen.waitFor('to this server, but to no group.')
  const key = Buffer.alloc(32, 7).toString('base64url')
  screen.type(`\x15/join tchat://elsewhere:9000/tea/${key}\r`)
  await screen.waitFor('That line leads to another server')
  const asked = { type: 'joinGroup', group: 'tea', invite: 'k3m2ab9xq7rt5wzd' }
  expect(world.askedOf('joinGroup')).toEqual([asked])
})

test('a group is made by invitation when the form says so', async () => {
  const { world, screen } = await office()
  world.answers['createGroup'] = ({ name }) => ({ group: { id: '~g-new', name } })
  screen.type(`${CTRL_X}c`)
  await screen.waitFor('Create group')
  expect(screen.text).toContain('Who may enter  ‹ anyone ›')
  screen.type(`tea${TAB}bob${TAB}`)
  await screen.waitFor('▸')
  screen.type(' ')
  await screen.waitFor('Who may enter  ‹ by invitation ›')
  screen.type(ENTER)
  await screen.waitFor('#tea is made.')
  expect(world.askedOf('createGroup')).toMatchObject([
    { name: 'tea', members: ['bob'], access: 'invite' },
  ])
})

test('who is blocked is marked in the list; B there asks before it is done', async () => {
  const { world, screen } = await office()
  world.answers['block'] = () => ({})
  const contact = {
    user: BOB,
    online: true,
    status: 'available' as const,
    removed: false,
    blocked: false,
  }
  world.emit({ type: 'contacts', contacts: [contact], complete: false })
  await screen.waitFor('CONTACTS 1')
  screen.type(`${TAB}B`)
  await screen.waitFor('Block bob?')
  screen.type(`${UP}${ENTER}`)
  await screen.waitFor('No direct messages from bob now')
  world.emit({ type: 'contacts', contacts: [{ ...contact, blocked: true }], complete: false })
  await screen.waitFor(/bob +blocked│/)
  expect(world.askedOf('block')).toEqual([{ type: 'block', user: 'bob' }])
})

test.each([
  { columns: 80, rows: 24 },
  { columns: 50, rows: 20 },
])(
  'while a window is open the last row names no key of what is behind it, at $columns by $rows',
  async (size) => {
    const { screen } = await office('owner', size)
    await screen.waitFor('Ctrl-K go to')
    screen.type(`${CTRL_X}m`)
    await screen.waitFor('Members of #ops')
    expect(screen.rows.at(-1)).toBe('')
    screen.type(ESC)
    await screen.waitFor('Ctrl-K go to')
    screen.type(ESC)
    await screen.waitFor('e edit')
    screen.type('+')
    await screen.waitFor('alice: morning all')
    expect(screen.rows.at(-1)).toBe('')
    screen.type(ESC)
    await screen.waitFor('e edit')
  },
)
