import { expect, test } from 'vitest'
import { BLOCKS_MAX } from '../../../src/protocol/limits.ts'
import type { Access, Role, User } from '../../../src/protocol/messages.ts'
import type { Stage } from '../store-contract.ts'

type Begin = () => Promise<Stage>

/** Groups with rules, and blocks. */
export function groupsWithRules(begin: Begin): void {
  roles(begin)
  removing(begin)
  leaving(begin)
  adding(begin)
  entering(begin)
  describing(begin)
  ending(begin)
  blocks(begin)
}

function roles(begin: Begin): void {
  test('an owner gives and takes roles, and members see it', async () => {
    const { village, stage, ann, bob, ops } = await withOps(begin)
    await village.role(ann, bob, 'admin')
    await village.role(ann, bob, 'admin')
    await village.role(ann, bob, 'owner')
    await village.role(bob, ann, 'member')
    expect(stage.told(ops).slice(3)).toMatchObject([
      { seq: 4, kind: 'role', from: ann.id, subject: bob, role: 'admin', n: 0 },
      { seq: 5, kind: 'role', from: ann.id, subject: bob, role: 'owner', n: 0 },
      { seq: 6, kind: 'role', from: bob.id, subject: ann, role: 'member', n: 0 },
    ])
    await stage.reopen()
    expect(await village.members(ann)).toEqual({ ann: 'member', bob: 'owner', cleo: 'member' })
    expect((await stage.all(ann, ops)).slice(3).map(({ role }) => role)).toEqual([
      'admin',
      'owner',
      'member',
    ])
  })

  test('roles are for owners, and for members to have', async () => {
    const { village, ann, bob, cleo, dan } = await withOps(begin)
    await village.role(ann, bob, 'admin')
    const code = (by: User, user: User, role: Role) => refusal(village.role(by, user, role))
    expect(await code(bob, cleo, 'admin')).toBe('notAllowed')
    expect(await code(cleo, cleo, 'owner')).toBe('notAllowed')
    expect(await code(dan, dan, 'owner')).toBe('notMember')
    expect(await code(ann, dan, 'admin')).toBe('notMember')
    expect(await code(ann, bob, 'none')).toBe('badRequest')
    expect(await code(ann, { id: '~u999', name: '' }, 'admin')).toBe('unknownUser')
  })

  test('a group does not lose its last owner by a change of role', async () => {
    const { village, ann, bob } = await withOps(begin)
    expect(await refusal(village.role(ann, ann, 'admin'))).toBe('notAllowed')
    await village.role(ann, bob, 'owner')
    await village.role(ann, ann, 'admin')
    expect(await refusal(village.role(bob, bob, 'member'))).toBe('notAllowed')
  })
}

