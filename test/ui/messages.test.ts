import { expect, test } from 'vitest'
import { ChatError } from '../../src/protocol/errors.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const ALICE = person('alice')
const BOB = person('bob')
const ENTER = '\r'
const ESC = '\x1b'
const UP = '\x1b[A'
const DOWN = '\x1b[B'
const WIDE = { columns: 140, rows: 40 }
const MIDDLE = { columns: 80, rows: 24 }
const NARROW = { columns: 50, rows: 20 }

type Talk = Readonly<{ world: ScriptedWorld; ops: string }>

/** A morning in #ops: what alice said at seq 1, bob's at 2, mine at 3. */
function talk(): Talk {
  const world = new ScriptedWorld()
  const ops = world.group('ops', ALICE, BOB)
  world.say(ops, ALICE, 12, 'deploy is at 10')
  world.say(ops, BOB, 14, 'who has the keys?')
  world.say(ops, ME, 15, 'I do')
  world.allRead(ops)
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  return { world, ops }
}

async function open(world: ScriptedWorld, size = MIDDLE, env = {}): Promise<Screen> {
  const screen = Screen.open(size, { env }, { connector: world, now: () => NINE })
  await screen.waitFor(({ text }) => /\d\d:\d\d /.test(text) && !text.includes('loading…'))
  return screen
}

/** The same morning, with everything that can come of messages. */
function livelyTalk(): Talk {
  const { world, ops } = talk()
  world.tell(ops, ALICE, 16, { kind: 'edited', target: 1, text: 'deploy is at 11' })
  world.tell(ops, ALICE, 17, { kind: 'reacted', target: 3, text: '👍' })
  world.tell(ops, ME, 18, { kind: 'reacted', target: 2, text: '🎉' })
  world.tell(ops, BOB, 18, { kind: 'text', text: 'thanks @me', target: 3, mentions: [ME.id] })
  world.tell(ops, ME, 19, { kind: 'text', text: '/me waves', target: 1 })
  world.tell(ops, ALICE, 20, { kind: 'text', text: 'oops' })
  world.tell(ops, ALICE, 20, { kind: 'deleted', target: 9 })
  world.allRead(ops)
  return { world, ops }
}

const CURSORS = [
  { user: ALICE.id, delivered: 20, read: 8 },
  { user: BOB.id, delivered: 20, read: 5 },
]

/** The keys go to the log. */
async function readBack(screen: Screen): Promise<void> {
  screen.type(ESC)
  await screen.waitFor('reading back')
}

/** A window is closed, and it is gone before the next key comes. */
async function close(screen: Screen, title: string): Promise<void> {
  screen.type(ESC)
  await screen.waitFor(({ text }) => !text.includes(title))
}

test('80x24: edits, reactions, answers, mentions, receipts and who is writing', async () => {
  const { world, ops } = livelyTalk()
  world.cursors.set(ops, CURSORS)
  const screen = await open(world)
  world.emit({ type: 'typed', conversation: ops, user: ALICE })
  await screen.waitFor('alice is writing…')
  await screen.waitFor('✓✓✓')
  expect(screen.rows.slice(1, 19).map((row) => row.slice(21))).toEqual([
    '#ops · 3/3 online',
    '───────────────── the beginning of #ops ──────────────────',
    '──────────────────── Sat 21 Nov 2026 ─────────────────────',
    '09:12 alice     deploy is at 11 (edited)',
    '09:14 bob       who has the keys?',
    '                [🎉 1]',
    '09:15 you   ✓✓✓ I do',
    '                👍 1',
    '09:18 bob      »╭ you: I do',
    '                thanks @me',
    '09:19 you    ✓✓ ╭ alice: deploy is at 11',
    '                * me waves',
    '09:20 alice     deleted',
    '',
    '',
    '',
    '',
    'alice is writing…',
  ])
  expect(screen.look(13, 'deleted').faint).toBe(true)
  expect(screen.look(4, '(edited)').faint).toBe(true)
})

