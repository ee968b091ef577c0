import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { unseal } from '../../src/net/files/sealed-line.ts'
import { RealOffice } from '../support/real-office.ts'
import type { Screen } from '../support/screen.ts'

/** What a computer remembers of an account: real files, a real server, and none. */

const ENTER = '\r'
const office = new RealOffice()

async function quit(screen: Screen): Promise<void> {
  screen.type(`\x03/quit${ENTER}`)
  await screen.exitCode
}

async function filesOf(computer: string): Promise<readonly string[]> {
  const folder = office.stateFolder(computer)
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found.filter((it) => it.isFile()).map(({ parentPath, name }) => join(parentPath, name))
}

/** All that stands in a computer's files, whatever its form. */
async function wordsOf(computer: string): Promise<string> {
  const texts = (await filesOf(computer)).map(async (file) => {
    const lines = (await readFile(file, 'utf8')).split('\n')
    const words = lines.flatMap((line) => (unseal(line) ?? line).split(' '))
    return words.map((word) => `${word} ${Buffer.from(word, 'base64')}`).join('\n')
  })
  return (await Promise.all(texts)).join('\n')
}

test('without a server everything is there to be read, and what is written waits', async () => {
  const ann = await office.register('ann')
  ann.type(`/create ops${ENTER}`)
  await ann.waitFor('▸ #ops')
  for (const text of ['one', 'two', 'three']) {
    ann.type(`${text}${ENTER}`)
    await ann.waitFor(new RegExp(`✓ ${text}`))
  }
  ann.type(`/goto #lobby${ENTER}`)
  await ann.waitFor('▸ #lobby')
  await quit(ann)

  const start = await office.stop()
  const away = office.client('ann')
  await away.waitFor('▸ #lobby')
  expect(away.text).toContain('ann joined')
  await away.waitFor('lost, next try in')
  away.type(`/goto #ops${ENTER}`)
  await away.waitFor(/one\n.*two\n.*three/)
  away.type(`written without a server${ENTER}`)
  await away.waitFor(/◷ written without a server/)
  away.type('and a thought')
  await away.waitFor('> and a thought')
  away.type(`\x18q`)
  await away.exitCode

  const still = office.client('ann')
  await still.waitFor(/three\n.*◷ written without a server/)
  await still.waitFor('> and a thought')
  await start()
  still.type(`\x03/reconnect${ENTER}`)
  await still.waitFor(/✓ written without a server/)
  expect(still.text.match(/written without/g)).toHaveLength(1)
  await quit(still)
})

test('a server that never answers keeps nobody from reading', async () => {
  const bob = await office.register('bob')
  bob.type(`said before${ENTER}`)
  await bob.waitFor(/✓ said before/)
  await quit(bob)
  const { port } = office
  const start = await office.stop()
  const silent = createServer((socket) => socket.resume().on('error', () => undefined))
  silent.listen(port, '127.0.0.1')
  await once(silent, 'listening')
  const closed = once(silent, 'close')
  const again = office.client('bob')
  await again.waitFor(/said before/)
  expect(again.text).not.toContain('Connecting to')
  expect(again.rows[0]).toMatch(/bob@127\.0\.0\.1:\d+ {2}◌ connecting/)
  again.type(`/quit${ENTER}`)
  await again.exitCode
  silent.close()
  await closed
  await start()
})

test('what was deleted while one was away is gone from the screen and from the disk', async () => {
  const cat = await office.register('cat')
  const dan = await office.register('dan')
  dan.type(`my password is tulip${ENTER}`)
  await cat.waitFor('my password is tulip')
  await quit(cat)
  expect(await wordsOf('cat')).toContain('tulip')
  dan.type(`/delete${ENTER}`)
  await dan.waitFor('Delete')
  dan.type(`\x1b[A${ENTER}`)
  await dan.waitFor(({ text }) => !text.includes('tulip'))
  const again = office.client('cat')
  await again.waitFor('● online')
  await again.waitFor(({ text }) => !text.includes('tulip'))
  await quit(again)
  expect(await wordsOf('cat')).not.toContain('tulip')
})

test('a group that one was put out of while away is gone, and all that was kept of it', async () => {
  const eve = await office.register('eve')
  const fay = await office.register('fay')
  eve.type(`/create crew fay${ENTER}`)
  await fay.waitFor('#crew')
  eve.type(`only for the crew${ENTER}`)
  await fay.waitFor(/#crew +1│/)
  fay.type(`/goto #crew${ENTER}`)
  await fay.waitFor('only for the crew')
  await quit(fay)
  expect(await wordsOf('fay')).toContain('only for the crew')
  eve.type(`/kick fay${ENTER}`)
  await eve.waitFor(/removed fay/)
  const again = office.client('fay')
  await again.waitFor('● online')
  await again.waitFor(({ text }) => !text.includes('#crew'))
  await quit(again)
  expect(await wordsOf('fay')).not.toContain('only for the crew')
})

test('log-out leaves nothing of the account', async () => {
  const gus = await office.register('gus')
  gus.type(`a word${ENTER}`)
  await gus.waitFor(/✓ a word/)
  gus.type('half a')
  await gus.waitFor('> half a')
  await quitAndBack(gus)
  const again = office.client('gus')
  await again.waitFor(/> half a/)
  again.type(`\x03/logout${ENTER}`)
  await again.waitFor('Log in to')
  const left = await readdir(office.stateFolder('gus'), { recursive: true })
  expect(left.filter((name) => !/^(pins|open|sessions|outbox)\b/.test(name))).toEqual([])
  expect((await filesOf('gus')).filter((file) => !file.includes('/pins/'))).toEqual([])
})

/** With what is in the composer. */
async function quitAndBack(screen: Screen): Promise<void> {
  screen.type('\x18q')
  await screen.exitCode
}

test('two clients of an account keep what each was writing', async () => {
  const one = await office.register('hal')
  const other = office.client('hal')
  await other.waitFor('#lobby ·')
  one.type('of the one')
  await one.waitFor('> of the one')
  other.type('of the other')
  await other.waitFor('> of the other')
  await quitAndBack(one)
  await quitAndBack(other)
  const next = office.client('hal')
  await next.waitFor('of the one')
  await next.waitFor('of the other')
  next.type('\x03')
  onTestFinished(() => next.close())
})

test('who is logged out by the server and comes back finds the draft once', async () => {
  const ian = await office.register('ian')
  ian.type('half a sentence')
  await ian.waitFor('> half a sentence')
  const other = office.client('ian', 'another computer')
  await other.waitFor('Log in to')
  other.type(`correct horse${ENTER}`)
  await other.waitFor('#lobby ·')
  other.type(`/logout everywhere${ENTER}`)
  await other.waitFor('Log out')
  other.type(`\x1b[A${ENTER}`)
  await ian.waitFor('Log in to')
  ian.type(`correct horse${ENTER}`)
  await ian.waitFor('#lobby ·')
  await ian.waitFor('> half a sentence')
  expect(ian.text.match(/half a sentence/g)).toHaveLength(1)
})
