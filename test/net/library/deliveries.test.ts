import { describe, expect, test } from 'vitest'
import type { OutboxItem } from '../../../src/net/events.ts'
import { Deliveries } from '../../../src/net/library/deliveries.ts'

const GROUP = { kind: 'group', id: 'Tea' } as const

function item(nonce: string, text: string, more: Partial<OutboxItem> = {}): OutboxItem {
  return { nonce, target: GROUP, text, reply: 0, time: 0, refused: undefined, ...more }
}

function deliveriesOf(kept: readonly OutboxItem[]) {
  const discarded: string[] = []
  const forgotten: string[] = []
  const discard = (nonce: string) => {
    discarded.push(nonce)
    return nonce === 'tried'
  }
  const forget = (nonce: string) => void forgotten.push(nonce)
  return { deliveries: new Deliveries({ kept, discard, forget }), discarded, forgotten }
}

const SENT = { conversation: 'c', seq: 7, time: 1 }

describe('what an earlier run left', () => {
  test('is meant by who says the same again, each once', async () => {
    const { deliveries } = deliveriesOf([item('a', 'hi'), item('b', 'hi'), item('c', 'ho')])
    const target = { kind: 'group', id: 'tea' } as const
    const first = deliveries.claim([target], 'hi')
    const second = deliveries.claim([target], 'hi')
    expect([first?.nonce, second?.nonce]).toEqual(['a', 'b'])
    expect(deliveries.claim([target], 'hi')).toBeUndefined()
    expect(deliveries.claim([{ kind: 'direct', id: 'tea' }], 'ho')).toBeUndefined()
    deliveries.sent({ nonce: 'a', ...SENT })
    expect(await first?.sent).toMatchObject({ seq: 7 })
  })

  test('may be acknowledged before somebody says it again, and is kept so long', async () => {
    const { deliveries, discarded, forgotten } = deliveriesOf([item('a', 'hi')])
    deliveries.sent({ nonce: 'a', ...SENT })
    const claimed = deliveries.claim([GROUP], 'hi')
    expect(await claimed?.sent).toMatchObject({ seq: 7 })
    deliveries.withdraw('a')
    expect([discarded, forgotten]).toEqual([[], []])
    deliveries.told('a')
    expect(forgotten).toEqual(['a'])
  })

  test('is forgotten when nobody will say it again, whenever the server has it', () => {
    const { deliveries, forgotten } = deliveriesOf([item('a', 'hi'), item('b', 'ho')])
    deliveries.sent({ nonce: 'a', ...SENT })
    expect(forgotten).toEqual([])
    deliveries.endClaims()
    expect(forgotten).toEqual(['a'])
    deliveries.sent({ nonce: 'b', ...SENT })
    expect(forgotten).toEqual(['a', 'b'])
    expect(deliveries.claim([GROUP], 'ho')).toBeUndefined()
  })

  test('and is refused before somebody says it again: who does is told', async () => {
    const { deliveries, discarded } = deliveriesOf([item('a', 'hi')])
    deliveries.refused('a', new Error('blocked'))
    expect(discarded).toEqual([])
    await expect(deliveries.claim([GROUP], 'hi')?.sent).rejects.toThrow('blocked')
    expect(discarded).toEqual(['a'])
  })

  test('stays for a person when it is refused, and for the next run at the end', () => {
    const kept = [item('a', 'hi'), item('b', 'ho'), item('c', 'refused', { refused: 'no' })]
    const { deliveries, discarded } = deliveriesOf(kept)
    deliveries.refused('a', new Error('blocked'))
    deliveries.end(new Error('closed'))
    expect(discarded).toEqual([])
    expect(deliveries.claim([GROUP], 'refused')).toBeUndefined()
  })

  test('may stand in the outbox by the name of its target, or by the id', () => {
    const byId = { kind: 'group', id: '~1' } as const
    const { deliveries } = deliveriesOf([item('a', 'hi'), item('b', 'hi', { target: byId })])
    const claims = ['a', 'b'].map(() => deliveries.claim([byId, GROUP], 'hi')?.nonce)
    expect(claims).toEqual(['a', 'b'])
  })

  test('of an answer to a text is not another message', () => {
    const { deliveries } = deliveriesOf([item('a', 'hi', { reply: 3 })])
    expect(deliveries.claim([GROUP], 'hi')).toBeUndefined()
  })
})

describe('what is said', () => {
  test('and refused is taken back: who said it is told', async () => {
    const { deliveries, discarded } = deliveriesOf([])
    const sent = deliveries.wait('x')
    deliveries.refused('x', new Error('blocked'))
    await expect(sent).rejects.toThrow('blocked')
    expect(discarded).toEqual(['x'])
  })

  test('and withdrawn says whether it may have arrived', async () => {
    const { deliveries } = deliveriesOf([])
    const [tried, untried] = [deliveries.wait('tried'), deliveries.wait('untried')]
    deliveries.withdraw('tried')
    deliveries.end(new Error('the session is over'))
    await expect(tried).rejects.toMatchObject({ tried: true })
    await expect(untried).rejects.toThrow('the session is over; it was not sent')
  })
})
