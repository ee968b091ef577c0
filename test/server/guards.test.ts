import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ClientMessageType, type DraftMessage, messages } from '../../src/protocol/messages.ts'
import type { RawClient } from '../support/raw-client.ts'
import { makeFolder, nonce, openServer, PASSWORD, type TestServer } from '../support/server.ts'

type Draft = { [T in ClientMessageType]: Omit<DraftMessage<T>, 'request'> & { type: T } }
type Drafts = { [T in ClientMessageType]?: Draft[T] }

/** What each request is answered with by someone of each kind, when asked about the group. */
type Verdict = (typeof messages)[ClientMessageType]['answer'] | string
type Row = Readonly<{ guest: Verdict; member: Verdict; stranger: Verdict; former: Verdict }>

const table: Partial<Record<ClientMessageType, Row>> = {
  logIn: all('alreadyLoggedIn', 'loggedIn'),
  register: all('alreadyLoggedIn', 'nameTaken'),
  logOut: all('loggedOut', 'notLoggedIn'),
  heartbeat: all('heartbeatAnswer', 'heartbeatAnswer'),
  changePassword: all('done', 'notLoggedIn'),
  deleteAccount: all('done', 'notLoggedIn'),
  listSessions: all('sessions', 'notLoggedIn'),
  endSession: all('done', 'notLoggedIn'),
  sendDirect: all('sent', 'notLoggedIn'),
  createGroup: all('nameTaken', 'notLoggedIn'),
  joinGroup: all('groupJoined', 'notLoggedIn'),
  quitGroup: all('groupQuit', 'notLoggedIn'),
  listMembers: membersOnly('members', 'notMember'),
  sendGroup: membersOnly('sent', 'notMember'),
  getPage: membersOnly('page', 'unknownConversation'),
  mark: membersOnly('marked', 'unknownConversation'),
  watch: membersOnly('presences', 'unknownConversation'),
  sync: all('heads', 'notLoggedIn'),
  listContacts: all('contacts', 'notLoggedIn'),
  addContact: all('contacts', 'notLoggedIn'),
  removeContact: all('contacts', 'notLoggedIn'),
  block: all('contacts', 'notLoggedIn'),
  unblock: all('contacts', 'notLoggedIn'),
  find: all('found', 'notLoggedIn'),
  administer: all('notAllowed', 'notLoggedIn'),
  // About a text of Ann's; changes.test.ts has those of others.
  edit: membersOnly('sent', 'unknownConversation'),
  deleteEntry: membersOnly('sent', 'unknownConversation'),
  react: membersOnly('sent', 'unknownConversation'),
  typing: membersOnly('done', 'unknownConversation'),
  getReceipts: membersOnly('receipts', 'unknownConversation'),
  getSettings: all('settings', 'notLoggedIn'),
  changeSettings: all('settings', 'notLoggedIn'),
  // Ann owns the group; group-rules.test.ts has the other roles.
  addMembers: membersOnly('groupChanged', 'notMember'),
  removeMember: membersOnly('groupChanged', 'notMember'),
  unban: membersOnly('groupChanged', 'notMember'),
  listBans: membersOnly('bans', 'notMember'),
  setRole: membersOnly('groupChanged', 'notMember'),
  renameGroup: membersOnly('groupChanged', 'notMember'),
  setTopic: membersOnly('groupChanged', 'notMember'),
  setAccess: membersOnly('groupChanged', 'notMember'),
  createInvite: membersOnly('invites', 'notMember'),
  listInvites: membersOnly('invites', 'notMember'),
  // When the others ask, it is gone.
  revokeInvite: membersOnly('done', 'badInvite'),
  deleteGroup: membersOnly('done', 'unknownGroup'),
  search: membersOnly('hits', 'unknownConversation'),
}

let server: TestServer
let villages = 0

beforeAll(async () => {
  server = await openServer(await makeFolder())
})

afterAll(async () => {
  await server.stop()
  await rm(server.folder, { recursive: true })
})