test('140x40: nothing that stands beside the members is wider than it should be', async () => {
  const { world, ops } = livelyTalk()
  world.cursors.set(ops, CURSORS)
  world.tell(ops, BOB, 21, { kind: 'reacted', target: 3, text: '👩‍💻' })
  const screen = await open(world, WIDE)
  await screen.waitFor('✓✓✓')
  await screen.waitFor('MEMBERS 3')
  const rows = screen.rows.slice(4, 14).map((row) => row.slice(27, 115).trimEnd())
  expect(rows).toEqual([
    ' 09:12 alice      deploy is at 11 (edited)',
    ' 09:14 bob        who has the keys?',
    '                  [🎉 1]',
    ' 09:15 you    ✓✓✓ I do',
    '                  👍 1  👩‍💻 1',
    ' 09:18 bob       »╭ you: I do',
    '                  thanks @me',
    ' 09:19 you     ✓✓ ╭ alice: deploy is at 11',
    '                  * me waves',
    ' 09:20 alice      deleted',
  ])
  for (const row of screen.rows.slice(1, 35)) expect([...row].indexOf('│', 27)).not.toBe(-1)
})

test('50x20: names above the text, the marks before names', async () => {
  const { world, ops } = livelyTalk()
  world.cursors.set(ops, CURSORS)
  const screen = await open(world, NARROW)
  await screen.waitFor('✓✓✓')
  world.emit({ type: 'typed', conversation: ops, user: BOB })
  world.emit({ type: 'typed', conversation: ops, user: ALICE })
  await screen.waitFor('bob and alice are writing…')
  await readBack(screen)
  screen.type(UP)
  await screen.waitFor('09:18▸bob')
  expect(screen.rows.slice(2, 17)).toEqual([
    ' deploy is at 11 (edited)',
    '09:14 bob',
    ' who has the keys?',
    ' [🎉 1]',
    '09:15 you ✓✓✓',
    ' I do',
    ' 👍 1',
    '09:18▸bob',
    ' ╭ you: I do',
    ' thanks @me',
    '09:19 you ✓✓',
    ' ╭ alice: deploy is at 11',
    ' * me waves',
    '09:20 alice',
    ' deleted',
  ])
  expect(screen.look(9, 'bob').inverse).toBe(true)
  expect(screen.rows[19]).toContain('bob and alice are writing…')
  world.say(ops, BOB, 21, 'a')
  world.say(ops, ALICE, 21, 'b')
  await screen.waitFor(' Enter reply · e edit · d delete · + react')
})

test('with NO_COLOR the selected message, mentions and own reactions are still marked', async () => {
  const { world } = livelyTalk()
  const screen = await open(world, MIDDLE, { NO_COLOR: '1' })
  await screen.waitFor('»╭ you: I do')
  expect(screen.text).toContain('[🎉 1]')
  await readBack(screen)
  await screen.waitFor('you     ✓▸╭ alice')
})

test('↑↓ and j k choose a message; it stays in view, also when new ones come', async () => {
  const { world, ops } = talk()
  for (let n = 1; n <= 60; n++) world.say(ops, ALICE, 20 + n, `line ${n}`)
  const screen = await open(world)
  await screen.waitFor('line 60')
  await readBack(screen)
  await screen.waitFor('▸line 60')
  screen.type('k')
  await screen.waitFor('▸line 59')
  for (let n = 0; n < 30; n++) screen.type(UP)
  await screen.waitFor('▸line 29')
  expect(screen.rows[2]).toContain('▸line 29')
  expect(screen.text).toContain('↓')
  screen.type('j')
  await screen.waitFor('▸line 30')
  for (let n = 0; n < 40; n++) screen.type(DOWN)
  await screen.waitFor('▸line 60')
  for (let n = 0; n < 14; n++) screen.type('k')
  await screen.waitFor('▸line 46')
  for (let n = 0; n < 10; n++) world.say(ops, BOB, 90, `more ${n}`)
  await screen.waitFor(/↓ \d+ new/)
  expect(screen.text).toContain('▸line 46')
  screen.type('G')
  await screen.waitFor('▸more 9')
  screen.type('g')
  await screen.waitFor('▸deploy is at 10')
  screen.type('\x1b[6~')
  await screen.waitFor('▸line 9')
  screen.type('x')
  await screen.waitFor('> x')
  expect(screen.text).toContain('▸line 9')
})

