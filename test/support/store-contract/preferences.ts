import { expect, test } from 'vitest'
import type { Preferences, User } from '../../../src/protocol/messages.ts'
import type { PreferencesChange } from '../../../src/server/store/store.ts'
import type { Begin, Stage } from '../store-contract.ts'

const NONE = { pinned: false, muted: false, notify: 'default', unread: 0, unreadN: 0 } as const

/** What a member wants of a conversation for themselves, and what people say of themselves. */
export function preferences(begin: Begin): void {
  test('only what is named changes, for that user and conversation alone, and it is kept', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const group = await stage.make(ann, 'ops', ['bob'])
    expect(await seen(stage, ann, group)).toBeUndefined()
    expect(await change(stage, ann, group, { pinned: true })).toEqual({ ...NONE, pinned: true })
    const all = { ...NONE, pinned: true, muted: true, notify: 'none' } as const
    expect(await change(stage, ann, group, { muted: true, notify: 'none' })).toEqual(all)
    expect(await seen(stage, ann, group)).toEqual(all)
    expect(await seen(stage, bob, group)).toBeUndefined()
    await stage.reopen()
    expect(await seen(stage, ann, group)).toEqual(all)
    await change(stage, ann, group, { pinned: false, muted: false, notify: 'default' })
    expect(await seen(stage, ann, group)).toBeUndefined()
  })

  test('what is to be read again counts with the texts before it, and moves no cursor', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const group = await stage.make(ann, 'ops', ['bob'])
    for (const text of ['one', 'two', 'three']) await stage.say(ann, group, text)
    const move = { user: bob.id, conversation: group, delivered: 5, read: 5 }
    await stage.store.moveCursors([move])
    // Entries 1 and 2 are no texts.
    expect(await change(stage, bob, group, { unread: 4 })).toMatchObject({ unread: 4, unreadN: 1 })
    await stage.say(ann, group, 'four')
    await stage.store.moveCursors([{ ...move, read: 6 }])
    const head = (await stage.headsOf(bob))[0]
    expect(head).toMatchObject({ n: 4, read: 6, readN: 4, preferences: { unread: 4, unreadN: 1 } })
    await change(stage, bob, group, { unread: 0 })
    expect(await seen(stage, bob, group)).toBeUndefined()
  })

  test('nobody marks what they may not see, and no stranger has preferences', async () => {
    const stage = await begin()
    const { ann, bob, cleo, store } = stage
    const draft = { by: ann.id, nonce: Buffer.alloc(16, 7), name: 'den', time: 30 }
    const made = await store.createGroup({ ...draft, members: ['bob'], access: 'invite' })
    const group = made.group.id
    for (const unread of [1, 3, 99]) {
      const refused = change(stage, bob, group, { unread })
      await expect(refused).rejects.toMatchObject({ code: 'unknownEntry' })
    }
    expect(await change(stage, bob, group, { unread: 2 })).toMatchObject({ unread: 2 })
    for (const conversation of [group, '~c999', 'den', '']) {
      const refused = change(stage, cleo, conversation, { muted: true })
      await expect(refused).rejects.toMatchObject({ code: 'unknownConversation' })
    }
    const nobody = change(stage, { id: '~u999', name: 'x' }, group, { muted: true })
    await expect(nobody).rejects.toMatchObject({ code: 'unknownUser' })
  })

  test('who comes back finds it as it was, but nothing to read again', async () => {
    const stage = await begin()
    const { ann, bob, store } = stage
    const group = await stage.make(ann, 'ops', ['bob'])
    await change(stage, bob, group, { muted: true, unread: 2 })
    await store.quit(bob.id, group, 40)
    await store.join(bob.id, group, 50)
    expect(await seen(stage, bob, group)).toEqual({ ...NONE, muted: true })
    await change(stage, bob, group, { unread: 2 })
    await store.removeMember({ by: ann.id, group, user: 'bob', ban: false, time: 60 })
    await store.addMembers({ by: ann.id, group, users: ['bob'], time: 70 })
    expect(await seen(stage, bob, group)).toEqual({ ...NONE, muted: true })
  })

  test('what is no longer kept is not to be read again', async () => {
    const stage = await begin()
    const { ann, bob, store } = stage
    const say = (time: number) =>
      store.append({
        sender: ann.id,
        kind: 'direct',
        target: 'bob',
        nonce: Buffer.alloc(16, time),
        text: 'hi',
        time,
      })
    const { conversation } = await say(10)
    for (const time of [20, 30]) await say(time)
    await change(stage, bob, conversation, { unread: 1 })
    let after = ''
    do after = (await store.retain({ before: 25, after })).next
    while (after !== '')
    expect(await seen(stage, bob, conversation)).toMatchObject({ unread: 3, unreadN: 2 })
  })

  test('it goes with the account, and with the group', async () => {
    const stage = await begin()
    const { ann, bob, store } = stage
    const group = await stage.make(ann, 'ops', ['bob'])
    const { conversation } = await stage.say(ann, 'bob', 'hi')
    await change(stage, bob, conversation, { pinned: true })
    await change(stage, ann, group, { pinned: true })
    await store.changeSettings(bob.id, { status: 'busy' })
    await store.deleteAccount(bob.id, 50)
    await store.deleteGroup(ann.id, group, 60)
    expect(await store.statuses([bob.id])).toEqual(['available'])
    expect((await store.verify()).faults).toEqual([])
  })

  test('settings change one by one, and anybody’s status can be read', async () => {
    const stage = await begin()
    const { ann, bob, cleo, store } = stage
    await store.changeSettings(ann.id, { status: 'away' })
    const both = { hideReceipts: true, status: 'away' }
    expect(await store.changeSettings(ann.id, { hideReceipts: true })).toEqual(both)
    await store.changeSettings(bob.id, { status: 'busy' })
    await stage.reopen()
    expect(await stage.store.settings(ann.id)).toEqual(both)
    const asked = [bob.id, '~u999', ann.id, cleo.id]
    expect(await stage.store.statuses(asked)).toEqual(['busy', 'available', 'away', 'available'])
    await stage.store.changeSettings(ann.id, { status: 'available' })
    expect(await stage.store.settings(ann.id)).toEqual({ ...both, status: 'available' })
  })
}

function change(
  { store }: Stage,
  { id: user }: User,
  conversation: string,
  changes: Partial<PreferencesChange>,
): Promise<Preferences> {
  const same = { pinned: undefined, muted: undefined, notify: undefined, unread: undefined }
  return store.changePreferences({ user, conversation, ...same, ...changes })
}

async function seen(stage: Stage, user: User, conversation: string) {
  const heads = await stage.headsOf(user)
  return heads.find((head) => head.conversation === conversation)?.preferences
}
