import { expect, test } from 'vitest'
import type { Access } from '../../../src/protocol/messages.ts'
import type { Begin } from '../store-contract.ts'

/** Rule 5: what was said before one came is not told by what it is edited to afterwards. */
export function withheld(begin: Begin): void {
  test.each(['', ' after a restart'])(
    'an edit of an older text is blank to who came later%s',
    async (when) => {
      const { stage, group, old, edited, own } = await den(begin, 'invite', false)
      const { ann, cleo } = stage
      if (when !== '') await stage.reopen()
      const page = await stage.page(cleo, group)
      expect(page.entries.map(({ seq, kind, text }) => [seq, kind, text])).toEqual([
        [4, 'added', ''],
        [edited, 'edited', ''],
        [own, 'text', 'newer'],
        [own + 1, 'edited', 'newer'],
      ])
      expect(page.entries[1]).toMatchObject({ target: old, mentions: [] })
      const [whole] = (await stage.page(ann, group, { around: edited, limit: 1 })).entries
      expect(whole).toMatchObject({ text: 'older @bob', mentions: [stage.bob.id] })
    },
  )

  test('an edit is announced with those from whom it is hidden', async () => {
    const { stage, group, edited, own } = await den(begin, 'invite', false)
    const of = (seq: number) =>
      stage.appended.find((one) => one.conversation === group && one.entry.seq === seq)
    expect(of(edited)?.hiddenFrom).toEqual([stage.cleo.id])
    expect(of(edited)?.entry.text).toBe('older @bob')
    expect(of(own + 1)?.hiddenFrom).toBeUndefined()
  })

  test.each([
    ['public', false],
    ['invite', true],
  ] as const)(
    'nothing is hidden where newcomers may read everything: %s',
    async (access, history) => {
      const { stage, group, old, edited } = await den(begin, access, history)
      const { cleo } = stage
      const [entry] = (await stage.page(cleo, group, { around: edited, limit: 1 })).entries
      expect(entry).toMatchObject({ text: 'older @bob' })
      expect(stage.appended.filter(({ hiddenFrom }) => hiddenFrom !== undefined)).toEqual([])
      expect(await stage.store.latecomers(group, old, [cleo.id])).toEqual([])
    },
  )

  test('who may not read what is at a seq: who came later, and who is no member', async () => {
    const { stage, group, old, own } = await den(begin, 'invite', false)
    const { store, ann, bob, cleo } = stage
    const all = [ann.id, bob.id, cleo.id, '~u999']
    expect(await store.latecomers(group, old, all)).toEqual([cleo.id, '~u999'])
    await store.quit(bob.id, group, 9)
    expect(await store.latecomers(group, own, all)).toEqual([bob.id, '~u999'])
    expect(await store.latecomers('~c999', 1, all)).toEqual(all)
  })
}

/** Cleo came after a text of Ann's that is edited then; so is one from later. */
async function den(begin: Begin, access: Access, history: boolean) {
  const stage = await begin()
  const { ann, store } = stage
  const draft = { by: ann.id, nonce: Buffer.alloc(16, 7), name: 'den', members: ['bob'], time: 30 }
  const group = (await store.createGroup({ ...draft, access })).group.id
  const { seq: old } = await stage.say(ann, group, 'old')
  if (history) await store.setAccess({ by: ann.id, group, access, history, time: 30 })
  await store.addMembers({ by: ann.id, group, users: ['cleo'], time: 31 })
  const edit = { user: ann.id, conversation: group, time: 32 }
  const { seq: edited } = await store.edit({ ...edit, seq: old, text: 'older @bob' })
  const { seq: own } = await stage.say(ann, group, 'new')
  await store.edit({ ...edit, seq: own, text: 'newer' })
  return { stage, group, old, edited, own }
}
