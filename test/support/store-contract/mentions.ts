import { expect, test } from 'vitest'
import { MENTIONS_COUNTED_MAX, MENTIONS_MAX } from '../../../src/protocol/limits.ts'
import type { User } from '../../../src/protocol/messages.ts'
import type { Begin, Stage } from '../store-contract.ts'

/** Members whom a text names with @. */
export function mentions(begin: Begin): void {
  test('a text names members of its group, whoever else it names', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const group = await stage.make(ann, 'ops', ['bob'])
    await stage.say(ann, group, '@BOB: @cleo and @nobody, @ann, @bob')
    const [entry] = stage.told(group).slice(-1)
    expect(entry?.mentions).toEqual([bob.id])
    expect((await stage.all(bob, group)).at(-1)).toEqual(entry)
    expect((await stage.store.read(group, 2, 9)).at(-1)).toEqual(entry)
    await stage.reopen()
    expect((await stage.all(bob, group)).at(-1)).toEqual(entry)
  })

  test('a head counts the texts above read that name one, also over a restart', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const group = await stage.make(ann, 'ops', ['bob'])
    for (const text of ['@bob', 'hello', '@bob.', 'x@bob']) await stage.say(ann, group, text)
    expect(await mentionsOf(stage, bob)).toBe(2)
    expect(await mentionsOf(stage, ann)).toBe(0)
    await stage.store.moveCursors([{ user: bob.id, conversation: group, delivered: 0, read: 3 }])
    expect(await mentionsOf(stage, bob)).toBe(1)
    await stage.reopen()
    expect(await mentionsOf(stage, bob)).toBe(1)
    await stage.say(bob, group, 'here')
    expect(await mentionsOf(stage, bob)).toBe(0)
  })

  test('more texts than anybody counts are not counted', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const group = await stage.make(ann, 'ops', ['bob'])
    for (let at = 0; at < MENTIONS_COUNTED_MAX + 5; at += 1) await stage.say(ann, group, '@bob')
    expect(await mentionsOf(stage, bob)).toBe(MENTIONS_COUNTED_MAX)
  })

  test('an edit may name others, and a deleted text names nobody', async () => {
    const stage = await begin()
    const { ann, bob, cleo } = stage
    const group = await stage.make(ann, 'ops', ['bob', 'cleo'])
    const { seq } = await stage.say(ann, group, '@bob')
    await stage.say(ann, group, '@bob @cleo')
    const both = async () => [await mentionsOf(stage, bob), await mentionsOf(stage, cleo)]
    const at = { user: ann.id, conversation: group, time: 30 }
    await stage.store.edit({ ...at, seq, text: '@cleo' })
    expect(stage.told(group).at(-1)?.mentions).toEqual([cleo.id])
    expect(await both()).toEqual([1, 2])
    await stage.store.deleteEntry({ ...at, seq: seq + 1 })
    expect(await both()).toEqual([0, 1])
    const page = await stage.all(bob, group)
    expect(page.map((entry) => entry.mentions)).toEqual([[], [], [], [cleo.id], [], [cleo.id], []])
  })

  test('direct conversations have no mentions', async () => {
    const stage = await begin()
    const { conversation } = await stage.say(stage.ann, 'bob', '@bob @ann')
    expect(stage.told(conversation)[0]?.mentions).toEqual([])
    expect(await mentionsOf(stage, stage.bob)).toBe(0)
  })

  test('a name in Chinese ends where a member’s name ends; the longest counts', async () => {
    const stage = await begin()
    const account = (name: string) => ({ name, passwordHash: '', time: 1, joins: undefined })
    const short = await stage.store.createAccount(account('张三'))
    const long = await stage.store.createAccount(account('张三丰'))
    const group = await stage.make(stage.ann, 'ops', [short.id, long.id])
    for (const text of ['你好@张三你好', '@张三丰来了', '@张三丰来了@张三']) {
      await stage.say(stage.ann, group, text)
    }
    const named = stage.told(group).slice(-3)
    expect(named.map((entry) => entry.mentions)).toEqual([
      [short.id],
      [long.id],
      [long.id, short.id],
    ])
  })

  test('a text names so many at most', async () => {
    const stage = await begin()
    const names = Array.from({ length: MENTIONS_MAX + 5 }, (_, index) => `m${index}`)
    for (const name of names) {
      await stage.store.createAccount({ name, passwordHash: '', time: 1, joins: undefined })
    }
    const group = await stage.make(stage.ann, 'ops', names)
    await stage.say(stage.ann, group, names.map((name) => `@${name}`).join(' '))
    expect(stage.told(group).at(-1)?.mentions).toHaveLength(MENTIONS_MAX)
  })
}

async function mentionsOf(stage: Stage, user: User): Promise<number> {
  return (await stage.headsOf(user)).reduce((sum, head) => sum + head.mentions, 0)
}