function removing(begin: Begin): void {
  test('who is removed is no member any more, and may come back to a public group', async () => {
    const { village, stage, ann, bob, ops } = await withOps(begin)
    await village.role(ann, bob, 'admin')
    const left = await village.remove(bob, 'cleo')
    expect(left).toMatchObject({ id: ops, members: 2, joined: true })
    await village.remove(bob, 'cleo')
    expect(stage.lines(ops).slice(4)).toEqual(['5 removed bob cleo'])
    const cleo = stage.cleo
    expect(await stage.headsOf(cleo)).toEqual([])
    expect(await refusal(stage.page(cleo, ops))).toBe('unknownConversation')
    expect(await refusal(stage.say(cleo, ops, 'still here'))).toBe('notMember')
    expect(await stage.store.join(cleo.id, ops, 60)).toMatchObject({ seq: 6 })
  })

  test('admins put out members; owners put out anybody but themselves', async () => {
    const { village, ann, bob, cleo, dan } = await withOps(begin)
    await village.role(ann, bob, 'admin')
    await village.role(ann, cleo, 'admin')
    for (const ban of [false, true]) {
      const code = (by: User, user: User) => refusal(village.remove(by, user.name, ban))
      expect(await code(bob, ann)).toBe('notAllowed')
      expect(await code(bob, cleo)).toBe('notAllowed')
      expect(await code(bob, bob)).toBe('badRequest')
      expect(await code(ann, ann)).toBe('badRequest')
      expect(await code(dan, bob)).toBe('notMember')
    }
    await village.role(ann, cleo, 'owner')
    await village.remove(ann, 'bob')
    await village.remove(cleo, 'ann')
    expect(await village.members(cleo)).toEqual({ cleo: 'owner' })
  })

  test('who is banned stays out until the ban is lifted, whoever wants them in', async () => {
    const { village, stage, ann, bob, cleo, ops } = await withOps(begin)
    await village.remove(ann, 'bob', true)
    await village.remove(ann, 'bob', true)
    await village.remove(ann, 'dan', true)
    expect(stage.lines(ops).slice(3)).toEqual(['4 banned ann bob', '5 banned ann dan'])
    expect(await village.members(ann)).toEqual({ ann: 'owner', cleo: 'member' })
    await stage.reopen()
    expect(await refusal(stage.store.join(bob.id, ops, 60))).toBe('banned')
    await expect(village.add(cleo, ['bob'])).rejects.toMatchObject({
      code: 'banned',
      message: expect.stringContaining('bob'),
    })
    const query = { user: ann.id, group: ops, after: '', limit: 1 }
    const first = await stage.store.bans(query)
    expect(first.items).toEqual([bob])
    expect(await stage.store.bans({ ...query, after: first.next })).toMatchObject({
      items: [{ name: 'dan' }],
      next: '',
    })
    await stage.store.unban(ann.id, ops, 'bob')
    await stage.store.unban(ann.id, ops, 'bob')
    expect(await stage.store.join(bob.id, ops, 60)).toMatchObject({ seq: 6 })
  })

  test('bans are made, seen and lifted by admins and owners', async () => {
    const { stage, cleo, dan, ops } = await withOps(begin)
    const query = (user: User) => ({ user: user.id, group: ops, after: '', limit: 9 })
    expect(await refusal(stage.store.bans(query(cleo)))).toBe('notAllowed')
    expect(await refusal(stage.store.bans(query(dan)))).toBe('notMember')
    expect(await refusal(stage.store.unban(cleo.id, ops, 'dan'))).toBe('notAllowed')
    expect(await refusal(stage.store.unban(dan.id, ops, 'dan'))).toBe('notMember')
  })
}

function leaving(begin: Begin): void {
  test.each([
    ['the admin who has been there longest', ['cleo', 'dan'], 'cleo'],
    ['without admins the member who has', [], 'bob'],
  ])('when the last owner leaves %s takes over', async (_, admins, heir) => {
    const { village, stage, ann, dan, ops } = await withOps(begin)
    await stage.store.join(dan.id, ops, 50)
    for (const name of admins) await village.role(ann, { id: name, name }, 'admin')
    const { length } = stage.told(ops)
    expect(await stage.store.quit(ann.id, ops, 60)).toMatchObject({ seq: length + 2 })
    expect(stage.told(ops).slice(length)).toMatchObject([
      { kind: 'role', from: ann.id, subject: { name: heir }, role: 'owner' },
      { kind: 'quit', from: ann.id },
    ])
    expect(await village.members(dan)).toMatchObject({ [heir]: 'owner' })
  })

  test('who is not the last owner leaves without more ado', async () => {
    const { village, stage, ann, bob, cleo, ops } = await withOps(begin)
    await village.role(ann, bob, 'owner')
    await stage.store.quit(cleo.id, ops, 60)
    await stage.store.quit(ann.id, ops, 60)
    expect(stage.lines(ops).slice(4)).toEqual(['5 quit cleo', '6 quit ann'])
    expect(await village.members(bob)).toEqual({ bob: 'owner' })
  })

  test('a group by invitation that is left empty has ended; a public one stays', async () => {
    const { stage, ann, dan } = await withOps(begin)
    const den = await make(stage, ann, 'den', [], 'invite')
    await stage.say(ann, den, 'to myself')
    const { seq } = await stage.store.quit(ann.id, 'den', 60)
    expect(await stage.store.read(den, 0, 9)).toMatchObject([{ seq, kind: 'quit' }])
    expect(await refusal(stage.store.join(ann.id, den, 61))).toBe('unknownGroup')
    expect(await make(stage, dan, 'den', [])).not.toBe(den)
    const hall = await make(stage, ann, 'hall', [])
    await stage.store.quit(ann.id, 'hall', 60)
    expect(await stage.store.join(dan.id, 'hall', 61)).toMatchObject({ group: { id: hall } })
  })
}

