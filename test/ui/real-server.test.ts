import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningServer, serve } from '../../src/server/serve.ts'
import { FileConnector } from '../../src/ui/connector.ts'
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
  await ann.waitFor(/← +ben quit/)
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
  await screen.waitFor('name or password is wrong')
})
