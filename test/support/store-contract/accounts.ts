import { describe, expect, test } from 'vitest'
import { SESSIONS_MAX } from '../../../src/protocol/limits.ts'
import type { User } from '../../../src/protocol/messages.ts'
import type { NewInvite } from '../../../src/server/store/store.ts'
import type { Stage } from '../store-contract.ts'

type Begin = () => Promise<Stage>

/** Accounts by invite, their sessions, and their end. */
export function accountLife(begin: Begin): void {
  invited(begin)
  sessions(begin)
  departures(begin)
}

function invited(begin: Begin): void {
  describe('an account by invite', () => {
    test('uses the invite up; what is refused uses nothing', async () => {
      const { store } = await begin()
      await store.createInvite(invite('one'))
      const taken = store.createAccount({ ...account('ANN'), invite: 'one' })
      await expect(taken).rejects.toMatchObject({ code: 'nameTaken' })
      const badName = store.createAccount({ ...account('two words'), invite: 'one' })
      await expect(badName).rejects.toMatchObject({ code: 'badName' })
      const wrong = store.createAccount({ ...account('dora'), invite: 'none' })
      await expect(wrong).rejects.toMatchObject({ code: 'badInvite' })
      await store.createAccount({ ...account('dora'), invite: 'one' })
      const late = store.createAccount({ ...account('emil'), invite: 'one' })
      await expect(late).rejects.toMatchObject({ code: 'badInvite' })
      expect(await store.findAccount('emil')).toBeUndefined()
    })

    test('of two at once with an invite for one, one is made', async () => {
      const { store } = await begin()
      await store.createInvite(invite('one'))
      const made = await Promise.allSettled(
        ['dora', 'emil'].map((name) => store.createAccount({ ...account(name), invite: 'one' })),
      )
      expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    })
  })
}

function sessions(begin: Begin): void {
  describe('sessions', () => {
    test('are listed with the one used last first, without those that have expired', async () => {
      const { store, ann, bob } = await begin()
      await store.createSession({ ...session(ann, 1), device: 'phone', time: 10 })
      await store.createSession({ ...session(ann, 2), time: 20 })
      await store.createSession({ ...session(ann, 3), time: 30, expires: 40 })
      await store.createSession(session(bob, 4))
      await store.prolongSession(token(1), 50, 1_000)
      const listed = await store.sessions(ann.id, 60)
      expect(listed).toMatchObject([
        { device: 'phone', created: 10, used: 50 },
        { device: '', created: 20, used: 20 },
      ])
      expect(listed.map(({ tokenHash }) => Buffer.from(tokenHash))).toEqual([token(1), token(2)])
      expect(new Set(listed.map(({ id }) => id)).size).toBe(2)
    })

    test('end one by one, or all but one; answered are the tokens of those that did', async () => {
      const { store, ann, bob } = await begin()
      for (const at of [1, 2, 3]) await store.createSession(session(ann, at))
      await store.createSession(session(bob, 4))
      const [bobs] = await store.sessions(bob.id, 10)
      expect(await store.endSession(ann.id, bobs?.id ?? '')).toEqual([])
      const second = (await store.sessions(ann.id, 10)).find(({ tokenHash }) =>
        token(2).equals(tokenHash),
      )
      const ended = await store.endSession(ann.id, second?.id ?? '')
      expect(ended.map((hash) => Buffer.from(hash))).toEqual([token(2)])
      expect(await store.endSession(ann.id, second?.id ?? '')).toEqual([])
      const others = await store.endOtherSessions(ann.id, token(1))
      expect(others.map((hash) => Buffer.from(hash))).toEqual([token(3)])
      const alive = await store.sessionsAlive([1, 2, 3, 4, 5].map(token), 10)
      expect(alive).toEqual([true, false, false, true, false])
      expect(await store.sessionsAlive([token(1)], 1_000)).toEqual([false])
    })

    test('are not begun with a password that was changed since, nor by who is banned', async () => {
      const { store, ann } = await begin()
      await store.setPasswordHash(ann.id, 'new')
      const late = store.createSession({ ...session(ann, 1), passwordHash: 'hash of ann' })
      await expect(late).rejects.toMatchObject({ code: 'wrongLogin' })
      await store.createSession({ ...session(ann, 1), passwordHash: 'new' })
      await store.setBanned('ann', true, '')
      const banned = store.createSession(session(ann, 2))
      await expect(banned).rejects.toMatchObject({ code: 'banned' })
      expect(await store.findSession(token(1), 10)).toBeUndefined()
      expect(await store.sessionsAlive([token(1)], 10)).toEqual([false])
      expect(await store.findAccount('ann')).toMatchObject({ banned: { reason: '' } })
    })

    test('a password is renewed only when it is still the one that was checked', async () => {
      const { store, ann } = await begin()
      await store.setPasswordHash(ann.id, 'changed')
      await store.setPasswordHash(ann.id, 'renewed', 'hash of ann')
      expect(await store.findAccount('ann')).toMatchObject({ passwordHash: 'changed' })
      await store.setPasswordHash(ann.id, 'renewed', 'changed')
      expect(await store.findAccount('ann')).toMatchObject({ passwordHash: 'renewed' })
    })

    test('are so many at most: those that were not used for longest end', async () => {
      const { store, ann } = await begin()
      const begun = Array.from({ length: SESSIONS_MAX }, (_, at) =>
        store.createSession({ ...session(ann, at), time: at }),
      )
      expect((await Promise.all(begun)).flat()).toEqual([])
      await store.prolongSession(token(0), 999, 1_000)
      const ended = await store.createSession({ ...session(ann, SESSIONS_MAX), time: 999 })
      expect(ended.map((hash) => Buffer.from(hash))).toEqual([token(1)])
      expect(await store.sessionsAlive([token(0), token(1)], 10)).toEqual([true, false])
    })
  })
}