function adding(begin: Begin): void {
  test('members of a public group add others, each once, members being passed over', async () => {
    const { village, stage, bob, dan, ops } = await withOps(begin)
    const added = await village.add(bob, ['dan', 'cleo', dan.id, 'DAN'])
    expect(added).toMatchObject({ members: 4 })
    expect(stage.lines(ops).slice(3)).toEqual(['4 added bob dan'])
    expect(await stage.headsOf(dan)).toMatchObject([{ role: 'member', from: 1, read: 4 }])
    expect(await refusal(village.add(bob, ['dan', 'nobody']))).toBe('unknownUser')
  })

  test('who is added is added by those who may, and all are or none is', async () => {
    const { village, stage, ann, bob, cleo, dan, ops } = await withOps(begin)
    expect(await refusal(village.add(dan, ['dan']))).toBe('notMember')
    await village.access(ann, 'invite')
    expect(await refusal(village.add(bob, ['dan']))).toBe('notAllowed')
    await village.remove(ann, 'bob')
    const eve = await stage.store.createAccount(account('eve'))
    await stage.store.block(eve.id, 'ann')
    await expect(village.add(ann, ['bob', 'dan', 'eve'])).rejects.toMatchObject({
      code: 'blocked',
      message: expect.stringContaining('eve'),
    })
    expect(await village.members(cleo)).toEqual({ ann: 'owner', cleo: 'member' })
    await village.add(ann, ['bob', 'dan'])
    expect(stage.lines(ops).slice(5)).toEqual(['6 added ann bob', '7 added ann dan'])
  })
}

