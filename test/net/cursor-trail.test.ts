import { expect, test } from 'vitest'
import { Desk } from '../support/client.ts'
import { ALICE, entryAt, headAt } from '../support/fake-server.ts'

/** What tells where the user's cursors are may come in another order than they moved in. */

const LOBBY = '~lobby'

test('what is older than what was told is not told', async () => {
  const desk = await deskWith(2, 1)
  await desk.server.say(marked(7, 3), marked(5, 3), marked(7, 2), marked(6, 6), marked(7, 6))
  expect(told(desk)).toEqual([
    [7, 3],
    [7, 6],
    [7, 6],
  ])
})

test('an answer that a notice has overtaken is not told, but given', async () => {
  const desk = await deskWith(2, 1)
  desk.server.rules.mark = () => 'silence'
  const answer = desk.client.request({ type: 'mark', conversation: LOBBY, delivered: 5 })
  await desk.server.say(marked(7, 7))
  const request = desk.server.askedFor('mark')[0]?.request ?? 0
  await desk.server.say({ ...marked(5, 1), request })
  expect((await answer).delivered).toBe(5)
  expect(told(desk)).toEqual([[7, 7]])
})

test('what is told before the heads follows them, where they do not say so', async () => {
  const desk = new Desk()
  desk.server.heads = [headAt(LOBBY, 9, { delivered: 5, read: 5, readN: 5 })]
  desk.server.rules.sync = () => 'silence'
  await desk.resume()
  await desk.server.say(marked(4, 4), marked(8, 1), { ...marked(3, 3), conversation: '~tea' })
  expect(told(desk)).toEqual([])
  const heads = [...desk.server.heads, headAt('~tea', 9, { delivered: 3, read: 3, readN: 3 })]
  await desk.server.say({
    type: 'heads',
    request: desk.server.askedFor('sync')[0]?.request ?? 0,
    heads,
  })
  const order = desk.events.map(({ type }) => type).filter((type) => /heads|marked/.test(type))
  expect(order).toEqual(['heads', 'marked'])
  expect(told(desk)).toEqual([[8, 5]])
})

test('a membership that begins anew begins where its head says', async () => {
  const desk = await deskWith(9, 9)
  desk.server.heads = [headAt(LOBBY, 0)]
  const removed = entryAt(10, { kind: 'removed', subject: ALICE })
  await desk.server.say({ type: 'groupEntry', conversation: LOBBY, entry: removed })
  expect(desk.told('left')).toMatchObject([{ conversation: LOBBY }])
  await desk.server.say(marked(2, 2))
  expect(told(desk).at(-1)).toEqual([2, 2])
})

function marked(delivered: number, read: number) {
  return { type: 'marked', conversation: LOBBY, delivered, read, readN: read } as const
}

/** In the order of telling: delivered and read, which is also how many were read. */
function told(desk: Desk): readonly (readonly [number, number])[] {
  return desk.told('marked').map(({ delivered, read, readN }) => {
    expect(readN).toBe(read)
    return [delivered, read]
  })
}

async function deskWith(delivered: number, read: number): Promise<Desk> {
  const desk = new Desk()
  desk.server.heads = [headAt(LOBBY, 9, { delivered, read, readN: read })]
  desk.server.logs.set(LOBBY, [])
  await desk.resume()
  return desk
}
