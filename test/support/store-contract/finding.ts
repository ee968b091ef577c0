import { expect, test } from 'vitest'
import type { Found } from '../../../src/server/store/store.ts'
import type { Begin, Stage } from '../store-contract.ts'

/** Lists of what is found that are longer than a page. */
export function finding(begin: Begin): void {
  test('what is found goes on page after page until it is complete, each once and in order', async () => {
    const stage = await begin()
    const { store, ann } = stage
    for (const at of [7, 3, 9, 1, 5]) await store.createAccount(account(`ann${at}`))
    // Of one size, of which one is her own by invitation, and one larger by name behind them.
    for (const name of ['anE', 'anc', 'anA', 'and']) await stage.make(ann, name, [])
    await store.createGroup({ ...OWN, by: ann.id, name: 'anb', access: 'invite' })
    await stage.make(ann, 'anz', ['bob'])
    await stage.make(ann, 'other', ['bob', 'cleo'])
    const pages = await allPages(stage, 'an', 2)
    expect(pages.flatMap(({ users }) => users.map(({ name }) => name))).toEqual([
      'ann',
      'ann1',
      'ann3',
      'ann5',
      'ann7',
      'ann9',
    ])
    const groups = ['anz', 'anA', 'anb', 'anc', 'and', 'anE']
    expect(pages.flatMap((page) => page.groups.map(({ name }) => name))).toEqual(groups)
    expect(pages).toHaveLength(3)
    const all = (await allPages(stage, '', 2)).flatMap((page) => page.groups)
    expect(all.map(({ name }) => name)).toEqual(['other', ...groups])
    expect((await store.find(ann.id, 'an', 6)).next).toBe('')
  })

  test('a list goes on behind somebody who is gone, and nothing else continues it', async () => {
    const { store, ann, bob } = await begin()
    const last = await store.createAccount(account('bobo'))
    const first = await store.find(ann.id, 'bob', 1)
    expect(first.users).toEqual([bob])
    await store.deleteAccount(bob.id, 9)
    expect((await store.find(ann.id, 'bob', 1, first.next)).users).toEqual([last])
    const refused = store.find(ann.id, 'bob', 1, 'bob')
    await expect(refused).rejects.toMatchObject({ code: 'badRequest' })
  })
}

function account(name: string) {
  return { name, passwordHash: `hash of ${name}`, time: 1, joins: undefined }
}

const OWN = { nonce: Buffer.alloc(16, 7), members: [], time: 1 } as const

async function allPages({ store, ann }: Stage, text: string, limit: number): Promise<Found[]> {
  const pages: Found[] = []
  do pages.push(await store.find(ann.id, text, limit, pages.at(-1)?.next))
  while (pages.at(-1)?.next !== '')
  return pages
}
