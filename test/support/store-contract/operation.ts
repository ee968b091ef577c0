import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { decodeRecords } from '../../../src/protocol/codec.ts'
import type {
  Appended,
  OnAppended,
  Store,
  Survey,
  SurveyRow,
} from '../../../src/server/store/store.ts'

type Medium = Readonly<{ open: (onAppended: OnAppended) => Promise<Store> }>

/** What operators see and do. */
export function operation(make: () => Medium | Promise<Medium>): void {
  const begin = async () => begun(await (await make()).open(() => undefined))

  test('nobody is an operator or banned at first; both can be set and taken back', async () => {
    const { store } = await begin()
    const plain = { user: { name: 'ann' }, operator: false, banned: false, reason: '' }
    expect(await store.standing('ann')).toMatchObject(plain)
    expect(await store.setOperator('ANN', true)).toMatchObject({ operator: true })
    expect(await store.setBanned('ann', true, 'spam')).toMatchObject({ banned: true })
    expect(await store.standing('ann')).toMatchObject({
      operator: true,
      banned: true,
      reason: 'spam',
    })
    await store.setOperator('ann', false)
    await store.setBanned('ann', false, 'not kept')
    expect(await store.standing('ann')).toMatchObject(plain)
    expect(await store.standing('bob')).toMatchObject({ operator: false, banned: false })
  })

  test('who is not there has no standing', async () => {
    const { store } = await begin()
    const unknown = { code: 'unknownUser' }
    await expect(store.standing('nobody')).rejects.toMatchObject(unknown)
    await expect(store.setOperator('nobody', true)).rejects.toMatchObject(unknown)
    await expect(store.setBanned('nobody', true, '')).rejects.toMatchObject(unknown)
  })

  test('a banned user gets no session, and is told why', async () => {
    const { store, bob, session } = await begin()
    await store.setBanned('bob', true, 'spam')
    await expect(store.createSession(session(bob, 1))).rejects.toMatchObject({ code: 'banned' })
    expect(await store.findAccount('bob')).toMatchObject({ banned: { reason: 'spam' } })
    await store.setBanned('bob', false, '')
    await store.createSession(session(bob, 1))
  })

  test('users, operators, groups, sessions and invites are looked through, page by page', async () => {
    const { store, ann, bob, session } = await begin()
    await store.setOperator('bob', true)
    await store.createSession(session(ann, 1))
    await store.createSession(session(bob, 2))
    await store.createSession(session(bob, 3))
    const invite = { by: undefined, group: '', uses: 2, time: 1, expires: 99 }
    await store.createInvite({ ...invite, code: 'one' })
    await store.createInvite({ ...invite, code: 'two', by: ann })
    const all = async (of: Survey, user = '') => (await surveyed(store, of, user)).rows
    expect(
      (await all('users')).map((row) => [row['user'], row['operator'], row['sessions']]),
    ).toEqual([
      ['ann', false, 1],
      ['bob', true, 2],
      ['cleo', false, 0],
    ])
    expect(await all('operators')).toMatchObject([{ user: 'bob' }])
    expect(await all('groups')).toMatchObject([
      { group: 'ops', members: 2, owners: 1, texts: 1, last: 3, access: 'public' },
    ])
    expect((await all('sessions')).map((row) => row['user']).sort()).toEqual(['ann', 'bob', 'bob'])
    expect(await all('sessions', 'ann')).toMatchObject([{ user: 'ann', device: 'd', used: 4 }])
    expect(await all('invites')).toMatchObject([
      { code: 'one', by: '', uses: 2, used: 0 },
      { code: 'two', by: 'ann', expires: 99 },
    ])
    expect((await surveyed(store, 'users', '')).pages).toBe(3)
    await expect(
      store.survey({ of: 'sessions', user: 'x', after: '', limit: 1 }),
    ).rejects.toMatchObject({ code: 'unknownUser' })
  })

  test('no row has a token or the hash of a password', async () => {
    const { store, ann, session } = await begin()
    await store.createSession(session(ann, 0xab))
    const lists: Survey[] = ['users', 'operators', 'groups', 'sessions', 'invites']
    const rows = await Promise.all(lists.map((of) => surveyed(store, of, '')))
    const text = JSON.stringify(rows)
    expect(text).not.toContain('hash of')
    expect(text.toLowerCase()).not.toContain('abab')
  })

  test('figures count what there is', async () => {
    const { store } = await begin()
    await store.setBanned('bob', true, '')
    const figures = await store.figures()
    expect(figures).toMatchObject({ users: 3, banned: 1, operators: 0, groups: 1, directs: 1 })
    expect(figures.bytes).toBeGreaterThan(0)
  })

  test('what was said is exported in order, of everybody, of a user, of a group', async () => {
    const { store } = await begin()
    const whole = await exported(store, {})
    expect(whole.map((row) => row['text'])).toEqual(['', '', 'to ops', 'to bob', 'to ann'])
    expect(whole[2]).toMatchObject({ group: 'ops', seq: 3, name: 'ann', kind: 'text', time: 20 })
    expect(whole[3]).toMatchObject({ between: ['ann', 'bob'], seq: 1 })
    expect(whole[1]).toMatchObject({ kind: 'added', subject: 'bob' })
    const texts = async (query: Partial<Parameters<Store['exportPage']>[0]>) =>
      (await exported(store, query)).map((row) => row['text'])
    expect(await texts({ user: 'bob' })).toEqual(['to ann'])
    expect(await texts({ group: '#ops' })).toEqual(['', '', 'to ops'])
    await expect(exported(store, { user: 'x' })).rejects.toMatchObject({ code: 'unknownUser' })
    await expect(exported(store, { group: 'x' })).rejects.toMatchObject({ code: 'unknownGroup' })
  })

  test('a group ends for all at the hands of who owns the data folder', async () => {
    const { store, ann, cleo } = await begin()
    await store.createGroup({ ...group, by: ann, nonce: randomBytes(16), name: 'more' })
    expect(await store.endGroup(undefined, '#ops', 40)).toEqual({ name: 'ops' })
    expect(await store.endGroup(cleo, 'more', 41)).toEqual({ name: 'more' })
    await expect(store.endGroup(undefined, 'ops', 42)).rejects.toMatchObject({
      code: 'unknownGroup',
    })
    await expect(store.endGroup('~u999', 'more', 42)).rejects.toMatchObject({
      code: 'unknownGroup',
    })
    expect(await store.groupsOf(ann)).toEqual([])
    expect((await surveyed(store, 'groups', '')).rows).toEqual([])
    expect(await store.verify()).toMatchObject({ faults: [] })
  })

  test('an empty group can be ended, too', async () => {
    const { store, ann, bob } = await begin()
    for (const user of [bob, ann]) await store.quit(user, 'ops', 30)
    expect(await store.endGroup(undefined, 'ops', 40)).toEqual({ name: 'ops' })
    expect(await store.verify()).toMatchObject({ faults: [] })
  })

  test('all that somebody said is blanked in steps: texts, edits, reactions, nobody else’s', async () => {
    const { store, ann, bob, say } = await begin()
    const [ops] = await store.groupsOf(ann)
    const conversation = ops?.group ?? ''
    const { seq } = await say('bob', '#ops', 'of bob')
    const own = await say('ann', '#ops', 'first words')
    const change = { conversation, time: 30 }
    await store.edit({ ...change, user: ann, seq: own.seq, text: 'second words' })
    for (const user of [ann, bob]) {
      await store.react({ ...change, user, seq, text: '👍', remove: false })
    }
    await store.deleteAccount(ann, 35)
    const { texts, steps } = await erased(store, ann)
    // Two in the group and one to bob; and the reaction.
    expect(texts).toBe(4)
    expect(steps).toBeGreaterThanOrEqual(4)
    const left = (await exported(store, { user: ann })).filter((row) => row['text'] !== '')
    expect(left).toEqual([])
    const query = { before: 0, after: 0, around: seq, limit: 1, maxBytes: 9_999 }
    const { entries } = await store.page({ user: bob, conversation, ...query })
    expect(decodeRecords(entries)).toMatchObject([
      { text: 'of bob', reactions: [{ text: '👍', count: 1, mine: true }] },
    ])
    expect(await store.verify()).toMatchObject({ faults: [] })
    expect(await erased(store, 'ANN')).toEqual({ texts: 0, steps: 1 })
    await expect(erased(store, 'nobody')).rejects.toMatchObject({ code: 'unknownUser' })
  })

  test('who erased is told to those who have it, as deletions', async () => {
    const appended: Appended[] = []
    const medium = await make()
    const { store, ann } = await begun(await medium.open((told) => appended.push(...told)))
    appended.length = 0
    await erased(store, ann)
    expect(appended.map(({ entry }) => [entry.kind, entry.name, entry.target])).toEqual([
      ['deleted', 'ann', 3],
      ['deleted', 'ann', 1],
    ])
  })

  test('verify finds nothing wrong, also while much is being written', async () => {
    const { store, say } = await begin()
    const sent = Array.from({ length: 600 }, (_, at) => say('ann', 'bob', `text ${at}`))
    const verdict = await store.verify()
    expect(verdict.faults).toEqual([])
    expect(verdict).toMatchObject({ users: 3, conversations: 2 })
    await Promise.all(sent)
    expect(await store.verify()).toMatchObject({ entries: 605, faults: [] })
  })
}