test('Esc goes back to writing, and nothing is selected any more', async () => {
  const { world } = talk()
  const screen = await open(world)
  await readBack(screen)
  screen.type(UP)
  await screen.waitFor('▸who has the keys?')
  screen.type(ESC)
  await screen.waitFor('type a message')
  expect(screen.text).not.toMatch(/▸\S/)
})

test('what was selected and is out of view since does not take the view back', async () => {
  const { world, ops } = talk()
  for (let n = 1; n <= 60; n++) world.say(ops, ALICE, 20 + n, `line ${n}`)
  world.allRead(ops)
  const screen = await open(world)
  await readBack(screen)
  screen.type('g')
  await screen.waitFor('▸deploy is at 10')
  // What is typed while one reads back is written, and what is selected stays so.
  screen.type('x\x7f')
  await screen.waitFor('type a message')
  expect(screen.text).toContain('▸deploy is at 10')
  screen.type('\x1b[F')
  await screen.waitFor('line 60')
  screen.type(ESC)
  await screen.waitFor('reading back')
  await screen.waitFor('▸line 60')
  screen.type('g')
  await screen.waitFor('▸deploy is at 10')
  screen.type('x\x7f')
  await screen.waitFor('type a message')
  screen.type('\x1b[F')
  await screen.waitFor('line 60')
  screen.type('\x180')
  await screen.waitFor(({ text }) => !text.includes('│') && text.includes('10:20▸alice'))
})

test('a message that is deleted while it is selected gives way to the one above it', async () => {
  const { world, ops } = talk()
  for (let n = 1; n <= 5; n++) world.say(ops, ALICE, 20 + n, `line ${n}`)
  const screen = await open(world)
  await readBack(screen)
  screen.type(UP)
  screen.type(UP)
  await screen.waitFor('▸line 3')
  world.tell(ops, ALICE, 30, { kind: 'deleted', target: 6 })
  await screen.waitFor('▸line 2')
})

test('Enter or r answers the selected message; the answer says to whom, on the way, too', async () => {
  const { world, ops } = talk()
  const screen = await open(world)
  screen.type('half a thought')
  await screen.waitFor('> half a thought')
  screen.type('\t\t\t')
  await screen.waitFor('half a thought')
  screen.type('\x03')
  await screen.waitFor('> type a message')
  await readBack(screen)
  screen.type(UP)
  await screen.waitFor('▸who has the keys?')
  screen.type(ENTER)
  await screen.waitFor('replying to bob: who has the keys?')
  expect(screen.rows[20]).toBe(`replying to bob: who has the keys?${' '.repeat(35)}Esc cancels`)
  expect(screen.cursor).toEqual({ x: 2, y: 21 })
  screen.type(`not I${ENTER}`)
  await screen.waitFor(() => world.said.length === 1)
  const target = { kind: 'group', id: ops } as const
  expect(world.said).toEqual([{ target, text: 'not I', reply: 2 }])
  await screen.waitFor(({ text }) => !text.includes('replying'))
  expect(screen.text).not.toContain('▸who')
  world.waits(target, 'not I', 30, undefined, 2)
  await screen.waitFor(/you {5}◷ ╭ bob: who has the keys\?\n.* not I$/m)
  screen.type(`and this is new${ENTER}`)
  await screen.waitFor(() => world.said.length === 2)
  expect(world.said[1]).toEqual({ target, text: 'and this is new' })
})

test('what was selected for a command is not selected for the next one', async () => {
  const { world } = talk()
  const screen = await open(world)
  await readBack(screen)
  screen.type(UP)
  screen.type(UP)
  await screen.waitFor('▸deploy')
  screen.type(`/react eyes${ENTER}`)
  await screen.waitFor('[👀 1]')
  await screen.waitFor(({ text }) => !text.includes('▸deploy'))
  screen.type(`/react fire${ENTER}`)
  await screen.waitFor('[🔥 1]')
  expect(world.askedOf('react').map(({ seq }) => seq)).toEqual([1, 2])
})