function departures(begin: Begin): void {
  describe('an account that is deleted', () => {
    test('is in no group and on no list, and stays so; what was said stays', async () => {
      const stage = await begin()
      const { ann, bob, store } = stage
      const group = await stage.make(ann, 'ops', ['bob'])
      await stage.say(ann, group, 'hello')
      const { conversation } = await stage.say(ann, 'bob', 'psst')
      await store.addContact(bob.id, 'ann')
      await store.addContact(ann.id, 'bob')
      await store.block(ann.id, 'cleo')
      await store.createInvite({ ...invite('anns'), by: ann.id })
      await store.createSession(session(ann, 1))
      const ended = await store.deleteAccount(ann.id, 90)
      expect(ended.map((hash) => Buffer.from(hash))).toEqual([token(1)])
      const kinds = stage.told(group).map(({ kind, name }) => `${kind} ${name}`)
      expect(kinds.slice(-2)).toEqual(['role ann', 'quit ann'])
      for (const _ of ['now', 'after a restart']) {
        expect(await stage.store.findAccount('ann')).toBeUndefined()
        expect(await stage.store.findUser('ann')).toBeUndefined()
        expect(await stage.store.findUser(ann.id)).toBeUndefined()
        expect(await stage.store.groupsOf(ann.id)).toEqual([])
        expect((await stage.store.contacts(bob.id, '', 9)).items).toEqual([])
        expect((await stage.store.find(bob.id, 'an', 9)).users).toEqual([])
        const texts = (await stage.all(bob, group)).map(({ text, name }) => `${name} ${text}`)
        expect(texts).toContain('ann hello')
        expect(await stage.all(bob, conversation)).toMatchObject([{ name: 'ann', text: 'psst' }])
        const again = stage.store.createAccount(account('Ann'))
        await expect(again).rejects.toMatchObject({ code: 'nameTaken' })
        const invited = stage.store.createAccount({ ...account('dora'), invite: 'anns' })
        await expect(invited).rejects.toMatchObject({ code: 'badInvite' })
        await stage.reopen()
      }
    })

    test('does nothing any more, and nothing is done to it', async () => {
      const stage = await begin()
      const { ann, bob, store } = stage
      const group = await stage.make(bob, 'ops', [])
      await stage.say(bob, 'ann', 'hi')
      await store.deleteAccount(ann.id, 90)
      const refused = [
        stage.say(ann, 'bob', 'I am back'),
        stage.say(bob, 'ann', 'are you there?'),
        stage.say(bob, ann.id, 'are you there?'),
        store.join(ann.id, group, 91),
        stage.make(bob, 'more', ['ann']),
        store.addContact(bob.id, 'ann'),
        store.deleteAccount(ann.id, 91),
        store.setPasswordHash(ann.id, 'x'),
      ]
      for (const one of refused) await expect(one).rejects.toMatchObject({ code: 'unknownUser' })
      await expect(store.createSession(session(ann, 1))).rejects.toMatchObject({
        code: 'wrongLogin',
      })
    })
  })
}

function account(name: string) {
  return { name, passwordHash: `hash of ${name}`, time: 1, joins: undefined }
}

function invite(code: string): NewInvite {
  return { by: undefined, code, group: '', uses: 1, time: 0, expires: 1_000 }
}

function token(at: number): Buffer {
  const hash = Buffer.alloc(32)
  hash.writeUInt32BE(at)
  return hash
}

function session(user: User, at: number) {
  return { tokenHash: token(at), user: user.id, device: '', time: 1, expires: 1_000 }
}