test.each(Object.keys(table) as ClientMessageType[])('who may ask for %s', async (type) => {
  const { ann, eve, fred, drafts } = await village()
  const draft = drafts[type]
  if (draft === undefined) throw new Error(`there is no example of ${type}`)
  const verdicts = {
    guest: await verdictOn(server.guest(), draft),
    member: await verdictOn(ann, draft),
    stranger: await verdictOn(eve, draft),
    former: await verdictOn(fred, draft),
  }
  expect(verdicts).toEqual(table[type])
})

test('every request of the table is looked at', () => {
  const types = Object.entries(messages).filter(([, row]) => row.from === 'client')
  expect(types.map(([type]) => type).sort()).toEqual(Object.keys(table).sort())
})

test('who is no member is not told anything of a group by sync', async () => {
  const { eve, fred, group } = await village()
  for (const client of [eve, fred]) {
    const { heads } = await client.ask({ type: 'sync', conversations: [group] })
    expect(heads).toEqual([])
  }
})

test('a direct conversation can be read and marked by its two sides only', async () => {
  const { ann, eve, bob } = await village()
  const { conversation } = await ann.ask({
    type: 'sendDirect',
    to: bob.id,
    nonce: nonce(),
    text: '1',
  })
  for (const type of ['getPage', 'mark', 'watch', 'typing', 'getReceipts'] as const) {
    expect((await eve.refusal({ type, conversation })).code).toBe('unknownConversation')
  }
  expect((await eve.ask({ type: 'sync', conversations: [conversation] })).heads).toEqual([])
})

test.each([
  ['request 0', { type: 'heartbeat' }, 'badRequest'],
  ['an empty text', { type: 'sendDirect', text: '' }, 'emptyText'],
  ['a nonce of 15 bytes', { type: 'sendDirect', nonce: Buffer.alloc(15), text: 'a' }, 'badRequest'],
  [
    'a group without a nonce',
    { type: 'createGroup', nonce: Buffer.alloc(0), name: 'x' },
    'badRequest',
  ],
  [
    'two places of a page',
    { type: 'getPage', conversation: '~', before: 1, after: 1 },
    'badRequest',
  ],
  ['an edit without a text', { type: 'edit', conversation: '~', text: '' }, 'emptyText'],
  ['a reaction of two words', { type: 'react', conversation: '~', text: 'a b' }, 'badRequest'],
  ['an unknown user', { type: 'sendDirect', to: 'nobody', text: 'a' }, 'unknownUser'],
  ['an unknown group', { type: 'sendGroup', group: 'none', text: 'a' }, 'unknownGroup'],
  ['an unknown group to join', { type: 'joinGroup', group: 'none' }, 'unknownGroup'],
  ['a group without a name', { type: 'createGroup', name: '#' }, 'badName'],
])('%s is refused', async (what, draft, code) => {
  const { ann, bob } = await village()
  const complete = { to: bob.id, nonce: nonce(), request: what === 'request 0' ? 0 : 77, ...draft }
  ann.send(complete as DraftMessage)
  expect(await ann.push('error')).toMatchObject({ request: complete.request, code })
  await ann.barrier()
})

test.each([
  ['a name with a blank', 'two words', PASSWORD, 'badName'],
  ['no name', '', PASSWORD, 'badName'],
  ['a name like an id', '~ann', PASSWORD, 'badName'],
  ['a short password', 'dan', '1234567', 'weakPassword'],
  ['a password of seven characters in many bytes', 'dan', '密码密码密码密', 'weakPassword'],
  ['a name in other letters', 'ＡＮＮ１', PASSWORD, 'nameTaken'],
])('%s cannot be registered', async (_, name, password, code) => {
  const guest = server.guest()
  expect((await guest.refusal({ type: 'register', name, password })).code).toBe(code)
})

/** Ann is in a group of her own, Eve never was, Fred quit; the names are new each time. */
async function village() {
  villages += 1
  const [ann, bob, eve, fred] = await Promise.all(
    ['ann', 'bob', 'eve', 'fred'].map((name) => server.register(`${name}${villages}`)),
  )
  if (!ann || !bob || !eve || !fred) throw new Error('nobody registered')
  const name = `ops${villages}`
  const made = await ann.ask({ type: 'createGroup', nonce: nonce(), name })
  const group = made.group?.id ?? ''
  const { invites } = await ann.ask({ type: 'createInvite', group })
  const code = invites[0]?.code ?? ''
  await fred.ask({ type: 'joinGroup', group })
  const { seq } = await ann.ask({ type: 'sendGroup', group, nonce: nonce(), text: 'said' })
  await fred.ask({ type: 'quitGroup', group })
  const drafts = { ...draftsAbout(ann.name, bob.name, group, name, code), ...aboutText(group, seq) }
  return { ann, bob, eve, fred, group, drafts }
}