test('Esc cancels an answer and keeps what was written', async () => {
  const { world } = talk()
  const screen = await open(world)
  screen.type(`/reply${ENTER}`)
  await screen.waitFor('replying to bob')
  screen.type('never mind')
  await screen.waitFor('> never mind')
  screen.type(ESC)
  await screen.waitFor(({ text }) => !text.includes('replying'))
  expect(screen.rows[20]).toBe('> never mind')
})

test('in the smallest window, too, it is said what is answered', async () => {
  const { world } = talk()
  const screen = await open(world, { columns: 28, rows: 6 })
  screen.type(`/reply${ENTER}`)
  await screen.waitFor('replying to bob: who has th…')
  screen.type('I')
  await screen.waitFor('> I')
  expect(screen.rows[4]).toBe('replying to bob: who has th…')
})

test('an answer to what is not loaded says that it stands further up', async () => {
  const { world, ops } = talk()
  for (let n = 1; n <= 200; n++) world.say(ops, ALICE, 20 + n, `line ${n}`)
  world.tell(ops, BOB, 300, { kind: 'text', text: 'late', target: 1 })
  const screen = await open(world)
  await screen.waitFor('╭ a message further up')
})

test('/reply with a text answers the last message of somebody else', async () => {
  const { world, ops } = talk()
  const screen = await open(world)
  screen.type(`/reply on my desk${ENTER}`)
  await screen.waitFor(() => world.said.length === 1)
  expect(world.said).toEqual([{ target: { kind: 'group', id: ops }, text: 'on my desk', reply: 2 }])
})

test('e brings the old text into the composer; the draft of before comes back', async () => {
  const { world, ops } = talk()
  const screen = await open(world)
  screen.type('a draft')
  await screen.waitFor('> a draft')
  screen.type('\x18E')
  await screen.waitFor('editing you: I do')
  expect(screen.rows[21]).toBe('> I do')
  screen.type(` not${ENTER}`)
  await screen.waitFor('I do not (edited)')
  expect(world.askedOf('edit')).toEqual([
    { type: 'edit', conversation: ops, seq: 3, text: 'I do not' },
  ])
  await screen.waitFor('Edited.')
  expect(screen.rows[20]).toBe('> a draft')
  expect(world.said).toEqual([])
})

test('an edit that is refused is in the composer again, with the reason', async () => {
  const { world } = talk()
  world.answers['edit'] = () => {
    throw new ChatError('unknownEntry')
  }
  const screen = await open(world)
  screen.type(`/edit${ENTER}`)
  await screen.waitFor('> I do')
  screen.type(` not${ENTER}`)
  await screen.waitFor('There is no such message')
  expect(screen.text).toContain('editing you: I do')
  expect(screen.rows[21]).toBe('> I do not')
  screen.type(ESC)
  await screen.waitFor('Not edited')
  expect(screen.rows[20]).toBe('> type a message, /command, or @name')
})

test('only own messages are edited and deleted; an admin deletes others, too', async () => {
  const { world, ops } = talk()
  const screen = await open(world)
  await readBack(screen)
  screen.type(UP)
  await screen.waitFor('▸who has')
  screen.type('e')
  await screen.waitFor('Only what you said yourself can be edited.')
  screen.type('d')
  await screen.waitFor('Only your own messages can be deleted')
  world.tell(ops, ALICE, 30, { kind: 'role', subject: ME, role: 'admin' })
  await screen.waitFor('admin')
  screen.type('d')
  await screen.waitFor('Delete this message for everybody?')
  expect(screen.text).toContain('bob: who has the keys?')
})

