import { decodeRecords } from '../../src/protocol/codec.ts'
import type { User } from '../../src/protocol/messages.ts'
import type { DirectPlace, NewText, Store, Survey } from '../../src/server/store/store.ts'
import { newNonce, nextTime } from './counted.ts'

/** A token of ann's that can be logged in with. */
const ANNS_TOKEN = Buffer.alloc(32, 7)
const NAMES = ['ann', 'bob', 'cleo', '张三', 'eve', 'mallory']
const WHOLE = { before: 0, after: 0, around: 0, limit: 500, maxBytes: 1_000_000 }
const WORDS = ['数据库', '库', 'round', 'deleted', 'Déploiement', '👍']

/** What was sent last by ann: a repetition has its place. */
export type Filled = Readonly<{ last: NewText; people: readonly User[] }>

/** Puts something of every kind into an empty store. */
export async function fill(store: Store, rounds = 150): Promise<Filled> {
  const people: User[] = []
  for (const name of NAMES) {
    const account = { name, passwordHash: `hash of ${name}`, joins: 'lobby', time: nextTime() }
    people.push(await store.createAccount(account))
  }
  const [ann, bob, cleo, zhang, eve, mallory] = people.map(({ id }) => id)
  if (!ann || !bob || !cleo || !zhang || !eve || !mallory) throw new Error('too few')
  await store.createAccount({ ...plain('olga'), classic: true })
  const text = (sender: string, target: string, words: string): NewText => {
    const kind = target.startsWith('#') ? 'group' : 'direct'
    return { sender, kind, target, nonce: newNonce(), text: words, time: nextTime() }
  }
  const say = (...said: Parameters<typeof text>) => store.append(text(...said))
  const make = async (by: string, name: string, members: readonly string[]) => {
    const group = { by, nonce: newNonce(), name, members, time: nextTime() }
    return (await store.createGroup({ ...group, access: 'invite' as const })).group.id
  }
  const act = (by: string, group: string) => ({ by, group, time: nextTime() })
  await store.createSession({ ...session(ANNS_TOKEN), user: ann })
  await store.createSession({ ...session(Buffer.alloc(32, 8)), user: bob })
  const ops = await make(ann, 'ops', ['bob', '张三', 'eve', 'mallory'])
  await make(bob, 'gone', ['ann'])
  await say(ann, '#gone', 'of a group that ended')
  await store.deleteGroup(bob, 'gone', nextTime())
  await store.setTopic({ ...act(ann, ops), topic: '数据库 "topic" {\\}' })
  await store.setRole({ ...act(ann, ops), user: bob, role: 'admin' })
  await store.removeMember({ ...act(ann, ops), user: mallory, ban: true })
  const { conversation, seq } = await say(ann, 'bob', 'helo')
  const answered = await store.append({ ...text(bob, 'ann', 'an answer'), reply: seq })
  await store.edit({ user: ann, conversation, seq, text: 'Ｄéploiement, hello', time: nextTime() })
  await store.react({ ...place(bob, conversation, seq), text: '👍', remove: false })
  const doomed = await say(bob, 'ann', 'deleted')
  await store.deleteEntry(place(bob, conversation, doomed.seq))
  await say(zhang, '#ops', '我的数据库 @ann @bob')
  await say(ann, 'ann', 'notes: "quoted", {braces}, back\\slash, tab\t, NULL')
  await say(eve, 'ann', 'said before the end')
  await store.deleteAccount(eve, nextTime())
  await store.setBanned('mallory', true, 'spam, "again"')
  await store.setOperator('ann', true)
  await store.changeSettings(bob, { hideReceipts: true, status: 'busy' })
  const wants = { pinned: true, muted: undefined, notify: 'mentions' as const, unread: seq }
  await store.changePreferences({ user: bob, conversation, ...wants })
  await store.addContact(ann, 'cleo')
  await store.block(cleo, 'bob')
  const invite = { uses: 3, time: nextTime(), expires: 9_000 }
  await store.createInvite({ ...invite, by: ann, code: 'into ops', group: 'ops' })
  await store.createInvite({ ...invite, by: undefined, code: 'to register', group: '' })
  await store.createAccount({ ...plain('ivan'), invite: 'into ops' })
  await store.createAccount({ ...plain('nora'), invite: 'to register' })
  await store.join(cleo, ops, nextTime(), 'into ops')
  const sent = Array.from({ length: rounds }, (_, round) =>
    say(round % 2 === 0 ? ann : bob, ['#lobby', 'cleo', '#ops'][round % 3] ?? '', `round ${round}`),
  )
  await Promise.allSettled(sent)
  const cursors = { delivered: 500, read: answered.seq }
  await store.moveCursors([{ user: ann, conversation, ...cursors }])
  // Of some conversations the beginning is gone.
  for (let after = ''; ; ) {
    const { next } = await store.retain({ before: 115, after })
    if (next === '') break
    after = next
  }
  const last = text(ann, 'bob', 'the last one')
  await store.append(last)
  return { last, people }
}

