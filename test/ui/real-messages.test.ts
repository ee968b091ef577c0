import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningServer, serve } from '../../src/server/serve.ts'
import { FileConnector } from '../../src/ui/flow/connector.ts'
import { Screen } from '../support/screen.ts'
import { CHEAP } from '../support/server.ts'

/** What is done with messages, between two clients and a server: nothing is scripted. */

const SIZE = { columns: 80, rows: 24 }
const ENTER = '\r'
const UP = '\x1b[A'
let folder: string
let server: RunningServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tchat-test-'))
  const place = { host: '127.0.0.1', port: 0, folder: join(folder, 'server') }
  server = await serve({ ...place, passwordCost: CHEAP })
})

afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
})

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

test('answers, edits, reactions and deletions are seen at once, and by who comes later', async () => {
  const ann = await register('ann')
  const ben = await register('ben')
  await ann.waitFor(/→ +ben joined/)
  ann.type(`deploy at 10${ENTER}`)
  await ben.waitFor(/ann +deploy at 10/)
  await ann.waitFor(/deploy at 10 +✓✓✓/)

  ben.type('on')
  await ann.waitFor('ben is writing…')
  ben.type('\x15')
  ben.type(`/reply on it${ENTER}`)
  await ann.waitFor(/ben +╭ you: deploy at 10\n.* on it/)
  await ann.waitFor(({ text }) => !text.includes('is writing'))

  ann.type(`/edit deploy at 11${ENTER}`)
  await ben.waitFor('deploy at 11 (edited)')
  await ben.waitFor('╭ ann: deploy at 11')
  ben.type(`/react tada${ENTER}`)
  await ann.waitFor(/│ +🎉 1$/m)
  await ben.waitFor('[🎉 1]')
  ann.type(`/react tada${ENTER}`)
  await ann.waitFor('[🎉 1]')
  ben.type(`/unreact${ENTER}`)
  await ben.waitFor(({ text }) => !text.includes('[🎉'))

  ben.type(`/quit${ENTER}`)
  await ben.exitCode
  ann.type(`gone soon${ENTER}`)
  await ann.waitFor(/gone soon +✓$/m)
  ann.type(`/delete${ENTER}`)
  await ann.waitFor('Delete this message for everybody?')
  ann.type(`${UP}${ENTER}`)
  await ann.waitFor(/you +deleted/)
  const again = client('ben')
  await again.waitFor(/ann +deleted/)
  expect(again.text).toContain('deploy at 11 (edited)')
  expect(again.text).not.toContain('gone soon')
})

test('who is named and away finds it marked; how far it has got is said in words', async () => {
  const cat = await register('cat')
  const dan = await register('dan')
  cat.type(`/create ops dan${ENTER}`)
  await dan.waitFor('#ops')
  cat.type(`@dan the keys?${ENTER}`)
  await dan.waitFor(/#ops +@1│/)
  await cat.waitFor(/the keys\? +✓✓$/m)
  dan.type('\x1ba')
  await dan.waitFor(/cat +»@dan the keys\?/)
  await cat.waitFor(/the keys\? +✓✓✓$/m)
  cat.type(`/info${ENTER}`)
  await cat.waitFor('✓✓✓ dan has read it')
})