test('d asks before it deletes', async () => {
  const { world, ops } = talk()
  const screen = await open(world)
  await readBack(screen)
  screen.type('d')
  await screen.waitFor('▸ Keep')
  screen.type(ENTER)
  await screen.waitFor(({ text }) => !text.includes('Delete this'))
  expect(world.askedOf('deleteEntry')).toEqual([])
  screen.type('d')
  await screen.waitFor('▸ Keep')
  screen.type(`${UP}${ENTER}`)
  await screen.waitFor(/you +deleted/)
  expect(world.askedOf('deleteEntry')).toEqual([{ type: 'deleteEntry', conversation: ops, seq: 3 }])
})

test('+ offers reactions; choosing one’s own again takes it back', async () => {
  const { world, ops } = talk()
  const screen = await open(world)
  await readBack(screen)
  screen.type(UP)
  await screen.waitFor('▸who')
  screen.type('+')
  await screen.waitFor('bob: who has the keys?')
  expect(screen.text).toMatch(/▸ 👍 {2}\+1 thumbsup/)
  screen.type(':tad')
  await screen.waitFor(/▸ 🎉 {2}tada/)
  screen.type(ENTER)
  await screen.waitFor('[🎉 1]')
  screen.type('+')
  await screen.waitFor('React')
  screen.type('party')
  await screen.waitFor('▸ 🎉  yours; Enter takes it back')
  screen.type(ENTER)
  await screen.waitFor(() => world.askedOf('react').length === 2)
  await screen.waitFor(({ text }) => !text.includes('🎉'))
  const base = { type: 'react', conversation: ops, seq: 2, text: '🎉' }
  expect(world.askedOf('react')).toEqual([
    { ...base, remove: false },
    { ...base, remove: true },
  ])
})

test('/react and /unreact take an emoji, a shortcode or a word', async () => {
  const { world } = talk()
  const screen = await open(world)
  screen.type(`/react :rocket:${ENTER}`)
  await screen.waitFor('[🚀 1]')
  screen.type(`/react ship-it${ENTER}`)
  await screen.waitFor('[ship-it 1]  [🚀 1]')
  screen.type(`/unreact${ENTER}`)
  await screen.waitFor('Which one? You put ship-it 🚀')
  screen.type(`\x15/unreact rocket${ENTER}`)
  await screen.waitFor(({ text }) => !text.includes('🚀 1'))
  screen.type(`/react two words${ENTER}`)
  await screen.waitFor('A reaction is an emoji')
  expect(screen.rows[20]).toBe('> /react two words')
})

test('i says who, when, who reacted and how far it has got', async () => {
  const { world, ops } = livelyTalk()
  world.cursors.set(ops, CURSORS)
  const screen = await open(world)
  screen.type(`/info${ENTER}`)
  await screen.waitFor('Read by 1 of 2, delivered to 2.')
  expect(screen.rows.slice(3, 10).map((row) => row.slice(22))).toEqual([
    '* you waves',
    'Sat 21 Nov 2026 09:19',
    '',
    'Read by 1 of 2, delivered to 2.',
    '✓✓✓ alice has read it',
    '✓✓  bob has it',
    '',
  ])
  await close(screen, 'About this message')
  await readBack(screen)
  for (let n = 0; n < 2; n++) screen.type(UP)
  await screen.waitFor('▸I do')
  screen.type('i')
  await screen.waitFor('👍 1: alice')
  expect(world.askedOf('getReceipts').at(-1)).toMatchObject({ conversation: ops, seq: 3 })
  await close(screen, 'About this message')
  const asked = world.askedOf('getReceipts').length
  screen.type(UP)
  await screen.waitFor('▸who has')
  screen.type('i')
  await screen.waitFor('🎉 1: you')
  // How far what others said has got is for them to know.
  expect(screen.text).not.toMatch(/Read by|has read it|has it/)
  expect(world.askedOf('getReceipts')).toHaveLength(asked)
})

