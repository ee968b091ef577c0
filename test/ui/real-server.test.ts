import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningServer, serve } from '../../src/server/serve.ts'
import { FileConnector } from '../../src/ui/flow/connector.ts'
import { Screen } from '../support/screen.ts'
import { CHEAP } from '../support/server.ts'

/** The interface, its client, TLS, the server and its store in one process: nothing is scripted. */

const SIZE = { columns: 80, rows: 24 }
const ENTER = '\r'
let folder: string
let server: RunningServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tchat-test-'))
  server = await start(0)
})

afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
})

function start(port: number): Promise<RunningServer> {
  return serve({ host: '127.0.0.1', port, folder: join(folder, 'server'), passwordCost: CHEAP })
}

/** Somebody's computer: its state folder outlives their client. */
function client(name: string): Screen {
  const start = { address: `127.0.0.1:${server.port}`, user: name }
  const connector = new FileConnector(join(folder, `state-${name}`), 'test')
  return Screen.open(SIZE, { start, env: {} }, { connector })
}

async function register(name: string): Promise<Screen> {
  const screen = client(name)
  await screen.waitFor('Log in to')
  screen.type('correct horse\t\t')
  await screen.waitFor('▸ Create account')
  screen.type(ENTER)
  await screen.waitFor('#lobby ·')
  return screen
}

