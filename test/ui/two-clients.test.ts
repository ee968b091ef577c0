import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningServer, serve } from '../../src/server/serve.ts'
import { FileConnector } from '../../src/ui/flow/connector.ts'
import { Screen } from '../support/screen.ts'
import { CHEAP } from '../support/server.ts'

/** One person at two computers, over a real server. */

const SIZE = { columns: 80, rows: 24 }
let folder: string
let server: RunningServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tchat-test-'))
  const where = { host: '127.0.0.1', port: 0, folder: join(folder, 'server') }
  server = await serve({ ...where, passwordCost: CHEAP })
})

afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
})

async function sit(computer: string, user: string, isNew: boolean): Promise<Screen> {
  const start = { address: `127.0.0.1:${server.port}`, user }
  const connector = new FileConnector(join(folder, computer), 'test')
  const screen = Screen.open(SIZE, { start, env: {} }, { connector })
  await screen.waitFor('Log in to')
  screen.type(isNew ? 'correct horse\t\t' : 'correct horse\r')
  if (isNew) await screen.waitFor('▸ Create account')
  if (isNew) screen.type('\r')
  await screen.waitFor('#lobby ·')
  return screen
}

test('two clients of one account show the same, and what is read in one is read in the other', async () => {
  const desk = await sit('desk', 'ann', true)
  const sofa = await sit('sofa', 'ann', false)
  const ben = await sit('elsewhere', 'ben', true)

  desk.type('from the desk\r')
  sofa.type('from the sofa\r')
  for (const screen of [desk, sofa, ben]) {
    await screen.waitFor('from the desk')
    await screen.waitFor('from the sofa')
    expect(screen.text.match(/from the (desk|sofa)/g)).toHaveLength(2)
  }

  ben.type('/add ann\r')
  await ben.waitFor('ann is a contact now.')
  ben.type('for you alone\r')
  await desk.waitFor(/ben +1│/)
  await sofa.waitFor(/ben +1│/)
  sofa.type('\x1ba')
  await sofa.waitFor('for you alone')
  await desk.waitFor(({ text }) => /ben +│/.test(text))
})
