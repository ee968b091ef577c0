import { describe, expect, test } from 'vitest'
import type { Stage } from '../store-contract.ts'

type Begin = () => Promise<Stage>

/** Accounts that clients of version 1 made. */
export function classicAccounts(begin: Begin): void {
  describe('an account of version 1', () => {
    test('is known as one until it gets another password, also after a restart', async () => {
      const stage = await begin()
      const made = await stage.store.createAccount(zhang)
      expect(await stage.store.findAccount('ann')).toMatchObject({ classic: false })
      for (const _ of ['now', 'after a restart']) {
        expect(await stage.store.findAccount('zhang')).toMatchObject({ user: made, classic: true })
        const users = (await stage.store.survey({ of: 'users', user: '', after: '', limit: 9 }))
          .items
        expect(users.filter(({ classic }) => classic === true)).toMatchObject([{ user: 'zhang' }])
        await stage.reopen()
      }
      await stage.store.setPasswordHash(made.id, 'real')
      for (const _ of ['now', 'after a restart']) {
        expect(await stage.store.findAccount('zhang')).toMatchObject({ classic: false })
        await stage.reopen()
      }
    })

    test('does not move its delivered cursor by saying something', async () => {
      const stage = await begin()
      const { ann, store } = stage
      const made = await store.createAccount(zhang)
      const group = await stage.make(ann, 'ops', ['zhang'])
      await stage.say(ann, group, 'hello')
      await stage.say(made, group, 'and to you')
      const { items } = await store.heads({ user: made.id, after: '', limit: 9, conversations: [] })
      expect(items).toMatchObject([{ last: 4, delivered: 2, read: 2 }])
    })

    test('gets no role, neither by somebody nor by inheriting', async () => {
      const stage = await begin()
      const { ann, bob, store } = stage
      const made = await store.createAccount(zhang)
      const group = await stage.make(ann, 'ops', ['zhang', 'bob'])
      const role = { by: ann.id, group, user: made.id, time: 9 }
      for (const wanted of ['admin', 'owner'] as const) {
        const asked = store.setRole({ ...role, role: wanted })
        await expect(asked).rejects.toMatchObject({ code: 'notAllowed' })
      }
      await store.setRole({ ...role, role: 'member' })
      await store.quit(ann.id, group, 10)
      const members = { user: bob.id, group, after: '', limit: 9 }
      expect((await store.members(members)).items).toMatchObject([
        { user: made, role: 'member', classic: true },
        { user: bob, role: 'owner', classic: false },
      ])
      const operator = store.setOperator('zhang', true)
      await expect(operator).rejects.toMatchObject({ code: 'notAllowed' })
      expect(await store.setOperator('zhang', false)).toMatchObject({ operator: false })
    })
  })

  describe('a group without a name', () => {
    test('is named after its id, and by another name where that is taken', async () => {
      const { ann, store } = await begin()
      const draft = { by: ann.id, name: '', members: [], time: 5 }
      const first = await store.createGroup({ ...draft, nonce: Buffer.alloc(16, 1) })
      expect(first.group.name).toMatch(/^g-[0-9a-z]{6}$/)
      expect(first.group.name.slice(2)).toBe(first.group.id.slice(2).padStart(6, '0'))
      const again = await store.createGroup({ ...draft, nonce: Buffer.alloc(16, 1) })
      expect(again).toMatchObject({ group: first.group, made: false })
      const next = (Number.parseInt(first.group.id.slice(2), 36) + 2).toString(36)
      const name = `g-${next.padStart(6, '0')}`
      await store.createGroup({ ...draft, name, nonce: Buffer.alloc(16, 2) })
      const other = await store.createGroup({ ...draft, nonce: Buffer.alloc(16, 3) })
      expect(other.group.name).toBe(`${name}_`)
      expect(await store.find(ann.id, 'g-', 9)).toMatchObject({ groups: [{}, {}, {}] })
    })
  })
}

const zhang = {
  name: 'zhang',
  passwordHash: 'hash of zhang',
  time: 1,
  joins: undefined,
  classic: true,
}