function aboutText(conversation: string, seq: number): Drafts {
  return {
    edit: { type: 'edit', conversation, seq, text: 'edited' },
    deleteEntry: { type: 'deleteEntry', conversation, seq },
    react: { type: 'react', conversation, seq, text: '👍' },
    typing: { type: 'typing', conversation },
    getReceipts: { type: 'getReceipts', conversation },
    getSettings: { type: 'getSettings' },
    changeSettings: { type: 'changeSettings', hideReceipts: true },
  }
}

function draftsAbout(
  self: string,
  other: string,
  group: string,
  name: string,
  code: string,
): Drafts {
  return {
    logIn: { type: 'logIn', name: self, password: PASSWORD },
    register: { type: 'register', name: self, password: PASSWORD },
    logOut: { type: 'logOut' },
    heartbeat: { type: 'heartbeat' },
    changePassword: { type: 'changePassword', old: PASSWORD, password: PASSWORD },
    deleteAccount: { type: 'deleteAccount', password: PASSWORD },
    listSessions: { type: 'listSessions' },
    endSession: { type: 'endSession' },
    sendDirect: { type: 'sendDirect', to: other, nonce: nonce(), text: 'hi' },
    createGroup: { type: 'createGroup', nonce: nonce(), name: name.toUpperCase() },
    joinGroup: { type: 'joinGroup', group },
    quitGroup: { type: 'quitGroup', group },
    listMembers: { type: 'listMembers', group },
    sendGroup: { type: 'sendGroup', group, nonce: nonce(), text: 'hi' },
    getPage: { type: 'getPage', conversation: group },
    mark: { type: 'mark', conversation: group, delivered: 1, read: 1 },
    watch: { type: 'watch', conversation: group },
    sync: { type: 'sync' },
    listContacts: { type: 'listContacts' },
    addContact: { type: 'addContact', user: other },
    removeContact: { type: 'removeContact', user: other },
    block: { type: 'block', user: other },
    unblock: { type: 'unblock', user: other },
    find: { type: 'find', text: 'a' },
    administer: { type: 'administer', verb: 'status' },
    addMembers: { type: 'addMembers', group, users: [other] },
    removeMember: { type: 'removeMember', group, user: other },
    unban: { type: 'unban', group, user: other },
    listBans: { type: 'listBans', group },
    setRole: { type: 'setRole', group, user: self, role: 'owner' },
    renameGroup: { type: 'renameGroup', group, name },
    setTopic: { type: 'setTopic', group, topic: 'hi' },
    setAccess: { type: 'setAccess', group, access: 'public' },
    createInvite: { type: 'createInvite', group },
    listInvites: { type: 'listInvites', group },
    revokeInvite: { type: 'revokeInvite', code },
    deleteGroup: { type: 'deleteGroup', group },
    search: { type: 'search', text: 'hello', conversation: group },
  }
}

async function verdictOn(client: RawClient, draft: Draft[ClientMessageType]): Promise<string> {
  client.send({ ...draft, request: 99 } as DraftMessage)
  const { promise, resolve } = Promise.withResolvers<string>()
  const answers = [messages[draft.type].answer, 'error'] as const
  for (const type of answers) {
    client
      .push(type, (message) => 'request' in message && message.request === 99)
      .then((message) => resolve(message.type === 'error' ? message.code : message.type))
      .catch(() => undefined)
  }
  return promise
}

function all(loggedIn: Verdict, guest: Verdict): Row {
  return { guest, member: loggedIn, stranger: loggedIn, former: loggedIn }
}

function membersOnly(member: Verdict, others: Verdict): Row {
  return { guest: 'notLoggedIn', member, stranger: others, former: others }
}
