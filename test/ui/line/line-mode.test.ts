import { expect, test } from 'vitest'
import { LineOffice } from '../../support/line-office.ts'

/** Line mode, its client, TLS, the server and its store in one process: nothing is scripted. */

const office = new LineOffice()

test('a person makes an account, talks, and hears what becomes of it', async () => {
  const ann = await office.person('ann')
  const ben = await office.person('ben')
  await ann.waitFor(/^\d\d:\d\d #lobby \* ben joined$/m)
  ann.type('hello 世界 👍')
  await ann.waitFor(/^\d\d:\d\d #lobby you: hello 世界 👍 \[\d+\] sent$/m)
  await ben.waitFor(/^\d\d:\d\d #lobby ann: hello 世界 👍 \[\d+\]$/m)
  ben.type('/me waves', '/msg ann just between us')
  await ann.waitFor(/^\d\d:\d\d #lobby \* ben waves \[\d+\]$/m)
  await ann.waitFor(/^\d\d:\d\d ben: just between us \[1\]$/m)
  await ben.waitFor(/^\d\d:\d\d to ann: just between us \[1\] sent$/m)
  ann.type('/goto ben', '/reply 1 why not?')
  await ann.waitFor('You are in ben.')
  await ben.waitFor(/^\d\d:\d\d ann: \(answers 1\) why not\? \[2\]$/m)
  ann.type('/quit')
  expect(await ann.ended).toEqual({ code: 0 })
})

test('who comes back is told how much is unread, and what, once', async () => {
  const cat = await office.person('cat')
  const dan = await office.person('dan')
  dan.type('/create tools cat', 'one', 'two @cat')
  await dan.waitFor(/two @cat \[\d+\] sent/)
  await cat.waitFor('two @cat')
  cat.type('/quit')
  await cat.ended
  dan.type('three', 'four @cat')
  await dan.waitFor(/four @cat \[\d+\] sent/)
  const again = office.client('cat', { isPerson: true })
  await again.waitFor('4 unread in #tools, 2 mentions.')
  again.type('/next')
  await again.waitFor(
    /You are in #tools, 2 members\.\n.* dan: one .*\n.* dan: two .*\n.* dan: three .*\n.* dan: four/,
  )
  again.type('/catch-up')
  await again.waitFor('Nothing is unread.')
  dan.type('/catch-up')
  expect(again.text.match(/: three \[/g)).toHaveLength(1)
})

test('what is muted is not said unless it names one', async () => {
  const eve = await office.person('eve')
  const fay = await office.program('fay')
  await fay.groups.create('noise', { members: ['eve'] })
  await eve.waitFor('You are in the group #noise now.')
  eve.type('/goto #noise', '/mute on', '/goto #lobby')
  await eve.waitFor('#noise is muted')
  await eve.waitFor(/#noise is muted[\s\S]*You are in #lobby/)
  await fay.send('#noise', 'not heard')
  await fay.send('#noise', 'look @eve')
  await eve.waitFor('#noise fay: look @eve')
  expect(eve.text).not.toContain('not heard')
})

test('Ctrl-C twice ends, and a line in between takes the first one back', async () => {
  const gus = await office.person('gus')
  gus.stop('interrupt')
  await gus.waitFor('Ctrl-C again ends.')
  gus.type('/who')
  await gus.waitFor(/Online in #lobby: .*gus/)
  gus.stop('interrupt')
  await gus.waitFor(/Ctrl-C again ends\.\n[\s\S]*Ctrl-C again ends\./)
  gus.stop('interrupt')
  expect(await gus.ended).toEqual({ code: 0 })
})

test('two passwords that differ, a name that is taken, a wrong password: each can be mended', async () => {
  await office.program('hal')
  const client = office.client('hal', { isPerson: true })
  await client.waitFor('Have you an account there?')
  client.type('yes', '', 'wrong horse')
  await client.waitFor(/Name or password is wrong\.\nLog in to/)
  client.type('no', '', 'correct horse', 'correct house', 'correct horse', 'correct horse')
  await client.waitFor('The two passwords are not the same.')
  await client.waitFor(/belongs to someone else/)
  client.type('yes', '', 'correct horse')
  await client.waitFor('as hal.')
  expect(client.text).not.toContain('horse')
})

test('whether one has an account is asked until the answer is yes or no', async () => {
  const client = office.client('pam', { isPerson: true })
  await client.waitFor('Have you an account there?')
  client.type('pam', '', 'No', '', 'correct horse', 'correct horse')
  await client.waitFor('as pam.')
  expect(client.text.match(/Have you an account there/g)).toHaveLength(3)
})

test('a loss is told once, what is written meanwhile waits, and nothing is doubled', async () => {
  const ida = await office.person('ida')
  const jon = await office.person('jon')
  const start = await office.stop()
  await ida.waitFor('The connection is lost')
  await jon.waitFor('The connection is lost')
  ida.type('written meanwhile', '/names')
  await ida.waitFor(
    /It is kept, and sent as soon as there is a connection: #lobby: written meanwhile/,
  )
  await ida.waitFor(/not connected/i)
  await start()
  ida.type('/reconnect')
  jon.type('/reconnect')
  await ida.waitFor(/#lobby you: written meanwhile \[\d+\] sent/)
  await jon.waitFor('#lobby ida: written meanwhile')
  ida.type('after')
  await jon.waitFor('#lobby ida: after')
  for (const { text } of [ida, jon]) {
    expect(text.match(/The connection is lost/g)).toHaveLength(1)
    expect(text.match(/Connected again/g)).toHaveLength(1)
  }
  expect(jon.text.match(/written meanwhile/g)).toHaveLength(1)
})

test('what a person has not sent when they leave goes out the next time', async () => {
  const kim = await office.person('kim')
  const start = await office.stop()
  await kim.waitFor('The connection is lost')
  kim.type('for later', '/quit')
  expect(await kim.ended).toEqual({ code: 0 })
  expect(kim.text).toContain('1 message was not sent yet. It is kept')
  await start()
  const again = office.client('kim', { isPerson: true })
  await again.waitFor(/#lobby you: for later \[\d+\] sent/)
})

test('nothing of an account is left on the computer that it logged out on', async () => {
  const lea = await office.person('lea')
  lea.type('/logout')
  expect(await lea.ended).toEqual({ code: 0 })
  const again = office.client('lea')
  expect(await again.ended).toEqual({ fault: expect.stringContaining('nobody is logged in') })
})

test('a session that was ended elsewhere ends it, and says why', async () => {
  const max = await office.person('max')
  const other = office.client('max', { isPerson: true, stateFolder: office.stateFolder('max-2') })
  await other.waitFor('Have you an account there?')
  other.type('yes', '', 'correct horse')
  await other.waitFor('as max.')
  other.type('/logout everywhere', 'yes')
  expect(await other.ended).toEqual({ code: 0 })
  expect(await max.ended).toEqual({ fault: expect.stringContaining('the session is over: ') })
})

test('in Chinese all of it is Chinese', async () => {
  const client = office.client('nan', { isPerson: true, env: { LANG: 'zh_CN.UTF-8' } })
  await client.waitFor(/正在连接[\s\S]*账号/)
  client.type('no', '', 'correct horse', 'correct horse')
  await client.waitFor(/#lobby，\d+ /)
  client.type('你好', '/help', '/zoom', '/quit')
  expect(await client.ended).toEqual({ code: 0 })
  expect(client.text).toMatch(/#lobby .*：你好 \[\d+\] 已发送/)
  expect(client.lines.filter((line) => !/\p{Script=Han}/u.test(line))).toEqual([])
})