test('in a direct conversation one tick becomes two, then three', async () => {
  const { world } = talk()
  const direct = world.direct(ALICE)
  world.say(direct, ALICE, 39, 'psst')
  world.lastTarget = ALICE.id
  const screen = await open(world)
  world.say(direct, ME, 40, 'are you there?')
  await screen.waitFor(/(?<!✓)✓ are you there\?/)
  await screen.waitFor(() => world.askedOf('getReceipts').length === 1)
  world.receipts(direct, [{ user: ALICE.id, delivered: 2, read: 0 }])
  await screen.waitFor(/(?<!✓)✓✓ are you there\?/)
  world.receipts(direct, [{ user: ALICE.id, delivered: 2, read: 2 }])
  await screen.waitFor(/(?<!✓)✓✓✓ are you there\?/)
  world.say(direct, ME, 41, 'well')
  await screen.waitFor(/(?<!✓)✓ well/)
  expect(world.askedOf('getReceipts')).toHaveLength(1)
})

test('who is named sees it in the lists, above and while reading back; that is next', async () => {
  const { world, ops } = talk()
  const lobby = world.group('lobby', ALICE)
  world.say(lobby, ALICE, 1, 'older')
  for (let n = 1; n <= 40; n++) world.say(ops, ALICE, 20 + n, `line ${n}`)
  world.allRead(ops)
  world.lastTarget = ops
  const book = world.group('book', ALICE)
  const screen = await open(world)
  screen.type('\x1b[5~')
  await screen.waitFor('↓ End: newest')
  world.tell(ops, ALICE, 90, { kind: 'text', text: '@me look', mentions: [ME.id] })
  world.say(ops, ALICE, 90, 'here')
  await screen.waitFor('↓ 2 new (1 @)')
  await screen.waitFor('▸ #ops          @1 2│')
  world.tell(book, ALICE, 91, { kind: 'text', text: 'page 3, @me', mentions: [ME.id] })
  await screen.waitFor(/#book +@1│/)
  await screen.waitFor('4 unread @2')
  screen.type('\x1ba')
  await screen.waitFor('▸ #book')
  await screen.waitFor('»page 3, @me')
  await screen.waitFor('3 unread @1')
})

test('a change elsewhere needs the server: without it that is said, and nothing typed is lost', async () => {
  const { world } = talk()
  const screen = await open(world)
  const link = { state: 'waiting', retryAt: NINE + 9_000, attempt: 1, reason: 'lost' } as const
  world.emit({ type: 'link', link })
  await screen.waitFor('lost, next try')
  screen.type(`/edit I do not${ENTER}`)
  await screen.waitFor('Not connected: /edit needs the server')
  screen.type('\x1b[A')
  await screen.waitFor(({ rows }) => rows[20] === '> /edit I do not')
  screen.type(`\x15/reply kept${ENTER}`)
  await screen.waitFor(() => world.said.length === 1)
  expect(world.said[0]).toMatchObject({ text: 'kept', reply: 2 })
})

test('/me says what one does, and is a message like all others', async () => {
  const { world, ops } = talk()
  const screen = await open(world)
  screen.type(`/me${ENTER}`)
  await screen.waitFor('Write it so: /me text')
  screen.type(` waves${ENTER}`)
  await screen.waitFor(() => world.said.length === 1)
  expect(world.said).toEqual([{ target: { kind: 'group', id: ops }, text: '/me waves' }])
  world.say(ops, ALICE, 30, '/me nods')
  await screen.waitFor(/alice +\* alice nods/)
  screen.type(`/reply${ENTER}`)
  await screen.waitFor('replying to * alice nods')
})

test('/whois says what is known of somebody', async () => {
  const { world } = talk()
  const screen = await open(world)
  const contact = {
    user: ALICE,
    online: true,
    status: 'available' as const,
    removed: false,
    blocked: false,
  }
  world.emit({ type: 'contacts', contacts: [contact], complete: true })
  await screen.waitFor('CONTACTS 1')
  screen.type(`/whois alice${ENTER}`)
  await screen.waitFor('with you in #ops')
  expect(screen.rows.slice(1, 7).map((row) => row.slice(22))).toEqual([
    'alice',
    '',
    'id ~alice',
    'online',
    'on your contact list',
    'with you in #ops',
  ])
})