const group = { name: 'ops', members: [], access: 'public', time: 9 } as const

/** One blanked at a time. */
async function erased(store: Store, user: string): Promise<{ texts: number; steps: number }> {
  let [texts, steps, after] = [0, 0, '']
  do {
    const step = await store.eraseTexts({ user, time: 40, after, limit: 1 })
    texts += step.texts
    steps += 1
    after = step.next
  } while (after !== '')
  return { texts, steps }
}

async function begun(store: Store) {
  onTestFinished(() => store.close())
  const account = (name: string) => ({ name, passwordHash: `hash of ${name}`, time: 1 })
  const ids: string[] = []
  for (const name of ['ann', 'bob', 'cleo']) {
    ids.push((await store.createAccount({ ...account(name), joins: undefined })).id)
  }
  const [ann = '', bob = '', cleo = ''] = ids
  const by: Readonly<Record<string, string>> = { ann, bob, cleo }
  const say = (from: string, to: string, text: string) =>
    store.append({
      sender: by[from] ?? '',
      kind: to.startsWith('#') ? 'group' : 'direct',
      target: to,
      nonce: randomBytes(16),
      text,
      time: 20,
    })
  await store.createGroup({ by: ann, nonce: randomBytes(16), name: 'ops', members: [bob], time: 9 })
  await say('ann', '#ops', 'to ops')
  await say('ann', 'bob', 'to bob')
  await say('bob', 'ann', 'to ann')
  const session = (user: string, byte: number) => ({
    tokenHash: Buffer.alloc(32, byte),
    user,
    device: 'd',
    time: 4,
    expires: 9,
  })
  return { store, ann, bob, cleo, say, session }
}

/** Everything, one row a page. */
async function surveyed(store: Store, of: Survey, user: string) {
  const rows: SurveyRow[] = []
  let pages = 0
  let after = ''
  do {
    const page = await store.survey({ of, user, after, limit: 1 })
    rows.push(...page.items)
    after = page.next
    pages += 1
  } while (after !== '')
  return { rows, pages }
}

/** Everything, in the smallest pages. */
async function exported(
  store: Store,
  query: Partial<Parameters<Store['exportPage']>[0]>,
): Promise<readonly SurveyRow[]> {
  const rows: SurveyRow[] = []
  let after = ''
  do {
    const page = await store.exportPage({ user: '', group: '', maxBytes: 1, ...query, after })
    rows.push(...page.items)
    after = page.next
  } while (after !== '')
  return rows
}