function entering(begin: Begin): void {
  test('a group by invitation is entered by code, and read from there on', async () => {
    const { village, stage, ann, dan, ops } = await withOps(begin)
    await village.access(ann, 'invite')
    await stage.say(ann, ops, 'a secret')
    const join = (code?: string) => stage.store.join(dan.id, 'ops', 60, code)
    expect(await refusal(join())).toBe('inviteNeeded')
    expect(await refusal(join('guess'))).toBe('badInvite')
    await village.invite(ann, { code: 'welcome' })
    const joined = await join('welcome')
    expect(joined).toMatchObject({ seq: 6, group: { access: 'invite', joined: true } })
    expect(await join()).toEqual(joined)
    expect(await stage.headsOf(dan)).toMatchObject([
      { from: 6, read: 6, n: 1, readN: 1, access: 'invite' },
    ])
    expect((await stage.all(dan, ops)).map(({ seq }) => seq)).toEqual([6])
    expect(await stage.page(dan, ops)).toMatchObject({ first: 6, last: 6 })
  })

  test('newcomers read what was said before where the group gives it to them', async () => {
    const { village, stage, ann, bob, dan, ops } = await withOps(begin)
    await village.access(ann, 'invite')
    await village.add(ann, ['dan'])
    expect(await stage.headsOf(dan)).toMatchObject([{ from: 5 }])
    expect(await village.access(ann, 'invite', true)).toMatchObject({ history: true })
    await village.remove(ann, 'bob')
    await village.add(ann, ['bob'])
    expect(await stage.headsOf(bob)).toMatchObject([{ from: 1 }])
    expect(await stage.headsOf(dan)).toMatchObject([{ from: 5 }])
    expect(stage.told(ops).filter(({ kind }) => kind === 'access')).toMatchObject([
      { text: 'invite' },
      { text: 'invite' },
    ])
  })

  test('access is the owner’s to change, and saying the same again changes nothing', async () => {
    const { village, stage, ann, bob, ops } = await withOps(begin)
    await village.role(ann, bob, 'admin')
    expect(await refusal(village.access(bob, 'invite'))).toBe('notAllowed')
    expect(await refusal(village.access(ann, 'unknown'))).toBe('badRequest')
    await village.access(ann, 'public', true)
    expect(stage.told(ops)).toHaveLength(4)
    await village.access(ann, 'invite')
    await village.access(ann, 'invite')
    expect(await village.access(ann, 'public')).toMatchObject({ access: 'public', history: true })
    expect(stage.told(ops).map(({ text }) => text)).toEqual(['', '', '', '', 'invite', 'public'])
  })

  test('first members of a group by invitation read from their own entry on', async () => {
    const { stage, ann, bob } = await withOps(begin)
    const den = await make(stage, ann, 'den', ['bob'], 'invite')
    const of = async (user: User) =>
      (await stage.headsOf(user)).filter(({ conversation }) => conversation === den)
    expect(await of(ann)).toMatchObject([{ from: 1, access: 'invite' }])
    expect(await of(bob)).toMatchObject([{ from: 2 }])
  })

  test('an invite lets in as many as it may, until it expires', async () => {
    const { village, stage, ann, bob, cleo, dan, ops } = await withOps(begin)
    await village.access(ann, 'invite')
    for (const name of ['bob', 'cleo']) await village.remove(ann, name)
    const join = (user: User, time: number) => stage.store.join(user.id, 'ops', time, 'two')
    await village.invite(ann, { code: 'two', uses: 3, expires: 100 })
    await join(bob, 60)
    await join(cleo, 63)
    await stage.reopen()
    await stage.store.quit(cleo.id, ops, 65)
    await join(cleo, 99)
    expect(await refusal(join(dan, 99))).toBe('badInvite')
    await village.invite(ann, { code: 'late', expires: 100 })
    expect(await refusal(stage.store.join(dan.id, 'ops', 100, 'late'))).toBe('badInvite')
  })

  test('an invite opens its own group only, until it is revoked', async () => {
    const { village, stage, ann, dan } = await withOps(begin)
    await village.access(ann, 'invite')
    const den = await make(stage, ann, 'den', [], 'invite')
    await stage.store.createInvite({ ...INVITE, by: ann.id, group: 'den', code: 'den' })
    await village.invite(ann, { code: 'ops' })
    expect(await refusal(stage.store.join(dan.id, 'ops', 60, 'den'))).toBe('badInvite')
    expect(await refusal(stage.store.revokeInvite(dan.id, 'ops'))).toBe('badInvite')
    await stage.store.revokeInvite(ann.id, 'ops')
    expect(await refusal(stage.store.revokeInvite(ann.id, 'ops'))).toBe('badInvite')
    expect(await refusal(stage.store.join(dan.id, 'ops', 60, 'ops'))).toBe('badInvite')
    await stage.store.join(dan.id, den, 60, 'den')
  })

  test('an invite is worth what its maker may do', async () => {
    const { village, stage, ann, bob, dan } = await withOps(begin)
    await village.invite(bob, { code: 'of-a-member' })
    await village.access(ann, 'invite')
    expect(await refusal(village.invite(bob, { code: 'refused' }))).toBe('notAllowed')
    expect(await refusal(village.invite(dan, { code: 'refused' }))).toBe('notMember')
    const join = () => stage.store.join(dan.id, 'ops', 60, 'of-a-member')
    expect(await refusal(join())).toBe('badInvite')
    await village.role(ann, bob, 'admin')
    await village.remove(ann, 'bob')
    expect(await refusal(join())).toBe('badInvite')
    await village.add(ann, ['bob'])
    await village.role(ann, bob, 'admin')
    await join()
  })

  test('good invites are listed, the newest first, to who made them or manages the group', async () => {
    const { village, stage, ann, bob, cleo, ops } = await withOps(begin)
    await village.invite(ann, { code: 'first', time: 1 })
    await village.invite(bob, { code: 'second', time: 2, uses: 3 })
    await village.invite(ann, { code: 'third', time: 3 })
    await village.invite(ann, { code: 'expired', time: 4, expires: 9 })
    const list = async (user: User, group: string, after = '', limit = 9) => {
      const query = { user: user.id, group, after, limit, time: 10 }
      const { items, next } = await stage.store.listInvites(query)
      return { codes: items.map(({ code }) => code), items, next }
    }
    expect(await list(ann, ops)).toMatchObject({ codes: ['third', 'second', 'first'], next: '' })
    const first = await list(ann, '', '', 1)
    expect(first.codes).toEqual(['third'])
    expect(await list(ann, '', first.next, 1)).toMatchObject({ codes: ['first'], next: '' })
    expect((await list(bob, '')).items).toEqual([
      { code: 'second', group: ops, by: bob, uses: 3, used: 0, expires: 1_000 },
    ])
    expect(await list(cleo, ops)).toMatchObject({ codes: [] })
    await village.access(ann, 'invite')
    expect(await refusal(list(cleo, ops))).toBe('notAllowed')
    await stage.store.revokeInvite(ann.id, 'second')
    expect((await list(bob, '')).codes).toEqual([])
  })
}

