import { expect, test } from 'vitest'
import type { User } from '../../../src/protocol/messages.ts'
import type { Begin } from '../store-contract.ts'

/** What an invite is good for, and to whom it is shown. */
export function invites(begin: Begin): void {
  test('a code that is used up brings nobody back, whether they were put out or left', async () => {
    const { stage, join, remove } = await den(begin)
    const { ann, bob, cleo, store } = stage
    await store.createInvite({ ...INVITE, by: ann.id, code: 'two', uses: 2 })
    await join(bob, 'two')
    // Asked again while one is in, it is the same joining.
    await join(bob, 'two')
    await join(cleo, 'two')
    await remove('bob')
    await store.quit(cleo.id, 'den', 60)
    for (const user of [bob, cleo]) expect(await codeOf(join(user, 'two'))).toBe('badInvite')
    await store.createInvite({ ...INVITE, by: ann.id, code: 'more', uses: 2 })
    await join(bob, 'more')
    await remove('bob')
    await join(bob, 'more')
    expect(await codeOf(join(cleo, 'more'))).toBe('badInvite')
  })

  test('registering and then entering with one code is one use of it, once', async () => {
    const { stage, join, remove } = await den(begin)
    const { ann, bob, store } = stage
    await store.createInvite({ ...INVITE, by: ann.id, code: 'once' })
    const eve = await register(stage.store, 'eve', 'once')
    expect(await codeOf(register(store, 'fay', 'once'))).toBe('badInvite')
    expect(await codeOf(join(bob, 'once'))).toBe('badInvite')
    await stage.reopen()
    await join(eve, 'once')
    await remove('eve')
    expect(await codeOf(join(eve, 'once'))).toBe('badInvite')
  })

  test('who registered with a code, was let in otherwise and put out, does not come back by it', async () => {
    const { stage, join, remove } = await den(begin)
    const { ann, store } = stage
    await store.createInvite({ ...INVITE, by: ann.id, code: 'once' })
    const eve = await register(store, 'eve', 'once')
    await store.addMembers({ by: ann.id, group: 'den', users: ['eve'], time: 60 })
    await remove('eve')
    expect(await codeOf(join(eve, 'once'))).toBe('badInvite')
  })

  test('used-up codes are listed until they expire', async () => {
    const { stage, join } = await den(begin)
    const { ann, bob, store } = stage
    await store.createInvite({ ...INVITE, by: ann.id, code: 'once' })
    await join(bob, 'once')
    const list = async (group: string, time: number) => {
      const query = { user: ann.id, group, after: '', limit: 9, time }
      return (await store.listInvites(query)).items.map(({ code, used, uses }) => [
        code,
        used,
        uses,
      ])
    }
    for (const group of ['', 'den']) {
      expect(await list(group, 999)).toEqual([['once', 1, 1]])
      expect(await list(group, 1_000)).toEqual([])
    }
  })

  test('of a public group members are shown the invites that they made', async () => {
    const stage = await begin()
    const { ann, bob, cleo, store } = stage
    const group = await stage.make(ann, 'ops', ['bob'])
    await store.createInvite({ ...INVITE, group, by: ann.id, code: 'hers' })
    await store.createInvite({ ...INVITE, group, by: bob.id, code: 'his' })
    await store.createInvite({ ...INVITE, group: '', by: bob.id, code: 'other' })
    const list = async ({ id }: User) => {
      const { items } = await store.listInvites({ user: id, group, after: '', limit: 9, time: 60 })
      return items.map(({ code }) => code).toSorted()
    }
    expect(await list(ann)).toEqual(['hers', 'his'])
    expect(await list(bob)).toEqual(['his'])
    expect(await codeOf(list(cleo))).toBe('notMember')
  })

  test('the id of a group by invitation is no group’s to who is outside; a good code opens it', async () => {
    const { stage, group, join } = await den(begin)
    const { ann, bob, cleo, store } = stage
    await store.createInvite({ ...INVITE, by: ann.id, code: 'good', uses: 3 })
    const unknown = { code: 'unknownGroup', message: `there is no group ${group}` }
    for (const code of ['', 'guess']) {
      await expect(store.join(bob.id, group, 60, code)).rejects.toMatchObject(unknown)
    }
    await expect(store.quit(bob.id, group, 60)).rejects.toMatchObject(unknown)
    expect(await codeOf(store.quit(bob.id, 'DEN', 60))).toBe('notMember')
    expect(await codeOf(join(bob, ''))).toBe('inviteNeeded')
    expect((await store.join(bob.id, group, 60, 'good')).group).toMatchObject({ joined: true })
    const ban = { by: ann.id, group, user: 'cleo', ban: true, time: 61 }
    await store.removeMember(ban)
    const banned = { code: 'banned', message: 'you were banned from there' }
    await expect(store.join(cleo.id, group, 62, 'good')).rejects.toMatchObject(banned)
  })

  test('who left a group by invitation is told no more of it by making it again', async () => {
    const { stage } = await den(begin)
    const { ann, bob, store } = stage
    const draft = { by: bob.id, nonce: Buffer.alloc(16, 9), name: 'hut', members: ['ann'], time: 1 }
    const { group } = await store.createGroup({ ...draft, access: 'invite' })
    await store.quit(bob.id, 'hut', 2)
    await store.renameGroup({ by: ann.id, group: group.id, name: 'secret', time: 3 })
    const again = store.createGroup({ ...draft, access: 'invite' })
    const refused = { code: 'unknownGroup', message: `there is no group ${group.id}` }
    await expect(again).rejects.toMatchObject(refused)
  })
}

const INVITE = { group: 'den', uses: 1, time: 50, expires: 1_000 }

/** #den is Ann's, by invitation; nobody else is in it. */
async function den(begin: Begin) {
  const stage = await begin()
  const { ann } = stage
  const draft = { by: ann.id, nonce: Buffer.alloc(16, 7), name: 'den', members: [], time: 30 }
  const { group } = await stage.store.createGroup({ ...draft, access: 'invite' })
  const join = (user: User, code: string) => stage.store.join(user.id, 'den', 60, code)
  const remove = (user: string) =>
    stage.store.removeMember({ by: ann.id, group: 'den', user, ban: false, time: 61 })
  return { stage, group: group.id, join, remove }
}

function register(store: Awaited<ReturnType<Begin>>['store'], name: string, invite: string) {
  return store.createAccount({ name, passwordHash: '', time: 55, joins: undefined, invite })
}

async function codeOf(asked: Promise<unknown>): Promise<string> {
  return asked.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )
}
