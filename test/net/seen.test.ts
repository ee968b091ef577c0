import { expect, test } from 'vitest'
import { Desk } from '../support/client.ts'
import { settle } from '../support/fake-clock.ts'
import { ALICE, BOB, entryAt, headAt } from '../support/fake-server.ts'

/** A client that knows what was told to an earlier run of it. */

const LOBBY = '~lobby'

async function deskWith(last: number, known: number, user = ALICE): Promise<Desk> {
  const desk = new Desk({ seen: { user, last: new Map([[LOBBY, known]]) } })
  desk.server.heads.push(headAt(LOBBY, last, { delivered: last }))
  const entries = Array.from({ length: last }, (_, index) => entryAt(index + 1))
  desk.server.logs.set(LOBBY, entries)
  await desk.resume()
  await settle()
  return desk
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

test('only what is missing is fetched and told', async () => {
  const desk = await deskWith(20, 15)
  expect(desk.seqs(LOBBY)).toEqual(range(16, 20))
  expect(desk.server.askedFor('getPage').map(({ after }) => after)).toEqual([15])
})

test('where nothing is missing nothing is fetched', async () => {
  const desk = await deskWith(20, 20)
  expect(desk.seqs(LOBBY)).toEqual([])
  expect(desk.server.askedFor('getPage')).toEqual([])
})

test('of another account nothing is known', async () => {
  const desk = await deskWith(20, 15, BOB)
  expect(desk.seqs(LOBBY)).toEqual(range(1, 20))
})

test('of a server that was put back to an earlier time nothing is known', async () => {
  const desk = await deskWith(20, 35)
  expect(desk.seqs(LOBBY)).toEqual(range(1, 20))
  await desk.server.say({ type: 'groupEntry', conversation: LOBBY, entry: entryAt(21) })
  expect(desk.seqs(LOBBY).at(-1)).toBe(21)
})

test('after a lost connection it is told how long one was away, before the heads', async () => {
  const desk = await deskWith(3, 3)
  expect(desk.told('away')).toEqual([])
  await desk.clock.advance(60_000)
  const lost = desk.clock.now()
  await desk.server.drop()
  await desk.clock.advance(120_000)
  const [away] = desk.told('away')
  expect(away?.from).toBe(lost)
  expect(away?.to).toBeGreaterThan(lost)
  const order = desk.events.map(({ type }) => type)
  expect(order.lastIndexOf('heads')).toBe(order.indexOf('away') + 1)
})

test('an absence begins when the computer falls asleep', async () => {
  const desk = await deskWith(3, 3)
  await desk.clock.advance(10_000)
  const asleep = desk.clock.now()
  desk.server.rules.heartbeat = () => 'silence'
  desk.clock.sleep(8 * 3_600_000)
  await desk.clock.advance(7_000)
  expect(desk.client.link.state).toBe('waiting')
  delete desk.server.rules.heartbeat
  await desk.clock.advance(60_000)
  const [away] = desk.told('away')
  expect(away?.from).toBe(asleep)
  expect((away?.to ?? 0) - asleep).toBeGreaterThan(8 * 3_600_000)
})

test('a connection that outlives a sleep is no absence', async () => {
  const desk = await deskWith(3, 3)
  desk.clock.sleep(600_000)
  await desk.clock.advance(8_000)
  const dropped = desk.clock.now()
  await desk.server.drop()
  await desk.clock.advance(60_000)
  expect(desk.told('away')[0]?.from).toBe(dropped)
})