function describing(begin: Begin): void {
  test('a renamed group is known by its new name only, and the old one is free', async () => {
    const { village, stage, ann, bob, dan, ops } = await withOps(begin)
    expect(await village.rename(ann, '#Night-Ops')).toMatchObject({ id: ops, name: 'Night-Ops' })
    await village.rename(ann, 'Night-Ops')
    await village.rename(ann, 'NIGHT-OPS')
    expect(stage.told(ops).slice(3)).toMatchObject([
      { kind: 'renamed', from: ann.id, text: 'Night-Ops' },
      { kind: 'renamed', from: ann.id, text: 'NIGHT-OPS' },
    ])
    expect(await refusal(stage.store.join(dan.id, 'ops', 60))).toBe('unknownGroup')
    expect(await make(stage, dan, 'ops', [])).not.toBe(ops)
    await stage.reopen()
    expect(await stage.headsOf(bob)).toMatchObject([{ name: 'NIGHT-OPS' }])
    expect(await stage.store.join(dan.id, '#night-ops', 60)).toMatchObject({ group: { id: ops } })
  })

  test('a name that is none, or taken, renames nothing', async () => {
    const { village, stage, ann, bob, ops } = await withOps(begin)
    await make(stage, bob, 'den', [])
    expect(await refusal(village.rename(ann, 'DEN'))).toBe('nameTaken')
    expect(await refusal(village.rename(ann, 'a b'))).toBe('badName')
    expect(await refusal(village.rename(bob, 'other'))).toBe('notAllowed')
    expect(stage.told(ops)).toHaveLength(3)
  })

  test('what a group is about is seen in head, group and log', async () => {
    const { village, stage, ann, bob, dan, ops } = await withOps(begin)
    const topic = 'deploys & 值班'
    expect(await village.topic(ann, topic)).toMatchObject({ topic })
    await village.topic(ann, topic)
    expect(await refusal(village.topic(bob, 'mine'))).toBe('notAllowed')
    expect(await refusal(village.topic(ann, 'two\nlines'))).toBe('badRequest')
    expect(stage.told(ops).slice(3)).toMatchObject([{ kind: 'topic', from: ann.id, text: topic }])
    await stage.reopen()
    expect(await stage.headsOf(bob)).toMatchObject([{ topic }])
    expect((await stage.store.find(dan.id, 'ops', 9)).groups).toMatchObject([{ topic }])
    await village.topic(ann, '')
    expect(stage.told(ops)).toMatchObject([{ kind: 'topic', text: '' }])
  })

  test('where nobody manages a group its members say what it is about, and nothing else', async () => {
    const { stage } = await withOps(begin)
    const eve = await stage.store.createAccount({ ...account('eve'), joins: 'lobby' })
    await stage.store.createAccount({ ...account('fay'), joins: 'lobby' })
    const act = { by: eve.id, group: 'lobby', time: 60 }
    expect(await stage.store.setTopic({ ...act, topic: 'hello' })).toMatchObject({ topic: 'hello' })
    const { store } = stage
    const refused = [
      store.renameGroup({ ...act, name: 'mine' }),
      store.removeMember({ ...act, user: 'fay', ban: true }),
      store.setRole({ ...act, user: 'eve', role: 'owner' }),
      store.setAccess({ ...act, access: 'invite', history: false }),
      store.deleteGroup(eve.id, 'lobby', 60),
    ]
    expect(await Promise.all(refused.map(refusal))).toEqual(refused.map(() => 'notAllowed'))
  })

  test('groups by invitation are found by their members only', async () => {
    const { village, stage, ann, dan, ops } = await withOps(begin)
    await village.access(ann, 'invite')
    await village.topic(ann, 'a secret')
    for (const text of ['op', '']) {
      expect((await stage.store.find(ann.id, text, 9)).groups).toMatchObject([{ id: ops }])
      expect((await stage.store.find(dan.id, text, 9)).groups).toEqual([])
    }
  })
}

