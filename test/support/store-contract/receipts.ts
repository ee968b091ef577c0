import { expect, test } from 'vitest'
import { RECEIPT_MEMBERS_MAX } from '../../../src/protocol/limits.ts'
import type { User } from '../../../src/protocol/messages.ts'
import type { Begin, Stage } from '../store-contract.ts'

/** How far others have got, who may see it, and the settings that say so (rule 9). */
export function receipts(begin: Begin): void {
  test('each other member is named in a small group, and counted for an entry', async () => {
    const stage = await begin()
    const { ann, bob, cleo } = stage
    const group = await stage.make(ann, 'ops', ['bob', 'cleo'])
    const { seq } = await stage.say(ann, group, 'hi')
    await move(stage, bob, group, seq, 0)
    await move(stage, cleo, group, seq, seq)
    expect(await seen(stage, ann, group, seq)).toEqual({
      user: ann.id,
      seq,
      members: [
        { user: bob.id, delivered: seq, read: 2 },
        { user: cleo.id, delivered: seq, read: seq },
      ],
      delivered: 2,
      read: 1,
      of: 2,
    })
  })

  test('nobody is told how far others have got with what they did not write', async () => {
    const stage = await begin()
    const { ann, bob, cleo } = stage
    const group = await stage.make(ann, 'ops', ['bob', 'cleo'])
    const none = { delivered: 0, read: 0, of: 0 }
    const others = [ann.id, cleo.id].map((user) => ({ user, delivered: 0, read: 0 }))
    const first = await stage.say(ann, group, 'hi')
    for (const user of [bob, cleo]) await move(stage, user, group, first.seq, first.seq)
    for (const seq of [0, 1, first.seq]) {
      expect(await seen(stage, bob, group, seq)).toEqual({
        user: bob.id,
        seq,
        members: others,
        ...none,
      })
    }
    const own = await stage.say(bob, group, 'hello')
    const { seq } = await stage.say(ann, group, 'so')
    await move(stage, cleo, group, seq, seq)
    const told = [ann.id, cleo.id].map((user) => ({ user, delivered: own.seq, read: own.seq }))
    const counts = { delivered: 2, read: 2, of: 2 }
    for (const asked of [0, own.seq]) {
      const answer = { user: bob.id, seq: own.seq, members: told, ...counts }
      expect(await seen(stage, bob, group, asked)).toEqual(answer)
    }
    expect(await seen(stage, bob, group, seq)).toEqual({
      user: bob.id,
      seq,
      members: told,
      ...none,
    })
    await stage.reopen()
    expect(await seen(stage, bob, group, seq)).toEqual({
      user: bob.id,
      seq,
      members: told,
      ...none,
    })
  })

  test('of who is gone nobody is told how far they got, whatever they hid, and from whom', async () => {
    const stage = await begin()
    const { ann, bob, cleo } = stage
    const hidden = await stage.say(ann, 'bob', 'one')
    await stage.store.changeSettings(bob.id, { hideReceipts: true })
    await move(stage, bob, hidden.conversation, 1, 1)
    const blocked = await stage.say(ann, 'cleo', 'one')
    await stage.store.block(cleo.id, ann.id)
    await move(stage, cleo, blocked.conversation, 1, 1)
    for (const [user, { conversation }] of [
      [bob, hidden],
      [cleo, blocked],
    ] as const) {
      await stage.store.deleteAccount(user.id, 9)
      expect(await seen(stage, ann, conversation, 1)).toMatchObject({
        members: [{ user: user.id, delivered: 0, read: 0 }],
        delivered: 0,
        read: 0,
      })
    }
  })

  test('who speaks has read: that counts before and after a restart', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const { conversation } = await stage.say(ann, 'bob', 'one')
    await stage.say(bob, 'ann', 'two')
    const read = async () => (await seen(stage, ann, conversation, 1)).read
    expect(await read()).toBe(1)
    await stage.reopen()
    expect(await read()).toBe(1)
  })

  test('who came later is not counted for what was said before', async () => {
    const stage = await begin()
    const { ann, cleo } = stage
    const group = await stage.make(ann, 'ops', ['bob'])
    const { seq } = await stage.say(ann, group, 'hi')
    await stage.store.join(cleo.id, group, 9)
    expect(await seen(stage, ann, group, seq)).toMatchObject({ delivered: 0, read: 0, of: 1 })
    expect((await seen(stage, ann, group, seq)).members).toHaveLength(2)
  })

  test('a large group is only counted', async () => {
    const stage = await begin()
    const names = Array.from({ length: RECEIPT_MEMBERS_MAX }, (_, index) => `m${index}`)
    const users = await Promise.all(
      names.map((name) => {
        return stage.store.createAccount({ name, passwordHash: '', time: 1, joins: undefined })
      }),
    )
    const group = await stage.make(stage.ann, 'ops', names)
    const { seq } = await stage.say(stage.ann, group, 'hi')
    for (const user of users.slice(0, 7)) await move(stage, user, group, seq, seq)
    const counts = { members: [], delivered: 7, read: 7, of: names.length }
    expect(await seen(stage, stage.ann, group, seq)).toMatchObject(counts)
    const [one = stage.bob] = users
    const askers = [stage.ann, one, stage.cleo].map((user) => ({ user: user.id, seq }))
    const all = await stage.store.receiptsOf(group, askers)
    expect(all.map(({ user, read, of }) => [user, read, of])).toEqual([
      [stage.ann.id, 7, names.length],
      [one.id, 7, names.length],
    ])
  })

  test('who does not show what they have read is seen to have got it, no more', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const { conversation } = await stage.say(ann, 'bob', 'one')
    expect(await stage.store.settings(bob.id)).toMatchObject({ hideReceipts: false })
    await stage.store.changeSettings(bob.id, { hideReceipts: true })
    const [moved] = await move(stage, bob, conversation, 0, 1)
    expect(moved).toMatchObject({ read: 1, shown: { delivered: 1, read: 0 } })
    const hidden = { members: [{ user: bob.id, delivered: 1, read: 0 }], delivered: 1, read: 0 }
    expect(await seen(stage, ann, conversation, 1)).toMatchObject(hidden)
    await stage.reopen()
    expect(await stage.store.settings(bob.id)).toMatchObject({ hideReceipts: true })
    expect(await seen(stage, ann, conversation, 1)).toMatchObject(hidden)
    await stage.store.changeSettings(bob.id, { hideReceipts: false })
    expect(await seen(stage, ann, conversation, 1)).toMatchObject({ read: 1 })
    await expect(stage.store.settings('~u999')).rejects.toMatchObject({ code: 'unknownUser' })
  })

  test('those between whom there is a block see nothing of each other', async () => {
    const stage = await begin()
    const { ann, bob, cleo } = stage
    const { conversation } = await stage.say(ann, 'bob', 'one')
    const group = await stage.make(ann, 'ops', ['bob', 'cleo'])
    const { seq } = await stage.say(ann, group, 'hi')
    await stage.store.block(bob.id, ann.id)
    const [moved] = await move(stage, bob, conversation, 1, 1)
    expect(moved?.shown).toBeUndefined()
    await move(stage, bob, group, seq, seq)
    expect(await seen(stage, ann, conversation, 1)).toMatchObject({ delivered: 0, read: 0, of: 1 })
    expect(await seen(stage, ann, group, seq)).toMatchObject({ delivered: 0, read: 0, of: 2 })
    const own = await stage.say(cleo, group, 'hello')
    for (const user of [ann, bob]) await move(stage, user, group, own.seq, own.seq)
    expect(await seen(stage, cleo, group, own.seq)).toMatchObject({ read: 2, of: 2 })
    const [byBob] = (await seen(stage, bob, group, seq)).members
    expect(byBob).toEqual({ user: ann.id, delivered: 0, read: 0 })
  })

  test('a move says what it concerns: nothing when nothing moved, and in Notes', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const { conversation } = await stage.say(ann, 'bob', 'one')
    for (const text of ['two', 'three']) await stage.say(ann, 'bob', text)
    const shown = async (delivered: number, read: number) =>
      (await move(stage, bob, conversation, delivered, read))[0]?.shown
    const between = [ann.id, bob.id]
    expect(await shown(2, 1)).toEqual({ between, after: 0, delivered: 2, read: 1 })
    expect(await shown(3, 1)).toEqual({ between, after: 2, delivered: 3, read: 1 })
    expect(await shown(3, 3)).toEqual({ between, after: 1, delivered: 3, read: 3 })
    expect(await shown(2, 2)).toBeUndefined()
    const note = await stage.say(ann, 'ann', 'note')
    expect((await move(stage, ann, note.conversation, 1, 1))[0]?.shown).toBeUndefined()
  })

  test('only members ask, and only for what they may see', async () => {
    const stage = await begin()
    const { ann, bob, cleo } = stage
    const group = await stage.make(ann, 'ops', ['bob'])
    const refused = (user: User, where: string, seq: number) =>
      expect(seen(stage, user, where, seq)).rejects
    await refused(cleo, group, 1).toMatchObject({ code: 'unknownConversation' })
    await refused(ann, '~c999', 1).toMatchObject({ code: 'unknownConversation' })
    await refused(ann, group, 3).toMatchObject({ code: 'unknownEntry' })
    await stage.store.quit(bob.id, group, 9)
    await refused(bob, group, 1).toMatchObject({ code: 'unknownConversation' })
  })

  test('where someone writes, and what they wrote last, is told to members only', async () => {
    const stage = await begin()
    const { store, ann, bob, cleo } = stage
    const { conversation } = await stage.say(ann, 'bob', 'one')
    await store.block(bob.id, cleo.id)
    expect(await store.scene(bob.id, conversation)).toEqual({
      between: [ann.id, bob.id],
      apart: [cleo.id],
    })
    const group = await stage.make(ann, 'ops', ['bob', 'cleo'])
    expect(await store.scene(cleo.id, group)).toEqual({ between: undefined, apart: [bob.id] })
    await stage.say(bob, group, 'mine')
    await stage.say(ann, group, 'hers')
    expect(await store.lastTextOf(bob.id, group)).toBe(4)
    await stage.reopen()
    expect(await stage.store.lastTextOf(bob.id, group)).toBe(4)
    expect(await stage.store.lastTextOf(cleo.id, group)).toBe(0)
    const refusal = { code: 'unknownConversation' }
    await expect(stage.store.scene(cleo.id, conversation)).rejects.toMatchObject(refusal)
    await expect(stage.store.lastTextOf(cleo.id, conversation)).rejects.toMatchObject(refusal)
  })
}

function seen(stage: Stage, user: User, conversation: string, seq: number) {
  return stage.store.receipts({ user: user.id, conversation, seq })
}

function move(stage: Stage, user: User, conversation: string, delivered: number, read: number) {
  return stage.store.moveCursors([{ user: user.id, conversation, delivered, read }])
}
