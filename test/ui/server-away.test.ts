import { expect, test } from 'vitest'
import { DialError, type DialErrorKind } from '../../src/net/dial-error.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { Screen } from '../support/screen.ts'
import { ME, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const ESC = '\x1b'
const TO = { kind: 'group', id: '~g-lobby' } as const

function away(kind: DialErrorKind): Error {
  return new DialError(kind, { host: 'office', port: 8000 })
}

/** The server is away for so many tries. */
function start({ kind = 'refused', tries = 1, session = true, texts = [] as string[] } = {}) {
  const world = new ScriptedWorld()
  world.group('lobby')
  if (session) world.keptSession = { user: ME, token: Buffer.alloc(32) }
  for (const text of texts) world.waits(TO, text, 0)
  world.checks.push(...Array.from({ length: tries }, () => away(kind as DialErrorKind)))
  const clock = new FakeClock()
  const parts = { connector: world, timers: clock, now: clock.now, random: () => 0.5 }
  return { world, clock, screen: Screen.open(SIZE, {}, parts) }
}

test('a server that is away is tried again by itself, and the chat follows', async () => {
  const { screen, clock } = start({ tries: 2 })
  await screen.waitFor('Next try in 2 s')
  for (const choice of ['▸ Retry now', 'Edit address', 'Back']) {
    expect(screen.text).toContain(choice)
  }
  await clock.advance(1_000)
  await screen.waitFor('Next try in 1 s')
  await clock.advance(250)
  // Half of the doubled bound.
  await screen.waitFor('Next try in 3 s')
  await clock.advance(2_250)
  await screen.waitFor('#lobby')
})

test.each([
  { texts: [], said: undefined },
  { texts: ['a'], said: '1 message waits here and goes out when the server is back.' },
  { texts: ['a', 'b', 'c'], said: '3 messages wait here and go out when the server is back.' },
])('what waits on this computer is counted: $texts.length', async ({ texts, said }) => {
  const { screen, world } = start({ texts })
  world.waits(TO, 'refused before', 0, 'too long')
  await screen.waitFor('Next try in')
  if (said === undefined) expect(screen.text).not.toContain('when the server is back')
  else expect(screen.text).toContain(said)
})

test.each([
  { kind: 'notFound', session: true },
  { kind: 'notTls', session: true },
  { kind: 'refused', session: false },
])('$kind with a session ($session) waits for a person', async ({ kind, session }) => {
  const { screen, clock, world } = start({ kind, session, tries: 2 })
  await screen.waitFor('Retry now')
  expect(screen.text).not.toContain('Next try')
  await clock.advance(60_000)
  expect(world.checks).toHaveLength(1)
})

test('Back ends the tries', async () => {
  const { screen, clock, world } = start({ tries: 2 })
  await screen.waitFor('Next try in')
  screen.type(ESC)
  await screen.waitFor('Host here')
  await clock.advance(60_000)
  expect(world.checks).toHaveLength(1)
})