test('two people meet, talk, group, part; what is missed waits', async () => {
  const ann = await register('ann')
  const ben = await register('ben')
  await ann.waitFor(/→ +ben joined/)

  ann.type(`hello 世界 👍${ENTER}`)
  await ann.waitFor(/you +hello 世界 👍 +✓/)
  await ben.waitFor(/ann +hello 世界 👍/)

  ben.type(`/add ann${ENTER}`)
  await ben.waitFor('ann is a contact now.')
  ben.type(`just between us${ENTER}`)
  await ben.waitFor(/you +just between us +✓/)
  await ann.waitFor(/ben +1│/)
  ann.type('\x1ba')
  await ann.waitFor(/ben +just between us/)
  await ann.waitFor(({ rows }) => rows[0]?.includes('unread') === false)

  ann.type('\x18c')
  await ann.waitFor('Create group')
  ann.type(`ops\tben${ENTER}`)
  await ann.waitFor('▸ #ops')
  await ann.waitFor(/\+ +ann added ben/)
  await ben.waitFor('#ops')

  ben.type(`/quit${ENTER}`)
  await ben.exitCode
  ann.type(`while you were away${ENTER}`)
  await ann.waitFor(/while you were away +✓/)

  const again = client('ben')
  await again.waitFor(/#ops +1│/)
  await again.waitFor('▸ ann')
  again.type(`/goto #ops${ENTER}`)
  await again.waitFor(/── 1 new ─+\n.*ann +while you were away/)
  expect(again.text.match(/while you were away/g)).toHaveLength(1)
  again.type(`/leave${ENTER}`)
  await again.waitFor('Leave #ops?')
  again.type(`\x1b[A${ENTER}`)
  await again.waitFor('You left #ops.')
  await ann.waitFor(/← +ben left/)
})

test('a restart of the server in between costs nothing and doubles nothing', async () => {
  const cat = await register('cat')
  const dan = await register('dan')
  await cat.waitFor(/→ +dan joined/)
  const { port } = server
  await server.close()
  await cat.waitFor('lost, next try in')
  cat.type(`written meanwhile${ENTER}`)
  await cat.waitFor(/written meanwhile +◷/)
  expect(cat.rows[0]).toContain('outbox 1')
  server = await start(port)
  cat.type(`/reconnect${ENTER}`)
  await cat.waitFor(/written meanwhile +✓/)
  await cat.waitFor('● online')
  dan.type(`/reconnect${ENTER}`)
  await dan.waitFor(/cat +written meanwhile/)
  for (const { text } of [cat, dan]) expect(text.match(/written meanwhile/g)).toHaveLength(1)
})

test('a wrong password says so, once for all reasons', async () => {
  const screen = client('nobody')
  await screen.waitFor('Log in to')
  screen.type(`wrong password${ENTER}`)
  await screen.waitFor('Name or password is wrong')
})

test('a group by invitation: a code lets in, roles count, who is put out is told and stays out', async () => {
  const eve = await register('eve')
  const fay = await register('fay')
  eve.type(`/create crew${ENTER}`)
  await eve.waitFor('▸ #crew')
  eve.type(`/private${ENTER}`)
  await eve.waitFor('#crew is by invitation')
  await eve.waitFor('eve made the group one by invitation')
  eve.type(`/topic ships at 十点${ENTER}`)
  await eve.waitFor('#crew · 1/1 online · ships at 十点')
  eve.type(`/invite 1${ENTER}`)
  await eve.waitFor('An invite to #crew')
  const [, code = ''] = /\/join #crew (\S+)/.exec(eve.text) ?? []
  eve.type('\x1b')

  fay.type(`/join #crew${ENTER}`)
  await fay.waitFor('#crew is by invitation')
  fay.type(code + ENTER)
  await fay.waitFor('#crew · 2/2 online · ships at 十点')
  fay.type(`/rename ours${ENTER}`)
  await fay.waitFor('Only admins and owners of #crew may do that.')

  eve.type(`/role fay admin${ENTER}`)
  await fay.waitFor('eve made fay an admin')
  fay.type(`\x15/rename ours${ENTER}`)
  await eve.waitFor('fay renamed the group to #ours')
  await eve.waitFor('▸ #ours')

  eve.type(`/ban fay${ENTER}`)
  await fay.waitFor('eve banned you from #ours')
  fay.type(`/join ours ${code}${ENTER}`)
  await fay.waitFor('Its admins can lift that.')
  eve.type(`/delete-group${ENTER}`)
  await eve.waitFor('Delete #ours')
  eve.type(`ours${ENTER}`)
  await eve.waitFor('#ours is deleted.')
  await eve.waitFor(({ text }) => !text.includes('▸ #ours'))
})

test('what was said long ago is found, also in Chinese, and shown where it stands', async () => {
  const gus = await register('gus')
  gus.type(`/create annals${ENTER}`)
  await gus.waitFor('▸ #annals')
  gus.type(`发布计划 is ready${ENTER}`)
  await gus.waitFor(/you +发布计划 is ready +✓/)
  for (let line = 1; line <= 40; line++) gus.type(`line ${line}${ENTER}`)
  await gus.waitFor(/line 40 +✓/)
  expect(gus.text).not.toContain('发布')
  gus.type(`/search 计划${ENTER}`)
  await gus.waitFor(/▸ .*#annals {2}you\n.*发布计划 is ready/)
  gus.type(ENTER)
  await gus.waitFor(/you +▸发布计划 is ready/)
  gus.type('\x1b[F')
  await gus.waitFor(/line 40 +✓/)
})

test('who is blocked is refused, in words, until they are not', async () => {
  const hal = await register('hal')
  const ida = await register('ida')
  hal.type(`/block ida${ENTER}`)
  await hal.waitFor(/ida +blocked│/)
  ida.type(`/goto hal${ENTER}`)
  await ida.waitFor('▸ hal')
  ida.type(`let me in${ENTER}`)
  await ida.waitFor('not sent: hal takes nothing from you')
  hal.type(`/unblock ida${ENTER}`)
  await hal.waitFor('You take direct messages from ida again.')
  ida.type(`/retry${ENTER}`)
  await ida.waitFor(/let me in +✓/)
})

test('an account: another client is ended, the password changed, then all of it deleted', async () => {
  const jan = await register('jan')
  const other = new FileConnector(join(folder, 'state-jan-2'), 'test')
  const start = { address: `127.0.0.1:${server.port}`, user: 'jan' }
  const phone = Screen.open(SIZE, { start, env: {} }, { connector: other })
  await phone.waitFor('Log in to')
  phone.type(`correct horse${ENTER}`)
  await phone.waitFor('#lobby ·')
  jan.type(`/sessions${ENTER}`)
  await jan.waitFor(({ text }) => text.match(/in use now/g)?.length === 2)
  jan.type('X')
  await jan.waitFor('End all other sessions?')
  jan.type(`\x1b[A${ENTER}`)
  await phone.waitFor('Log in to')
  await jan.waitFor(({ text }) => text.match(/in use now/g)?.length === 1)
  jan.type('\x1b')
  await jan.waitFor('#lobby ·')
  jan.type(`/password${ENTER}`)
  await jan.waitFor('Change the password')
  jan.type(`correct horse\tbattery staple\tbattery staple${ENTER}`)
  await jan.waitFor('The password is changed')
  jan.type(`/show-read off${ENTER}`)
  await jan.waitFor('Others do not see what you have read.')
  jan.type(`/delete-account${ENTER}`)
  await jan.waitFor('Delete this account')
  jan.type(`battery staple\tjan${ENTER}`)
  await jan.waitFor('The account is deleted.')
  jan.type(`battery staple${ENTER}`)
  await jan.waitFor('Name or password is wrong')
})