/** Everything that can be found out about it, in an order of its own. */
export async function everythingIn(store: Store) {
  const lists: Survey[] = ['users', 'operators', 'groups', 'sessions', 'invites']
  const surveys = await Promise.all(
    lists.map((of) => store.survey({ of, user: '', after: '', limit: 100 })),
  )
  const { bytes, freeBytes, ...figures } = await store.figures()
  const names = surveys[0]?.items.map((row) => String(row['user'])) ?? []
  const users: unknown[] = []
  for (const name of names) users.push(await knownOf(store, name))
  const known = NAMES.map((name) => store.findUser(name))
  const ids = (await Promise.all(known)).map((user) => user?.id ?? '')
  return {
    surveys,
    figures,
    users,
    statuses: await store.statuses(ids),
    directs: endsOf(await store.directsSince(ids, 0)),
    exported: await store.exportPage({ user: '', group: '', after: '', maxBytes: 1e7 }),
    alive: await store.sessionsAlive([ANNS_TOKEN, Buffer.alloc(32, 8), Buffer.alloc(32)], 200),
    verdict: await store.verify(),
  }
}

/** What each of these words finds for ann. */
export async function foundIn(store: Store) {
  const user = (await store.findUser('ann'))?.id ?? ''
  const query = { user, conversation: '', after: '', limit: 500, maxBytes: 1e7 }
  const found: (readonly [string, readonly unknown[]])[] = []
  for (const text of WORDS) {
    const items: unknown[] = []
    for (let after = ''; ; ) {
      const page = await patiently(() => store.search({ ...query, text, after }))
      items.push(...page.items)
      after = page.next
      if (after === '') break
    }
    // Of what came in the same millisecond each index has an order of its own.
    found.push([text, sorted(items)])
  }
  return found
}

async function knownOf(store: Store, name: string) {
  const account = await store.findAccount(name)
  const user = (await store.findUser(name))?.id
  if (user === undefined) return { name, account }
  const heads = await store.heads({ user, after: '', limit: 100, conversations: [] })
  const conversations: unknown[] = []
  for (const { conversation } of heads.items) {
    conversations.push(await knownThere(store, user, conversation))
  }
  return {
    name,
    account,
    heads,
    conversations,
    standing: await store.standing(user),
    settings: await store.settings(user),
    sessions: await store.sessions(user, 200),
    groups: sorted(await store.groupsOf(user)),
    contacts: await store.contacts(user, '', 100),
    blockers: sorted(await store.blockers(user)),
    circle: sorted(await store.circle(user)),
    invites: await store.listInvites({ user, group: '', after: '', limit: 100, time: 200 }),
    found: await store.find(user, 'o', 100),
  }
}

async function knownThere(store: Store, user: string, conversation: string) {
  const page = await store.page({ ...WHOLE, user, conversation })
  const query = { user, group: conversation, after: '', limit: 100 }
  return {
    page: { ...page, entries: decodeRecords(page.entries) },
    raw: await store.read(conversation, 0, 10_000),
    lasts: await store.lasts([conversation]),
    last: await store.lastTextOf(user, conversation),
    scene: await store.scene(user, conversation),
    first: sorted(await store.firstMembers(user, conversation, 100)),
    receipts: await store.receipts({ user, conversation, seq: 0 }),
    members: await answerOf(store.members(query)),
    bans: await answerOf(store.bans(query)),
  }
}

/** Until the index of what was there at the opening is complete. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await work().catch((error: { code?: string }) => {
      if (error.code !== 'unavailable') throw error
      return undefined
    })
    if (answer !== undefined) return answer
  }
}

/** A refusal is something that is known, too. */
function answerOf(answer: Promise<unknown>): Promise<unknown> {
  return answer.catch((error: { code?: string }) => error.code)
}

/** One may be told twice, with its end of some time before. */
function endsOf(places: readonly DirectPlace[]): readonly string[] {
  const ends = new Map<string, number>()
  for (const { conversation, between, last } of places) {
    const known = `${conversation} between ${between.join(' and ')}`
    ends.set(known, Math.max(last, ends.get(known) ?? 0))
  }
  return sorted([...ends])
}

/** Each once, where the port promises no order. */
function sorted(items: readonly unknown[]): readonly string[] {
  return [...new Set(items.map((item) => JSON.stringify(item)))].sort()
}

function plain(name: string) {
  return { name, passwordHash: 'hash', joins: undefined, time: nextTime() }
}

function place(user: string, conversation: string, seq: number) {
  return { user, conversation, seq, time: nextTime() }
}

function session(tokenHash: Buffer) {
  return { tokenHash, device: 'Ann’s "laptop"', time: nextTime(), expires: 9_000 }
}