function ending(begin: Begin): void {
  test('of a deleted group only its end is left', async () => {
    const { village, stage, ann, bob, cleo, dan, ops } = await withOps(begin)
    const nonce = Buffer.alloc(16, 7)
    const draft = { by: ann.id, nonce, name: 'den', members: ['bob'], time: 30 }
    const den = (await stage.store.createGroup(draft)).group.id
    for (let count = 0; count < 300; count += 1) await stage.say(ann, den, `@bob ${count}`)
    await stage.store.createInvite({ ...INVITE, by: ann.id, group: den, code: 'den' })
    const act = { by: ann.id, group: den, time: 60 }
    await stage.store.removeMember({ ...act, user: 'cleo', ban: true })
    expect(await refusal(stage.store.deleteGroup(bob.id, den, 60))).toBe('notAllowed')
    expect(await refusal(stage.store.deleteGroup(dan.id, den, 60))).toBe('notMember')
    await stage.store.deleteGroup(ann.id, 'den', 61)
    const last = { seq: 304, kind: 'ended', from: ann.id, n: 300 }
    expect(stage.told(den).at(-1)).toMatchObject(last)
    for (const again of [false, true]) {
      if (again) await stage.reopen()
      expect(await stage.store.read(den, 0, 9)).toMatchObject([last])
      expect(await stage.store.groupsOf(bob.id)).toMatchObject([{ group: ops }])
      expect(await stage.headsOf(bob)).toMatchObject([{ conversation: ops }])
      expect(await refusal(stage.page(ann, den))).toBe('unknownConversation')
      expect(await refusal(stage.say(ann, den, 'hello?'))).toBe('unknownGroup')
      expect(await refusal(stage.store.join(cleo.id, den, 62, 'den'))).toBe('unknownGroup')
      expect(await refusal(stage.store.createGroup(draft))).toBe('unknownGroup')
      expect((await stage.store.find(ann.id, '', 9)).groups).toMatchObject([{ id: ops }])
      const query = { user: ann.id, group: '', after: '', limit: 9, time: 63 }
      expect((await stage.store.listInvites(query)).items).toEqual([])
    }
    expect(await village.members(ann)).toMatchObject({ bob: 'member' })
  })

  test('the name of a deleted group is free at once, for a group that has nothing of it', async () => {
    const { village, stage, ann, bob, cleo, ops } = await withOps(begin)
    await village.remove(ann, 'cleo', true)
    const [, young] = await Promise.all([
      stage.store.deleteGroup(ann.id, 'ops', 60),
      make(stage, bob, 'ops', []),
    ])
    expect(young).not.toBe(ops)
    await stage.store.join(cleo.id, 'ops', 61)
    expect(stage.lines(young)).toEqual(['1 created bob', '2 joined cleo'])
  })
}

