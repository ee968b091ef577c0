import { expect, test } from 'vitest'
import { LineOffice } from '../../support/line-office.ts'

/** Line mode with a pipe on its input, and what can be wrong with it. */

const office = new LineOffice()

test('a pipe is read to its end, and all of it is on the server then', async () => {
  const reader = await office.person('reader')
  reader.type('/create pipes')
  await reader.waitFor('You are in #pipes')
  const texts = Array.from({ length: 600 }, (_, at) => `line ${at}`)
  const pipe = await office.pipe('reader')
  pipe.type('/goto #pipes', ...texts)
  pipe.endInput()
  expect(await pipe.ended).toEqual({ code: 0 })
  expect(pipe.errors).toBe('')
  const told = pipe.lines.filter((line) => line.endsWith(' sent'))
  expect(told.map((line) => / (line \d+) \[/.exec(line)?.[1])).toEqual(texts)
  await reader.waitFor('line 599')
  expect(reader.text.match(/you: line \d+ \[/g)).toHaveLength(600)
})

test('what a pipe printed is not counted as read', async () => {
  const writer = await office.program('writer')
  const rita = await office.person('rita')
  rita.type('/quit')
  await rita.ended
  const pipe = await office.pipe('rita')
  await writer.send('#lobby', 'not read by anybody')
  await pipe.waitFor('not read by anybody')
  pipe.endInput()
  expect(await pipe.ended).toEqual({ code: 0 })
  const again = office.client('rita', { isPerson: true })
  await again.waitFor('1 unread in #lobby.')
})

test('a command is about what was said before it, and the next line for what it opened', async () => {
  await office.person('sue')
  const pipe = await office.pipe('sue')
  pipe.type('/create fresh', 'in it', '/react 2 tada', '/edit 2 in it, yes', '/topic a topic')
  pipe.endInput()
  expect(await pipe.ended).toEqual({ code: 0 })
  expect(pipe.text).toMatch(/#fresh you: in it \[2\] sent\n/)
  expect(pipe.text).toMatch(/#fresh \* you changed message 2 to: in it, yes/)
  expect(pipe.text).toMatch(/#fresh \* you put 🎉 to message 2/)
})

test('what cannot be done is one line on the other output, the rest is done, and the exit code says it', async () => {
  await office.person('tom')
  const owner = await office.program('owner')
  await owner.groups.create('closed', { access: 'invite' })
  const pipe = await office.pipe('tom')
  pipe.type('one', '/goto nobody-there', 'private', '/topic private', '/join #nowhere')
  pipe.type('/join closed', 'private', '/msg #closed hello', '/goto', 'private', '/goto #lobby')
  pipe.type('/reply 999 x', '/delete', '/nonsense', 'x'.repeat(8_193))
  pipe.write(Buffer.from([0xff, 0xfe, 0x0a]))
  pipe.type('x'.repeat(70_000), 'two')
  pipe.endInput()
  expect(await pipe.ended).toEqual({ code: 1 })
  expect(pipe.errors.split('\n')).toEqual([
    'There is no user nobody-there.',
    lost('/goto nobody-there'),
    'There is no group nowhere.',
    lost('/join #nowhere'),
    '#closed is by invitation: /join #closed and the code.',
    lost('/join closed'),
    'There is no group #closed.',
    'There is no message 999 here.',
    'Write it so: /delete number.',
    'No command /nonsense: see /help; //nonsense is a text.',
    'The text has 8193 bytes, 8192 is the most. Cut it in two.',
    'line 16 of the input is not UTF-8: it was passed over',
    'line 17 of the input is longer than 65536 bytes: it was passed over',
    '',
  ])
  expect(pipe.text.match(/#lobby you: (one|two) \[\d+\] sent/g)).toHaveLength(2)
  expect(pipe.text).not.toContain('private')
})

/** What a pipe is told when it is not where it wanted to be. */
function lost(command: string): string {
  return `'${command}' has led nowhere: what follows is not done until a /goto, /join or /create has`
}

test('a server that is not there, and a name that is none, are said before anything is read', async () => {
  const none = office.client('una', { start: { address: '127.0.0.1:1', user: 'una' } })
  expect(await none.ended).toEqual({ fault: expect.stringMatching(/127\.0\.0\.1:1/) })
  const unknown = office.client('una')
  const { address } = office
  expect(await unknown.ended).toEqual({
    fault: `nobody is logged in at ${address} on this computer: 'tchat login --server ${address} --user una' first, or give --user and TCHAT_PASSWORD`,
  })
})

test('a password in the environment logs in, a wrong one is said', async () => {
  await office.program('vic')
  const right = office.client('vic', { env: { TCHAT_PASSWORD: 'correct horse' } })
  right.type('from a pipe')
  right.endInput()
  expect(await right.ended).toEqual({ code: 0 })
  const env = { TCHAT_PASSWORD: 'wrong horse' }
  const wrong = office.client('vic', { env, stateFolder: office.stateFolder('vic-2') })
  expect(await wrong.ended).toEqual({ fault: 'Name or password is wrong.' })
})

test('a server that goes in mid-send and comes back loses nothing and doubles nothing', async () => {
  const wes = await office.person('wes')
  wes.type('/create stormy')
  await wes.waitFor('You are in #stormy')
  const pipe = await office.pipe('wes')
  const texts = Array.from({ length: 300 }, (_, at) => `storm ${at}`)
  pipe.type('/goto #stormy', ...texts.slice(0, 150))
  await pipe.waitFor('storm 20 [')
  const start = await office.stop()
  pipe.type(...texts.slice(150))
  pipe.endInput()
  await pipe.waitFor('The connection is lost')
  await start()
  expect(await pipe.ended).toEqual({ code: 0 })
  wes.type('/reconnect')
  await wes.waitFor('storm 299 [')
  const heard = [...wes.text.matchAll(/#stormy you: (storm \d+) \[/g)].map(([, text]) => text)
  expect(heard).toEqual(texts)
})

test('who stops reading ends it', async () => {
  await office.person('xia')
  const pipe = await office.pipe('xia')
  pipe.stdout.destroy(new Error('EPIPE'))
  expect(await pipe.ended).toEqual({ code: 0 })
})

test('an interrupted pipe ends at once and says what waits', async () => {
  await office.person('yan')
  const pipe = await office.pipe('yan')
  const start = await office.stop()
  await pipe.waitFor('The connection is lost')
  pipe.type('kept')
  await pipe.waitFor('It is kept')
  pipe.stop('interrupt')
  expect(await pipe.ended).toEqual({ code: 1 })
  expect(pipe.errors).toContain('1 message was not sent yet')
  await start()
})
