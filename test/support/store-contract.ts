import { describe, expect, onTestFinished, test } from 'vitest'
import { decodeRecords } from '../../src/protocol/codec.ts'
import { CONTACTS_MAX, PAGE_ENTRIES_MAX, TEXT_BYTES_MAX } from '../../src/protocol/limits.ts'
import type { Entry, Head, User } from '../../src/protocol/messages.ts'
import type {
  Appended,
  EntryPlace,
  NewText,
  OnAppended,
  Store,
} from '../../src/server/store/store.ts'
import { newNonce } from './counted.ts'
import { PLAIN_ENTRY, PLAIN_GROUP, PLAIN_HEAD } from './plain.ts'
import { SeededRandom } from './seeded-random.ts'
import { accountLife } from './store-contract/accounts.ts'
import { changes } from './store-contract/changes.ts'
import { classicAccounts } from './store-contract/classic-accounts.ts'
import { finding } from './store-contract/finding.ts'
import { groupsWithRules } from './store-contract/groups.ts'
import { invites } from './store-contract/invites.ts'
import { mentions } from './store-contract/mentions.ts'
import { operation } from './store-contract/operation.ts'
import { places } from './store-contract/places.ts'
import { preferences } from './store-contract/preferences.ts'
import { receipts } from './store-contract/receipts.ts'
import { retention } from './store-contract/retention.ts'
import { search } from './store-contract/search.ts'
import { withheld } from './store-contract/withheld.ts'

/** Where a store keeps things: what is closed and opened again still has them. */
export type StoreMedium = Readonly<{ open: (onAppended: OnAppended) => Promise<Store> }>

/** What is examined, in parts that may run beside each other: each is a file's work for a slow medium. */
const PARTS = {
  log: [sending, repeating, announcing, pages, cursors, heads, closing, changes, mentions, places],
  people: [
    accounts,
    sessions,
    people,
    finding,
    accountLife,
    classicAccounts,
    withheld,
    receipts,
    preferences,
  ],
  groups: [groups, members, groupsWithRules, invites, search, retention],
} as const

export type ContractPart = keyof typeof PARTS

/** The examination of a store adapter. `make` makes an empty medium for each test. */
export function storeContract(
  name: string,
  make: () => StoreMedium | Promise<StoreMedium>,
  parts: readonly ContractPart[] = ['log', 'people', 'groups'],
): void {
  describe(`${name} keeps the store’s promises`, () => {
    const begin = async () => Stage.begin(await make())
    for (const examine of parts.flatMap((part): readonly Examine[] => PARTS[part])) examine(begin)
    if (parts.includes('people')) operation(make)
  })
}

type Examine = (begin: Begin) => void

export type Begin = () => Promise<Stage>