function blocks(begin: Begin): void {
  test('who is blocked cannot write, in a conversation that is or one that would begin', async () => {
    const { store, ann, bob, say } = await begin()
    await store.block(ann.id, 'bob')
    expect(await refusal(say(bob, 'ann', 'first'))).toBe('blocked')
    expect(await store.heads({ user: bob.id, after: '', limit: 9, conversations: [] })).toEqual({
      items: [],
      next: '',
    })
    await say(ann, 'bob', 'I still can')
    expect(await refusal(say(bob, ann.id, 'an answer'))).toBe('blocked')
    await store.unblock(ann.id, bob.id)
    expect(await say(bob, 'ann', 'at last')).toMatchObject({ seq: 2 })
    await store.block(bob.id, 'ann')
    await store.block(bob.id, 'ann')
    expect(await refusal(say(ann, 'bob', 'what?'))).toBe('blocked')
    expect(await say(bob, 'bob', 'a note')).toMatchObject({ seq: 1 })
  })

  test('what was sent before the block is acknowledged again; a block outlives a restart', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const nonce = Buffer.alloc(16, 9)
    const text = { sender: bob.id, kind: 'direct', target: 'ann', text: 'hi', time: 1 } as const
    const place = await stage.store.append({ ...text, nonce })
    await stage.store.block(ann.id, 'bob')
    await stage.reopen()
    expect(await stage.store.append({ ...text, nonce })).toEqual(place)
    expect(await refusal(stage.say(bob, 'ann', 'more'))).toBe('blocked')
  })

  test('who is blocked cannot put one into groups, not even into a new one', async () => {
    const { stage, bob, dan, village } = await withOps(begin)
    await stage.store.block(dan.id, 'bob')
    expect(await refusal(village.add(bob, ['dan']))).toBe('blocked')
    await expect(make(stage, bob, 'den', ['cleo', 'dan'])).rejects.toMatchObject({
      code: 'blocked',
      message: expect.stringContaining('dan'),
    })
    await make(stage, bob, 'den', ['cleo'])
    await make(stage, dan, 'club', ['bob'])
  })

  test('a repeated creation is answered, whatever became of its first members since', async () => {
    const { store, ann, bob } = await begin()
    const draft = { by: ann.id, nonce: Buffer.alloc(16, 5), name: 'den', members: ['bob'], time: 1 }
    const made = await store.createGroup(draft)
    await store.block(bob.id, 'ann')
    const again = { group: made.group, members: [], made: false }
    expect(await store.createGroup(draft)).toEqual(again)
    await store.deleteAccount(bob.id, 2)
    expect(await store.createGroup(draft)).toEqual({
      ...again,
      group: { ...made.group, members: 1 },
    })
  })

  test('blocks stand in the list of contacts, whether those are on it or not', async () => {
    const { store, ann, bob, cleo } = await begin()
    await store.addContact(ann.id, 'bob')
    const known = { user: bob, removed: false, blocked: true }
    const stranger = { user: cleo, removed: true, blocked: true }
    expect(await store.block(ann.id, 'bob')).toEqual(known)
    expect(await store.block(ann.id, 'cleo')).toEqual(stranger)
    const first = await store.contacts(ann.id, '', 1)
    expect(first.items).toEqual([known])
    expect(await store.contacts(ann.id, first.next, 1)).toEqual({ items: [stranger], next: '' })
    expect(await store.removeContact(ann.id, 'bob')).toEqual({ ...known, removed: true })
    expect(await store.unblock(ann.id, 'cleo')).toEqual({ ...stranger, blocked: false })
    expect((await store.contacts(ann.id, '', 9)).items).toEqual([{ ...known, removed: true }])
    expect(await store.blockers(bob.id)).toEqual([ann.id])
    expect(await store.blockers(ann.id)).toEqual([])
  })

  test('nobody blocks themselves, somebody who is not there, or more than so many', async () => {
    const { store, ann, bob } = await begin()
    expect(await refusal(store.block(ann.id, 'ann'))).toBe('badRequest')
    expect(await refusal(store.block(ann.id, 'nobody'))).toBe('unknownUser')
    expect(await refusal(store.unblock(ann.id, 'nobody'))).toBe('unknownUser')
    const others = await Promise.all(
      Array.from({ length: BLOCKS_MAX }, (_, index) => store.createAccount(account(`u${index}`))),
    )
    for (const { id } of others) void store.block(ann.id, id)
    expect(await refusal(store.block(ann.id, bob.id))).toBe('tooMany')
    await store.block(ann.id, others[0]?.id ?? '')
  })
}

