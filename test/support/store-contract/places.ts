import { expect, test } from 'vitest'
import type { Begin } from '../store-contract.ts'

/** What a node asks that may not have heard of everything. */
export function places(begin: Begin): void {
  test('the ends of many logs are told at once, in the order of asking', async () => {
    const stage = await begin()
    const { ann, store } = stage
    const group = await stage.make(ann, 'ops', ['bob'])
    const other = await stage.make(ann, 'tea', [])
    await stage.say(ann, group, 'hi')
    const asked = [other, '~c999', group, 'nonsense', group]
    expect(await store.lasts(asked)).toEqual([1, 0, 3, 0, 3])
    expect(await store.lasts(Array.from({ length: 200 }, () => group))).toEqual(
      Array.from({ length: 200 }, () => 3),
    )
    await stage.reopen()
    expect(await stage.store.lasts(asked)).toEqual([1, 0, 3, 0, 3])
  })

  test('direct conversations with an entry since some time are told, no others', async () => {
    const stage = await begin()
    const { ann, bob, cleo } = stage
    const say = (time: number, sender: string, target: string) => {
      const nonce = Buffer.alloc(16, time)
      return stage.store.append({ sender, kind: 'direct', target, nonce, text: 'hi', time })
    }
    const early = (await say(10, ann.id, bob.id)).conversation
    const late = (await say(20, bob.id, cleo.id)).conversation
    await say(21, cleo.id, bob.id)
    const since = async (users: readonly string[], time: number) => {
      const found = await stage.store.directsSince(users, time)
      return [...new Map(found.map((one) => [one.conversation, one])).values()]
    }
    const both = [
      { conversation: early, between: [ann.id, bob.id], last: 1 },
      { conversation: late, between: [bob.id, cleo.id], last: 2 },
    ]
    for (const _ of ['opened', 'reopened']) {
      expect(await since([bob.id], 10)).toEqual(both)
      expect(await since([bob.id, '~u999'], 20)).toEqual(both.slice(1))
      expect(await since([ann.id], 11)).toEqual([])
      expect(await since([ann.id, cleo.id], 0)).toEqual(both)
      await stage.reopen()
    }
  })
}