function accounts(begin: Begin): void {
  test('a name belongs to one account, whatever its case or width', async () => {
    const { store } = await begin()
    const user = await store.createAccount(account('Ａlice'))
    expect(user.name).toBe('Alice')
    expect(user.id).toMatch(/^~/)
    await expect(store.createAccount(account('ALICE'))).rejects.toMatchObject({ code: 'nameTaken' })
    expect(await store.findAccount('aliCE')).toEqual({
      user,
      passwordHash: 'hash of Ａlice',
      classic: false,
    })
    expect(await store.findAccount('nobody')).toBeUndefined()
  })

  test('of simultaneous registrations of one name one succeeds', async () => {
    const { store } = await begin()
    const outcomes = await Promise.allSettled(
      ['zoe', 'Zoe', 'ZOE'].map((name) => store.createAccount(account(name))),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('what is no name makes no account', async () => {
    const { store } = await begin()
    for (const name of ['', '~u1', '##a', 'a b', 'a'.repeat(33)]) {
      await expect(store.createAccount(account(name))).rejects.toMatchObject({ code: 'badName' })
    }
  })

  test('a user is found by name and by id, in any script', async () => {
    const { store } = await begin()
    const user = await store.createAccount(account('张三'))
    expect(await store.findUser('张三')).toEqual(user)
    expect(await store.findUser(user.id)).toEqual(user)
    for (const target of ['李四', '~u999', '~', '', `${user.id} `, '~c1']) {
      expect(await store.findUser(target)).toBeUndefined()
    }
  })

  test('a renewed password hash takes the place of the old one', async () => {
    const { store, ann } = await begin()
    await store.setPasswordHash(ann.id, 'new')
    expect(await store.findAccount('ann')).toMatchObject({ passwordHash: 'new' })
    await expect(store.setPasswordHash('~u999', 'x')).rejects.toMatchObject({ code: 'unknownUser' })
  })

  test('with a new password all sessions end but one', async () => {
    const { store, ann, bob } = await begin()
    const [kept, other, bobs] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte))
    if (kept === undefined || other === undefined || bobs === undefined) throw new Error('none')
    for (const [tokenHash, { id }] of [
      [kept, ann],
      [other, ann],
      [bobs, bob],
    ] as const) {
      await store.createSession({ tokenHash, user: id, device: 'd', time: 10, expires: 20 })
    }
    const ended = await store.changePassword(ann.id, 'new', kept)
    expect(ended.map((hash) => Buffer.from(hash))).toEqual([other])
    expect(await store.findAccount('ann')).toMatchObject({ passwordHash: 'new' })
    expect(await store.sessionsAlive([kept, other, bobs], 15)).toEqual([true, false, true])
    const nobody = store.changePassword('~u999', 'x', kept)
    await expect(nobody).rejects.toMatchObject({ code: 'unknownUser' })
  })

  test('a new account is in the group it joins, which has no owner and begins with the first', async () => {
    const stage = await begin()
    const one = await stage.store.createAccount({ ...account('one'), joins: 'lobby' })
    const two = await stage.store.createAccount({ ...account('two'), joins: '#Lobby' })
    const [head] = await stage.headsOf(two)
    expect(head).toMatchObject({ name: 'lobby', last: 2, from: 1, read: 2, members: 2, n: 0 })
    const listed = await stage.store.members({ user: two.id, group: 'lobby', after: '', limit: 9 })
    expect(listed.items).toEqual([
      { user: one, role: 'member', classic: false },
      { user: two, role: 'member', classic: false },
    ])
    expect(stage.lines(head?.conversation)).toEqual(['1 joined one', '2 joined two'])
  })

  test('an account that is refused leaves no trace in the group', async () => {
    const stage = await begin()
    const one = await stage.store.createAccount({ ...account('one'), joins: 'lobby' })
    const again = stage.store.createAccount({ ...account('one'), joins: 'lobby' })
    await expect(again).rejects.toMatchObject({ code: 'nameTaken' })
    expect(await stage.headsOf(one)).toMatchObject([{ last: 1, members: 1 }])
  })
}

function sessions(begin: Begin): void {
  test('a session is its user’s until it expires, and can be prolonged but not cut', async () => {
    const { store, ann } = await begin()
    const tokenHash = Buffer.alloc(32, 1)
    await store.createSession({ tokenHash, user: ann.id, device: 'd', time: 10, expires: 20 })
    expect(await store.findSession(Buffer.alloc(32, 2), 15)).toBeUndefined()
    expect(await store.findSession(tokenHash, 19)).toEqual({ user: ann, expires: 20 })
    expect(await store.findSession(tokenHash, 20)).toBeUndefined()
    await store.prolongSession(tokenHash, 19, 30)
    await store.prolongSession(tokenHash, 19, 25)
    await store.prolongSession(Buffer.alloc(32, 2), 19, 30)
    expect(await store.findSession(tokenHash, 29)).toEqual({ user: ann, expires: 30 })
    expect(await store.findSession(tokenHash, 30)).toBeUndefined()
    expect(await store.findSession(Buffer.alloc(32, 2), 15)).toBeUndefined()
  })

  test('a session that was deleted is nobody’s, and deleting it again does no harm', async () => {
    const { store, ann } = await begin()
    const tokenHash = Buffer.alloc(32, 1)
    await store.createSession({ tokenHash, user: ann.id, device: 'd', time: 10, expires: 20 })
    await store.deleteSession(tokenHash)
    await store.deleteSession(tokenHash)
    expect(await store.findSession(tokenHash, 11)).toBeUndefined()
  })

  test('a new session clears away those of that user that have expired, and no other', async () => {
    const { store, ann, bob } = await begin()
    const session = { device: 'd', time: 10, expires: 20 }
    await store.createSession({ ...session, tokenHash: Buffer.alloc(32, 1), user: ann.id })
    await store.createSession({ ...session, tokenHash: Buffer.alloc(32, 2), user: bob.id })
    const later = { device: 'd', time: 20, expires: 30 }
    await store.createSession({ ...later, tokenHash: Buffer.alloc(32, 3), user: ann.id })
    expect(await store.findSession(Buffer.alloc(32, 1), 15)).toBeUndefined()
    expect(await store.findSession(Buffer.alloc(32, 2), 15)).toEqual({ user: bob, expires: 20 })
  })
}

function sending(begin: Begin): void {
  test('messages of a direct conversation get 1, 2, 3, … from both sides', async () => {
    const stage = await begin()
    const { ann, bob } = stage
    const places = [
      await stage.say(ann, 'bob', 'hello'),
      await stage.say(bob, ann.id, 'hi'),
      await stage.say(ann, 'BOB', 'how are you?'),
    ]
    expect(places.map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect(new Set(places.map(({ conversation }) => conversation)).size).toBe(1)
    const page = await stage.page(bob, places[0]?.conversation)
    expect(page.entries.map(({ from, name, text, n }) => [from, name, text, n])).toEqual([
      [ann.id, 'ann', 'hello', 1],
      [bob.id, 'bob', 'hi', 2],
      [ann.id, 'ann', 'how are you?', 3],
    ])
  })

  test('simultaneous first messages of two people begin one conversation', async () => {
    const { store, ann, bob } = await begin()
    const places = await Promise.all([
      store.append(message(ann, bob.id)),
      store.append(message(bob, ann.id)),
    ])
    expect(places[0]?.conversation).toBe(places[1]?.conversation)
    expect(places.map(({ seq }) => seq).sort()).toEqual([1, 2])
  })

  test('a message to oneself is a note', async () => {
    const stage = await begin()
    const { conversation } = await stage.say(stage.ann, 'ann', 'buy milk')
    expect(await stage.headsOf(stage.ann)).toMatchObject([
      { conversation, peer: stage.ann, last: 1, readN: 1 },
    ])
    expect(stage.appended.at(-1)?.between).toEqual([stage.ann.id, stage.ann.id])
  })

  test('calls that are made at once are carried out in their order, without gaps', async () => {
    const stage = await begin()
    const { ann, bob, group } = await withGroup(stage)
    const sent = Array.from({ length: 600 }, (_, index) =>
      stage.say(index % 2 === 0 ? ann : bob, group, `${index}`),
    )
    const places = await Promise.all(sent)
    const [first] = places
    expect(places.map(({ seq }) => seq)).toEqual(
      places.map((_, index) => (first?.seq ?? 0) + index),
    )
    const texts = (await stage.all(ann, group)).filter(({ kind }) => kind === 'text')
    expect(texts.map(({ text }) => text)).toEqual(places.map((_, index) => `${index}`))
    expect(texts.map(({ n }) => n)).toEqual(places.map((_, index) => index + 1))
  })

  test('calls that are made while others are carried out come after them', async () => {
    const stage = await begin()
    const sent: Promise<EntryPlace>[] = []
    for (let turn = 0; turn < 30; turn += 1) {
      for (let index = 0; index < 30; index += 1) {
        sent.push(stage.say(stage.ann, 'bob', `${turn}: ${index}`))
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    const places = await Promise.all(sent)
    expect(places.map(({ seq }) => seq)).toEqual(places.map((_, index) => index + 1))
    const { conversation } = places[0] ?? { conversation: '' }
    const log = await stage.all(stage.ann, conversation)
    const order = log.map((_, index) => `${Math.floor(index / 30)}: ${index % 30}`)
    expect(log.map(({ text }) => text)).toEqual(order)
    expect(stage.told(conversation)).toEqual(log)
  })

  test('time never runs backwards within a conversation', async () => {
    const { store, ann, bob } = await begin()
    const times = []
    for (const time of [1_000, 400, 1_001]) {
      times.push((await store.append({ ...message(ann, bob.id), time })).time)
    }
    expect(times).toEqual([1_000, 1_000, 1_001])
  })

  test('a text is kept as it is', async () => {
    const stage = await begin()
    const texts = [
      'a\tb',
      '👩‍👩‍👧',
      '换行\n',
      ' ',
      'é',
      '字'.repeat(Math.floor(TEXT_BYTES_MAX / 3)),
    ]
    for (const text of texts) await stage.say(stage.ann, 'bob', text)
    const [head] = await stage.headsOf(stage.bob)
    const kept = await stage.all(stage.bob, head?.conversation)
    expect(kept.map(({ text }) => text)).toEqual(texts)
    expect(kept.every(({ nonce }) => Buffer.isBuffer(nonce) && nonce.length === 16)).toBe(true)
  })

  test('whom one cannot write to is said, and nothing is appended', async () => {
    const stage = await begin()
    const { ann, cleo, group } = await withGroup(stage)
    const before = stage.appended.length
    const refused = (text: NewText) => expect(stage.store.append(text)).rejects
    await refused(message(ann, 'nobody')).toMatchObject({ code: 'unknownUser' })
    await refused(message(ann, '~u999')).toMatchObject({ code: 'unknownUser' })
    await refused(message(ann, 'nothing', 'group')).toMatchObject({ code: 'unknownGroup' })
    await refused(message(ann, ann.id, 'group')).toMatchObject({ code: 'unknownGroup' })
    await refused(message(cleo, group, 'group')).toMatchObject({ code: 'notMember' })
    await refused({ ...message(ann, 'bob'), nonce: Buffer.alloc(0) }).toMatchObject({
      code: 'badRequest',
    })
    expect(stage.appended).toHaveLength(before)
  })

  test('a refusal leaves alone what was asked at the same time', async () => {
    const stage = await begin()
    const { ann, cleo, group } = await withGroup(stage)
    const outcomes = await Promise.allSettled([
      stage.say(ann, group, 'one'),
      stage.say(cleo, group, 'stranger'),
      stage.store.createAccount(account('ann')),
      stage.say(ann, group, 'two'),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ])
    expect((await stage.all(ann, group)).slice(-2).map(({ text }) => text)).toEqual(['one', 'two'])
  })
}

function repeating(begin: Begin): void {
  test('a repeated nonce answers with the first one’s place and appends nothing', async () => {
    const stage = await begin()
    const text = message(stage.ann, 'bob')
    const first = await stage.store.append(text)
    await stage.say(stage.bob, 'ann', 'between')
    const before = stage.appended.length
    expect(await stage.store.append({ ...text, time: text.time + 9_000 })).toEqual(first)
    expect(stage.appended).toHaveLength(before)
    expect(await stage.all(stage.ann, first.conversation)).toHaveLength(2)
  })

  test('repetitions that are made at once get one place', async () => {
    const stage = await begin()
    const text = message(stage.ann, 'bob')
    const places = await Promise.all([1, 2, 3].map(() => stage.store.append(text)))
    expect(new Set(places.map(({ seq }) => seq))).toEqual(new Set([1]))
  })

  test('a nonce is known after a restart, long after it was used', async () => {
    const stage = await begin()
    const { ann, group } = await withGroup(stage)
    const text = message(ann, group, 'group')
    const first = await stage.store.append(text)
    await Promise.all(Array.from({ length: 600 }, () => stage.say(ann, group, 'later')))
    expect(await stage.store.append(text)).toEqual(first)
    await stage.reopen()
    expect(await stage.store.append(text)).toEqual(first)
  })

  test('a repetition after quitting still gets its seq; a new message does not', async () => {
    const stage = await begin()
    const { bob, group } = await withGroup(stage)
    const text = message(bob, group, 'group')
    const first = await stage.store.append(text)
    await stage.store.quit(bob.id, group, 50)
    expect(await stage.store.append(text)).toEqual(first)
    await expect(stage.store.append(message(bob, group, 'group'))).rejects.toMatchObject({
      code: 'notMember',
    })
  })

  test('the same nonce with another text is an error, before and after a restart', async () => {
    const stage = await begin()
    const text = message(stage.ann, 'bob')
    await stage.store.append(text)
    const other = { ...text, text: 'something else' }
    await expect(stage.store.append(other)).rejects.toMatchObject({ code: 'nonceReused' })
    await stage.reopen()
    await expect(stage.store.append(other)).rejects.toMatchObject({ code: 'nonceReused' })
  })

  test('a nonce is one’s own, and each conversation’s', async () => {
    const stage = await begin()
    const text = message(stage.ann, 'bob')
    await stage.store.append(text)
    const bobs = { ...message(stage.bob, 'ann'), nonce: text.nonce, text: 'mine' }
    expect(await stage.store.append(bobs)).toMatchObject({ seq: 2 })
    expect(await stage.store.append({ ...text, target: 'cleo' })).toMatchObject({ seq: 1 })
  })
}

function announcing(begin: Begin): void {
  test('what is appended is told once, in order, before its sender knows', async () => {
    const stage = await begin()
    const text = message(stage.ann, 'bob')
    const place = await stage.store.append(text)
    expect(stage.appended).toEqual([
      {
        conversation: place.conversation,
        between: [stage.ann.id, stage.bob.id],
        entry: {
          seq: 1,
          time: text.time,
          from: stage.ann.id,
          name: 'ann',
          kind: 'text',
          text: text.text,
          nonce: text.nonce,
          n: 1,
          ...PLAIN_ENTRY,
        },
      },
    ])
  })

  test('what is told is what is read later', async () => {
    const stage = await begin()
    const { ann, bob, cleo, group } = await withGroup(stage)
    const { store } = stage
    await Promise.all([
      stage.say(ann, group, 'one'),
      store.join(cleo.id, group, 60),
      stage.say(bob, group, 'two'),
      store.quit(bob.id, group, 70),
      stage.say(cleo, group, 'three'),
    ])
    expect(stage.told(group)).toEqual(await stage.all(ann, group))
    expect(await store.read(group, 0, 1_000)).toEqual(stage.told(group))
    expect(stage.lines(group)).toEqual([
      '1 created ann',
      '2 added ann bob',
      '3 text ann',
      '4 joined cleo',
      '5 text bob',
      '6 quit bob',
      '7 text cleo',
    ])
  })
}

function pages(begin: Begin): void {
  const seqs = (page: Readonly<{ entries: readonly Entry[] }>) => page.entries.map(({ seq }) => seq)

  test('a page is the newest, or before, after or around a seq', async () => {
    const stage = await begin()
    const conversation = await conversationOf(stage, 20)
    const page = async (query: Partial<Parameters<Store['page']>[0]>) =>
      seqs(await stage.page(stage.bob, conversation, { limit: 5, ...query }))
    expect(await page({})).toEqual([16, 17, 18, 19, 20])
    expect(await page({ before: 10 })).toEqual([5, 6, 7, 8, 9])
    expect(await page({ before: 3 })).toEqual([1, 2])
    expect(await page({ before: 1 })).toEqual([])
    expect(await page({ before: 99 })).toEqual([16, 17, 18, 19, 20])
    expect(await page({ after: 10 })).toEqual([11, 12, 13, 14, 15])
    expect(await page({ after: 18 })).toEqual([19, 20])
    expect(await page({ after: 20 })).toEqual([])
    expect(await page({ around: 10 })).toEqual([8, 9, 10, 11, 12])
    expect(await page({ around: 2 })).toEqual([1, 2, 3, 4, 5])
    expect(await page({ around: 19 })).toEqual([16, 17, 18, 19, 20])
    expect(await page({ around: 10, limit: 1 })).toEqual([10])
  })

  test('a page may have entries of long ago and of just now', async () => {
    const stage = await begin()
    const conversation = await conversationOf(stage, 300)
    for (let index = 0; index < 6; index += 1) await stage.say(stage.ann, 'bob', 'just now')
    const page = async (query: Partial<Parameters<Store['page']>[0]>) => {
      const found = seqs(await stage.page(stage.bob, conversation, { limit: 10, ...query }))
      expect(found).toEqual(found.map((_, index) => (found[0] ?? 0) + index))
      return [found[0], found.at(-1)]
    }
    expect(await page({})).toEqual([297, 306])
    expect(await page({ before: 304 })).toEqual([294, 303])
    expect(await page({ before: 301 })).toEqual([291, 300])
    expect(await page({ after: 297 })).toEqual([298, 306])
    expect(await page({ after: 301, limit: 2 })).toEqual([302, 303])
    expect(await page({ around: 300 })).toEqual([296, 305])
    const raw = await stage.store.read(conversation, 298, 5)
    expect(raw.map(({ seq }) => seq)).toEqual([299, 300, 301, 302, 303])
  })

  test('a page names the first seq one may see and the last there is', async () => {
    const stage = await begin()
    const conversation = await conversationOf(stage, 5)
    const page = await stage.page(stage.bob, conversation, { before: 3, limit: 1 })
    expect(page).toMatchObject({ first: 1, last: 5 })
  })

  test('a page is cut by bytes on its far side, but never to nothing', async () => {
    const stage = await begin()
    const conversation = await conversationOf(stage, 12, 'x'.repeat(1_000))
    const page = async (query: Partial<Parameters<Store['page']>[0]>) =>
      seqs(await stage.page(stage.bob, conversation, { limit: 12, maxBytes: 4_000, ...query }))
    expect(await page({})).toEqual([10, 11, 12])
    expect(await page({ before: 6 })).toEqual([3, 4, 5])
    expect(await page({ after: 6 })).toEqual([7, 8, 9])
    expect(await page({ around: 6 })).toEqual([5, 6, 7])
    expect(await page({ maxBytes: 1 })).toEqual([12])
    expect(await page({ after: 6, maxBytes: 1 })).toEqual([7])
    expect(await page({ around: 6, maxBytes: 1 })).toEqual([6])
  })

  test('a page without limit has as many as a page may have', async () => {
    const stage = await begin()
    const conversation = await conversationOf(stage, PAGE_ENTRIES_MAX + 1, '')
    const page = await stage.page(stage.bob, conversation, { limit: 0, maxBytes: 1e9 })
    expect(page.entries).toHaveLength(PAGE_ENTRIES_MAX)
  })

  test('a log cannot be paged by who is not in it', async () => {
    const stage = await begin()
    const { bob, cleo, group } = await withGroup(stage)
    const direct = await conversationOf(stage, 1)
    const refused = (user: User, conversation: string) =>
      expect(stage.page(user, conversation)).rejects.toMatchObject({ code: 'unknownConversation' })
    await refused(cleo, direct)
    await refused(cleo, group)
    await refused(cleo, '~c999')
    await refused(cleo, 'ops')
    await stage.store.quit(bob.id, group, 5)
    await refused(bob, group)
  })

  test('raw entries are read above a seq, so many at a time', async () => {
    const stage = await begin()
    const conversation = await conversationOf(stage, 10)
    const read = async (after: number, limit: number) =>
      (await stage.store.read(conversation, after, limit)).map(({ seq }) => seq)
    expect(await read(0, 3)).toEqual([1, 2, 3])
    expect(await read(8, 99)).toEqual([9, 10])
    expect(await read(10, 99)).toEqual([])
    expect(await stage.store.read('~c999', 0, 10)).toEqual([])
  })
}

function cursors(begin: Begin): void {
  test('cursors only move forward, and not beyond the last seq', async () => {
    const stage = await begin()
    const conversation = await conversationOf(stage, 10)
    const move = async (delivered: number, read: number) => {
      const user = stage.bob.id
      const [at] = await stage.store.moveCursors([{ user, conversation, delivered, read }])
      return [at?.delivered, at?.read, at?.readN]
    }
    expect(await move(4, 0)).toEqual([4, 0, 0])
    expect(await move(3, 2)).toEqual([4, 2, 2])
    expect(await move(0, 6)).toEqual([6, 6, 6])
    expect(await move(0, 0)).toEqual([6, 6, 6])
    expect(await move(99, 0)).toEqual([10, 6, 6])
    expect(await move(0, 99)).toEqual([10, 10, 10])
    await stage.reopen()
    expect(await move(1, 1)).toEqual([10, 10, 10])
  })

  test('moves of memberships that do not exist are left out', async () => {
    const stage = await begin()
    const conversation = await conversationOf(stage, 2)
    const at = { delivered: 1, read: 1 }
    const moved = await stage.store.moveCursors([
      { user: stage.cleo.id, conversation, ...at },
      { user: stage.bob.id, conversation: '~c999', ...at },
      { user: '~u999', conversation, ...at },
      { user: stage.bob.id, conversation, ...at },
    ])
    expect(moved).toMatchObject([{ user: stage.bob.id, conversation, ...at, readN: 1 }])
  })

  test('joins and quits do not count as unread, and readN counts messages only', async () => {
    const stage = await begin()
    const { ann, bob, cleo, group } = await withGroup(stage)
    await stage.say(ann, group, 'one')
    await stage.store.join(cleo.id, group, 5)
    await stage.say(ann, group, 'two')
    await stage.store.quit(cleo.id, group, 6)
    const [before] = await stage.headsOf(bob)
    expect(before).toMatchObject({ last: 6, n: 2, readN: 0, read: 2 })
    const move = { user: bob.id, conversation: group, delivered: 4, read: 4 }
    expect(await stage.store.moveCursors([move])).toMatchObject([{ read: 4, readN: 1 }])
  })

  test('sending moves one’s own cursors, also over a restart, and nobody else’s', async () => {
    const stage = await begin()
    await conversationOf(stage, 3)
    await stage.say(stage.bob, 'ann', 'answer')
    const own = { last: 4, delivered: 4, read: 4, readN: 4 }
    const others = { delivered: 3, read: 3, readN: 3 }
    expect(await stage.headsOf(stage.bob)).toMatchObject([own])
    expect(await stage.headsOf(stage.ann)).toMatchObject([others])
    await stage.reopen()
    expect(await stage.headsOf(stage.bob)).toMatchObject([own])
    expect(await stage.headsOf(stage.ann)).toMatchObject([others])
  })
}

function heads(begin: Begin): void {
  test('a head says where a conversation stands for that member', async () => {
    const stage = await begin()
    const conversation = await conversationOf(stage, 2)
    const head = {
      conversation,
      kind: 'direct',
      name: '',
      first: 1,
      from: 1,
      last: 2,
      n: 2,
      time: stage.appended.at(-1)?.entry.time,
      role: 'member',
      members: 0,
      ...PLAIN_HEAD,
      access: 'unknown',
    }
    expect(await stage.headsOf(stage.ann)).toEqual([
      { ...head, peer: stage.bob, delivered: 2, read: 2, readN: 2 },
    ])
    expect(await stage.headsOf(stage.bob)).toEqual([
      { ...head, peer: stage.ann, delivered: 0, read: 0, readN: 0 },
    ])
    expect(await stage.headsOf(stage.cleo)).toEqual([])
  })

  test('heads come in pages, each conversation once', async () => {
    const stage = await begin()
    for (const name of ['a', 'b', 'c', 'd', 'e']) await stage.make(stage.ann, name, [])
    const found: Head[] = []
    let after = ''
    do {
      const query = { user: stage.ann.id, after, limit: 2, conversations: [] }
      const page = await stage.store.heads(query)
      expect(page.items.length).toBeLessThanOrEqual(2)
      found.push(...page.items)
      after = page.next
    } while (after !== '')
    expect(found.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('a list that ends with its page is not continued', async () => {
    const stage = await begin()
    for (const name of ['a', 'b']) await stage.make(stage.ann, name, [])
    const query = { user: stage.ann.id, after: '', limit: 2, conversations: [] }
    expect(await stage.store.heads(query)).toMatchObject({ next: '' })
  })

  test('named heads are given, those of others are left out', async () => {
    const stage = await begin()
    const { ann, cleo, group } = await withGroup(stage)
    const own = await stage.make(cleo, 'own', [])
    const conversations = [group, own, '~c999', 'own']
    const query = { user: ann.id, after: '', limit: 9, conversations }
    expect((await stage.store.heads(query)).items.map(({ name }) => name)).toEqual(['ops'])
  })
}

function groups(begin: Begin): void {
  test('a group is made with its first members, its maker the owner', async () => {
    const stage = await begin()
    const { ann, bob, cleo, store } = stage
    const targets = ['bob', cleo.id, 'BOB', 'ann']
    const group = { by: ann.id, nonce: newNonce(), name: '#Ops', members: targets, time: 40 }
    const made = await store.createGroup(group)
    const { id } = made.group
    expect(made).toEqual({
      group: { id, name: 'Ops', members: 3, joined: true, ...PLAIN_GROUP },
      members: [ann.id, bob.id, cleo.id],
      made: true,
    })
    expect(stage.lines(id)).toEqual(['1 created ann', '2 added ann bob', '3 added ann cleo'])
    expect(stage.told(id)[1]).toMatchObject({ from: ann.id, subject: bob, n: 0, time: 40 })
    const state = (user: User) => stage.headsOf(user)
    expect(await state(ann)).toMatchObject([{ role: 'owner', from: 1, read: 1, delivered: 1 }])
    expect(await state(cleo)).toMatchObject([{ role: 'member', from: 1, read: 3, delivered: 3 }])
  })

  test('a repeated creation answers with the same group, also after a restart', async () => {
    const stage = await begin()
    const { ann } = stage
    const group = { by: ann.id, nonce: newNonce(), name: 'ops', members: ['bob'], time: 40 }
    const made = await stage.store.createGroup(group)
    await stage.store.quit(stage.bob.id, 'ops', 41)
    await stage.reopen()
    const again = await stage.store.createGroup(group)
    const left = { ...made.group, members: 1 }
    expect(again).toEqual({ group: left, members: [], made: false })
    expect(stage.appended).toHaveLength(0)
    await expect(stage.store.createGroup({ ...group, name: 'other' })).rejects.toMatchObject({
      code: 'nonceReused',
    })
  })

  test('a group that cannot be made leaves nothing behind', async () => {
    const stage = await begin()
    const { ann, group } = await withGroup(stage)
    const before = stage.appended.length
    const draft = {
      by: ann.id,
      nonce: newNonce(),
      name: 'new',
      members: ['bob', 'nobody'],
      time: 1,
    }
    const refused = (change: object) =>
      expect(stage.store.createGroup({ ...draft, ...change })).rejects
    await refused({}).toMatchObject({
      code: 'unknownUser',
      message: expect.stringContaining('nobody'),
    })
    await refused({ members: [], name: 'OPS' }).toMatchObject({ code: 'nameTaken' })
    await refused({ members: [], name: 'a b' }).toMatchObject({ code: 'badName' })
    await refused({ members: [], name: group }).toMatchObject({ code: 'badName' })
    expect(stage.appended).toHaveLength(before)
    const made = await stage.store.createGroup({ ...draft, members: [] })
    expect(made).toMatchObject({ made: true, group: { name: 'new' } })
  })

  test('groups and users may have the same name', async () => {
    const stage = await begin()
    expect(await stage.make(stage.ann, 'bob', [])).toMatch(/^~/)
  })

  test('who joins reads a public group from its beginning, and has nothing unread', async () => {
    const stage = await begin()
    const { ann, cleo, group } = await withGroup(stage)
    await stage.say(ann, group, 'before')
    const joined = await stage.store.join(cleo.id, '#ops', 50)
    expect(joined).toEqual({
      group: { id: group, name: 'ops', members: 3, joined: true, ...PLAIN_GROUP },
      seq: 4,
    })
    expect(await stage.headsOf(cleo)).toMatchObject([
      { from: 1, delivered: 4, read: 4, readN: 1, n: 1, role: 'member' },
    ])
    expect(await stage.all(cleo, group)).toHaveLength(4)
  })

  test('joining again changes nothing; joining at once joins once', async () => {
    const stage = await begin()
    const { cleo, group } = await withGroup(stage)
    const join = () => stage.store.join(cleo.id, group, 50)
    const [first, second] = await Promise.all([join(), join()])
    expect(second).toEqual(first)
    expect(await join()).toEqual(first)
    expect(stage.lines(group).slice(2)).toEqual(['3 joined cleo'])
  })

  test('quitting again changes nothing', async () => {
    const stage = await begin()
    const { bob, group } = await withGroup(stage)
    expect(await stage.store.quit(bob.id, '#OPS', 50)).toEqual({ group, seq: 3 })
    expect(await stage.store.quit(bob.id, group, 50)).toEqual({ group, seq: 0 })
    expect(stage.lines(group).slice(2)).toEqual(['3 quit bob'])
    expect(await stage.headsOf(bob)).toEqual([])
  })

  test('who comes back begins anew, and the old place leaves no trace', async () => {
    const stage = await begin()
    const { ann, bob, group } = await withGroup(stage)
    await stage.say(bob, group, 'one')
    await stage.store.quit(bob.id, group, 50)
    await stage.say(ann, group, 'two')
    expect(await stage.store.join(bob.id, group, 60)).toMatchObject({ seq: 6 })
    const head = { from: 1, delivered: 6, read: 6, readN: 2, role: 'member' }
    expect(await stage.headsOf(bob)).toMatchObject([head])
    await stage.reopen()
    expect(await stage.headsOf(bob)).toMatchObject([head])
  })

  test('an emptied group keeps its name and log, and its next member owns nothing', async () => {
    const stage = await begin()
    const { ann, bob, cleo, group } = await withGroup(stage)
    await stage.store.quit(ann.id, group, 50)
    await stage.store.quit(bob.id, group, 50)
    await expect(stage.make(cleo, 'ops', [])).rejects.toMatchObject({ code: 'nameTaken' })
    await stage.store.join(cleo.id, group, 60)
    expect(await stage.headsOf(cleo)).toMatchObject([{ role: 'member', members: 1, last: 6 }])
  })

  test('what is no group cannot be joined, quit or listed', async () => {
    const { store, ann, ...stage } = await begin()
    const direct = (await stage.say(ann, 'bob', 'hi')).conversation
    for (const group of ['nothing', '~c999', '', '#', direct]) {
      const code = { code: 'unknownGroup' }
      await expect(store.join(ann.id, group, 1)).rejects.toMatchObject(code)
      await expect(store.quit(ann.id, group, 1)).rejects.toMatchObject(code)
      const query = { user: ann.id, group, after: '', limit: 9 }
      await expect(store.members(query)).rejects.toMatchObject(code)
    }
  })
}

function members(begin: Begin): void {
  test('members are listed in the order of joining, in pages', async () => {
    const stage = await begin()
    const { ann, bob, cleo, group } = await withGroup(stage)
    await stage.store.join(cleo.id, group, 50)
    await stage.store.quit(bob.id, group, 50)
    await stage.store.join(bob.id, group, 50)
    const list = (after: string) =>
      stage.store.members({ user: ann.id, group: '#ops', after, limit: 2 })
    const first = await list('')
    expect(first).toMatchObject({
      group,
      items: [
        { user: ann, role: 'owner' },
        { user: cleo, role: 'member' },
      ],
    })
    expect(await list(first.next)).toEqual({
      group,
      items: [{ user: bob, role: 'member', classic: false }],
      next: '',
    })
  })

  test('only members may list them', async () => {
    const stage = await begin()
    const { bob, cleo, group } = await withGroup(stage)
    const list = (user: User) => stage.store.members({ user: user.id, group, after: '', limit: 9 })
    await expect(list(cleo)).rejects.toMatchObject({ code: 'notMember' })
    await stage.store.quit(bob.id, group, 50)
    await expect(list(bob)).rejects.toMatchObject({ code: 'notMember' })
  })

  test('the first members of a conversation are known to its members', async () => {
    const stage = await begin()
    const { ann, bob, cleo, group } = await withGroup(stage)
    await stage.store.join(cleo.id, group, 50)
    const direct = await conversationOf(stage, 1)
    const first = (user: User, conversation: string, limit: number) =>
      stage.store.firstMembers(user.id, conversation, limit)
    expect(await first(bob, group, 2)).toEqual([ann.id, bob.id])
    expect(await first(bob, group, 9)).toEqual([ann.id, bob.id, cleo.id])
    expect(await first(bob, direct, 9)).toEqual([ann.id, bob.id])
    const refusal = { code: 'unknownConversation' }
    await expect(first(cleo, direct, 9)).rejects.toMatchObject(refusal)
    await expect(first(cleo, '~c999', 9)).rejects.toMatchObject(refusal)
  })

  test('the groups of a user are told with their last seq, without direct conversations', async () => {
    const stage = await begin()
    const { ann, bob, cleo, group } = await withGroup(stage)
    await conversationOf(stage, 1)
    await stage.say(ann, group, 'hi')
    expect(await stage.store.groupsOf(bob.id)).toEqual([{ group, last: 3 }])
    expect(await stage.store.groupsOf(cleo.id)).toEqual([])
  })
}

function people(begin: Begin): void {
  test('contacts come and go, each once', async () => {
    const { store, ann, bob, cleo } = await begin()
    const listed = (user: User) => ({ user, removed: false, blocked: false })
    const unlisted = (user: User) => ({ user, removed: true, blocked: false })
    expect(await store.addContact(ann.id, 'bob')).toEqual(listed(bob))
    expect(await store.addContact(ann.id, bob.id)).toEqual(listed(bob))
    expect(await store.addContact(ann.id, 'cleo')).toEqual(listed(cleo))
    const both = { items: [listed(bob), listed(cleo)], next: '' }
    expect(await store.contacts(ann.id, '', 9)).toEqual(both)
    expect(await store.contacts(bob.id, '', 9)).toEqual({ items: [], next: '' })
    expect(await store.removeContact(ann.id, 'BOB')).toEqual(unlisted(bob))
    expect(await store.removeContact(ann.id, 'bob')).toEqual(unlisted(bob))
    expect(await store.contacts(ann.id, '', 9)).toEqual({ items: [listed(cleo)], next: '' })
    const unknown = { code: 'unknownUser' }
    await expect(store.addContact(ann.id, 'nobody')).rejects.toMatchObject(unknown)
    await expect(store.removeContact(ann.id, 'nobody')).rejects.toMatchObject(unknown)
  })

  test('contacts come in pages and are limited', async () => {
    const { store, ann } = await begin()
    const users = await Promise.all(
      Array.from({ length: CONTACTS_MAX + 1 }, (_, index) =>
        store.createAccount(account(`u${index}`)),
      ),
    )
    const last = users.at(-1)?.id ?? ''
    for (const { id } of users.slice(0, -1)) void store.addContact(ann.id, id)
    await expect(store.addContact(ann.id, last)).rejects.toMatchObject({ code: 'tooMany' })
    await store.addContact(ann.id, users[0]?.id ?? '')
    const first = await store.contacts(ann.id, '', 600)
    const second = await store.contacts(ann.id, first.next, 600)
    const found = [...first.items, ...second.items].map(({ user }) => user)
    expect(found).toEqual(users.slice(0, -1))
    expect(second.next).toBe('')
  })

  test('the circle is contacts and direct partners, each once and without oneself', async () => {
    const stage = await begin()
    const { store, ann, bob, cleo } = stage
    await stage.say(ann, 'ann', 'a note')
    await stage.say(bob, 'ann', 'hi')
    await store.addContact(ann.id, 'bob')
    await store.addContact(ann.id, 'cleo')
    await store.addContact(ann.id, 'ann')
    expect([...(await store.circle(ann.id))].sort()).toEqual([bob.id, cleo.id])
    expect(await store.circle(bob.id)).toEqual([ann.id])
    expect(await store.circle(cleo.id)).toEqual([])
  })

  test('users and groups are found by how their names begin', async () => {
    const stage = await begin()
    const { store, ann } = stage
    const anna = await store.createAccount(account('Anna'))
    const wang = await store.createAccount(account('王芳'))
    const small = await stage.make(ann, 'annual', [])
    const large = await stage.make(anna, 'Announcements', ['bob', 'cleo'])
    const found = await store.find(ann.id, 'AN', 10)
    expect(found.users).toEqual([ann, anna])
    expect(found.groups).toEqual([
      { id: large, name: 'Announcements', members: 3, joined: false, ...PLAIN_GROUP },
      { id: small, name: 'annual', members: 1, joined: true, ...PLAIN_GROUP },
    ])
    expect((await store.find(ann.id, '王', 10)).users).toEqual([wang])
    expect((await store.find(ann.id, 'an', 1)).users).toEqual([ann])
    expect((await store.find(ann.id, '#annu', 10)).groups).toHaveLength(1)
    expect(await store.find(ann.id, 'x', 10)).toEqual(NOTHING_FOUND)
    expect(await store.find(ann.id, '%', 10)).toEqual(NOTHING_FOUND)
  })

  test('without a beginning groups are found, the largest first, and no users', async () => {
    const stage = await begin()
    await stage.make(stage.ann, 'small', [])
    await stage.make(stage.ann, 'large', ['bob', 'cleo'])
    await stage.make(stage.ann, 'middle', ['bob'])
    for (const text of ['', '#']) {
      const { users, groups: found } = await stage.store.find(stage.cleo.id, text, 2)
      expect(users).toEqual([])
      expect(found.map(({ name }) => name)).toEqual(['large', 'middle'])
    }
  })
}

function closing(begin: Begin): void {
  test('closing carries out what was asked before, and refuses what comes after', async () => {
    const stage = await begin()
    const { store, ann } = stage
    const sent = Array.from({ length: 300 }, (_, index) => stage.say(ann, 'bob', `${index}`))
    const closed = store.close()
    await expect(store.append(message(ann, 'bob'))).rejects.toMatchObject({ code: 'unavailable' })
    const places = await Promise.all(sent)
    await closed
    await store.close()
    await stage.reopen()
    const kept = await stage.all(ann, places[0]?.conversation)
    expect(kept.map(({ text }) => text)).toEqual(places.map((_, index) => `${index}`))
  })

  test('everything is there after a restart, whatever was done between', async () => {
    const stage = await begin()
    const people = [stage.ann, stage.bob, stage.cleo]
    const { group } = await withGroup(stage)
    const random = new SeededRandom(7).next
    for (let round = 0; round < 6; round += 1) {
      await Promise.allSettled(Array.from({ length: 80 }, () => act(stage, people, group, random)))
      const before = await Promise.all(people.map((person) => stage.stateOf(person)))
      await stage.reopen()
      expect(await Promise.all(people.map((person) => stage.stateOf(person)))).toEqual(before)
    }
  })
}

/** Something that one of them could do. */
function act(
  stage: Stage,
  people: readonly User[],
  group: string,
  random: () => number,
): Promise<unknown> {
  const pick = () => people[Math.floor(random() * people.length)] ?? stage.ann
  const chance = random()
  if (chance < 0.4) return stage.say(pick(), group, `${random()}`)
  if (chance < 0.7) return stage.say(pick(), pick().id, `${random()}`)
  if (chance < 0.8) return stage.store.join(pick().id, group, 5)
  if (chance < 0.85) return stage.store.quit(pick().id, group, 5)
  if (chance < 0.87) return stage.page(pick(), group)
  const text = { user: pick().id, conversation: group, seq: Math.floor(random() * 60), time: 5 }
  if (chance < 0.91) return stage.store.edit({ ...text, text: `@ann ${random()}` })
  if (chance < 0.95) return stage.store.react({ ...text, text: '👍', remove: random() < 0.2 })
  if (chance < 0.96) return stage.store.deleteEntry(text)
  const read = Math.floor(random() * 200)
  return stage.store.moveCursors([{ user: pick().id, conversation: group, delivered: 0, read }])
}

/** A store with three users, and what it told. */
export class Stage {
  store: Store
  readonly ann: User
  readonly bob: User
  readonly cleo: User
  readonly appended: Appended[]
  readonly #medium: StoreMedium

  static async begin(medium: StoreMedium): Promise<Stage> {
    const appended: Appended[] = []
    const store = await medium.open((told) => appended.push(...told))
    const [ann, bob, cleo] = await Promise.all([
      store.createAccount(account('ann')),
      store.createAccount(account('bob')),
      store.createAccount(account('cleo')),
    ])
    const stage = new Stage(medium, store, appended, [ann, bob, cleo])
    onTestFinished(() => stage.store.close())
    return stage
  }

  constructor(
    medium: StoreMedium,
    store: Store,
    appended: Appended[],
    [ann, bob, cleo]: readonly [User, User, User],
  ) {
    this.#medium = medium
    this.store = store
    this.appended = appended
    this.ann = ann
    this.bob = bob
    this.cleo = cleo
  }

  readonly say = (from: User, target: string, text: string) => {
    const kind = target.startsWith('~c') || target.startsWith('#') ? 'group' : 'direct'
    return this.store.append({ ...message(from, target, kind), text })
  }

  /** Nothing is told at an opening: `appended` begins anew. */
  async reopen(): Promise<void> {
    await this.store.close()
    this.appended.length = 0
    this.store = await this.#medium.open((told) => this.appended.push(...told))
  }

  async make(by: User, name: string, first: readonly string[]): Promise<string> {
    const group = { by: by.id, nonce: newNonce(), name, members: first, time: 30 }
    return (await this.store.createGroup(group)).group.id
  }

  async page(user: User, conversation = '', query: Partial<Parameters<Store['page']>[0]> = {}) {
    const whole = { before: 0, after: 0, around: 0, limit: 500, maxBytes: 60_000 }
    const page = await this.store.page({ user: user.id, conversation, ...whole, ...query })
    return { ...page, entries: decodeRecords(page.entries) }
  }

  /** The whole log, as that user may see it. */
  async all(user: User, conversation = ''): Promise<readonly Entry[]> {
    const entries: Entry[] = []
    for (let after = 0; ; after = entries.at(-1)?.seq ?? 0) {
      const query = after === 0 ? { around: 1 } : { after }
      const page = await this.page(user, conversation, query)
      if (page.entries.length === 0) return entries
      entries.push(...page.entries)
    }
  }

  async headsOf(user: User): Promise<readonly Head[]> {
    const query = { user: user.id, after: '', limit: 100, conversations: [] }
    return (await this.store.heads(query)).items
  }

  /** Everything that user could find out. */
  async stateOf(user: User) {
    const found = await this.headsOf(user)
    const logs = await Promise.all(found.map(({ conversation }) => this.all(user, conversation)))
    return { found, logs }
  }

  /** The entries of a conversation that were told. */
  told(conversation: string | undefined): readonly Entry[] {
    return this.appended
      .filter((appended) => appended.conversation === conversation)
      .map(({ entry }) => entry)
  }

  lines(conversation: string | undefined): readonly string[] {
    return this.told(conversation).map(({ seq, kind, name, subject }) =>
      [seq, kind, name, ...(subject === undefined ? [] : [subject.name])].join(' '),
    )
  }
}

async function withGroup(stage: Stage) {
  const { ann, bob, cleo } = stage
  return { ann, bob, cleo, group: await stage.make(ann, 'ops', ['bob']) }
}

/** Ann wrote so many messages to Bob. */
async function conversationOf(stage: Stage, count: number, text = 'hi'): Promise<string> {
  const sent = Array.from({ length: count }, () => stage.say(stage.ann, 'bob', text))
  return (await Promise.all(sent))[0]?.conversation ?? ''
}

const NOTHING_FOUND = { users: [], groups: [], next: '' }

function account(name: string) {
  return { name, passwordHash: `hash of ${name}`, time: 1, joins: undefined }
}

function message(from: User, target: string, kind: NewText['kind'] = 'direct'): NewText {
  return { sender: from.id, kind, target, nonce: newNonce(), text: `from ${from.name}`, time: 20 }
}