const INVITE = { group: 'ops', uses: 1, time: 50, expires: 1_000 }

/** #ops: Ann owns it, Bob and Cleo are members, Dan is none. */
async function withOps(begin: Begin) {
  const stage = await begin()
  const { ann, bob, cleo } = stage
  const dan = await stage.store.createAccount(account('dan'))
  const ops = await make(stage, ann, 'ops', ['bob', 'cleo'])
  return { stage, ann, bob, cleo, dan, ops, village: new Village(stage, ops) }
}

/** What people do to the group. */
class Village {
  readonly #stage: Stage
  readonly #group: string

  constructor(stage: Stage, group: string) {
    this.#stage = stage
    this.#group = group
  }

  role(by: User, user: User, role: Role) {
    return this.#stage.store.setRole({ ...this.#act(by), user: user.id, role })
  }

  remove(by: User, user: string, ban = false) {
    return this.#stage.store.removeMember({ ...this.#act(by), user, ban })
  }

  add(by: User, users: readonly string[]) {
    return this.#stage.store.addMembers({ ...this.#act(by), users })
  }

  access(by: User, access: Access, history = false) {
    return this.#stage.store.setAccess({ ...this.#act(by), access, history })
  }

  rename(by: User, name: string) {
    return this.#stage.store.renameGroup({ ...this.#act(by), name })
  }

  topic(by: User, topic: string) {
    return this.#stage.store.setTopic({ ...this.#act(by), topic })
  }

  invite(by: User, draft: Partial<typeof INVITE> & { code: string }) {
    return this.#stage.store.createInvite({ ...INVITE, by: by.id, ...draft })
  }

  async members(user: User): Promise<Record<string, Role>> {
    const query = { user: user.id, group: this.#group, after: '', limit: 99 }
    const { items } = await this.#stage.store.members(query)
    return Object.fromEntries(items.map((member) => [member.user.name, member.role]))
  }

  #act(by: User) {
    return { by: by.id, group: this.#group, time: 55 }
  }
}

let made = 0

async function make(
  { store }: Stage,
  by: User,
  name: string,
  members: readonly string[],
  access?: Access,
): Promise<string> {
  made += 1
  const nonce = Buffer.alloc(16, 0xdd)
  nonce.writeUInt32BE(made, 0)
  const draft = { by: by.id, nonce, name, members, time: 30 }
  const { group } = await store.createGroup(access === undefined ? draft : { ...draft, access })
  return group.id
}

/** The code of what rejects. */
async function refusal(asked: Promise<unknown>): Promise<string> {
  return asked.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )
}

function account(name: string) {
  return { name, passwordHash: `hash of ${name}`, time: 1, joins: undefined }
}
