import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ClientMessageType,
  type DraftMessage,
  type Message,
  messages,
} from '../../src/protocol/messages.ts'
import type { RawClient } from '../support/raw-client.ts'
import { runFolder } from '../support/run-folder.ts'
import { type Client, nonce, openServer, PASSWORD, type TestServer } from '../support/server.ts'

type Draft = { [T in ClientMessageType]: Omit<DraftMessage<T>, 'request'> & { type: T } }

/** Who asks: what they are to the group that they ask about. */
const states = ['guest', 'stranger', 'former', 'banned', 'member', 'admin', 'owner'] as const
type State = (typeof states)[number]
/** The answer's type, or the code of the refusal. */
type Verdict = string
type Row = Readonly<Record<State, Verdict>>

/** About a group by invitation, an invite to it, a plain member, and a text of that one's. */
const table: Readonly<Record<ClientMessageType, Row>> = {
  logIn: { ...all('alreadyLoggedIn'), guest: 'loggedIn' },
  register: { ...all('alreadyLoggedIn'), guest: 'loggedIn' },
  heartbeat: { ...all('heartbeatAnswer'), guest: 'heartbeatAnswer' },
  logOut: all('loggedOut'),
  changePassword: all('done'),
  deleteAccount: all('done'),
  listSessions: all('sessions'),
  endSession: all('done'),
  getSettings: all('settings'),
  changeSettings: all('settings'),
  setStatus: all('settings'),
  sync: all('heads'),
  find: all('found'),
  listContacts: all('contacts'),
  addContact: all('contacts'),
  removeContact: all('contacts'),
  block: all('contacts'),
  unblock: all('contacts'),
  sendDirect: all('sent'),
  createGroup: all('groupCreated'),
  administer: all('notAllowed'),

  joinGroup: { ...all('groupJoined'), ...outside('unknownGroup') },
  quitGroup: { ...all('groupQuit'), ...outside('unknownGroup') },
  listMembers: insiders('members'),
  sendGroup: insiders('sent'),
  addMembers: managers('groupChanged'),
  removeMember: managers('groupChanged'),
  listBans: managers('bans'),
  unban: managers('groupChanged'),
  renameGroup: managers('groupChanged'),
  setTopic: managers('groupChanged'),
  createInvite: managers('invites'),
  listInvites: managers('invites'),
  // What one may not know of is not there.
  revokeInvite: { ...all('badInvite'), admin: 'done', owner: 'done' },
  setRole: hosts('groupChanged'),
  setAccess: hosts('groupChanged'),
  deleteGroup: hosts('done'),

  getPage: readers('page'),
  mark: readers('marked'),
  changePreferences: readers('preferencesChanged'),
  watch: readers('presences'),
  typing: readers('done'),
  getReceipts: readers('receipts'),
  search: readers('hits'),
  react: readers('sent'),
  edit: readers('notAllowed'),
  deleteEntry: { ...readers('sent'), member: 'notAllowed' },
}

/** What is different about a group that everybody may enter. */
const publicTable: Readonly<Partial<Record<ClientMessageType, Row>>> = {
  joinGroup: { ...all('groupJoined'), banned: 'banned' },
  quitGroup: all('groupQuit'),
  listInvites: members('invites'),
  addMembers: members('groupChanged'),
  createInvite: members('invites'),
  // These are not.
  sendGroup: members('sent'),
  setTopic: admins('groupChanged'),
  setAccess: owners('groupChanged'),
  getPage: readers('page'),
  search: readers('hits'),
}

let server: TestServer
let villages = 0
/** Ids of requests, apart from those that a client counts by itself. */
let requests = 1_000_000
/** Owns the groups; is a plain member of them. */
let ann: Client
let bob: Client

beforeAll(async () => {
  server = await openServer(runFolder('guards'))
  ann = await server.register('ann')
  bob = await server.register('bob')
})

afterAll(async () => {
  await server.stop()
  await rm(server.folder, { recursive: true })
})

test.each(Object.keys(table) as ClientMessageType[])('who may ask for %s', async (type) => {
  expect(await verdictsOn(type, 'invite')).toEqual(table[type])
})

test.each(Object.keys(publicTable) as ClientMessageType[])(
  'who may ask for %s about a public group',
  async (type) => {
    expect(await verdictsOn(type, 'public')).toEqual(publicTable[type])
  },
)

async function verdictsOn(type: ClientMessageType, access: 'public' | 'invite'): Promise<Row> {
  const verdicts: [State, Verdict][] = []
  for (const state of states) {
    const { actor, drafts } = await scene(state, access)
    verdicts.push([state, await verdictOn(actor, drafts[type])])
  }
  return Object.fromEntries(verdicts) as Row
}

/** A new group of Ann's with Bob and, in that state, the one who asks; or of the asker's own. */
async function scene(state: State, access: 'public' | 'invite') {
  villages += 1
  const actor = await server.register(`${state}${villages}`)
  const owner = state === 'owner' ? actor : ann
  const name = `ops${villages}`
  const within = ['former', 'banned', 'member', 'admin'].includes(state) ? [actor.id] : []
  const members = [bob.id, ...within]
  const made = await owner.ask({ type: 'createGroup', nonce: nonce(), name, members, access })
  const group = made.group?.id ?? ''
  if (state === 'admin') await owner.ask({ type: 'setRole', group, user: actor.id, role: 'admin' })
  const { seq } = await bob.ask({ type: 'sendGroup', group, nonce: nonce(), text: 'said' })
  const { invites } = await owner.ask({ type: 'createInvite', group })
  if (state === 'former') await actor.ask({ type: 'quitGroup', group })
  if (state === 'banned') {
    await owner.ask({ type: 'removeMember', group, user: actor.id, ban: true })
  }
  const drafts = draftsAbout({
    self: actor.name,
    other: bob.name,
    group,
    name,
    seq,
    code: invites[0]?.code ?? '',
  })
  for (const client of [ann, bob]) client.pushes.splice(0)
  return { actor: state === 'guest' ? server.guest() : actor, drafts }
}

/** What cannot be asked of a conversation without ending what follows. */
const LAST: ReadonlySet<string> = new Set(['logOut', 'deleteAccount', 'register', 'logIn'])
const ABOUT = (Object.keys(table) as ClientMessageType[]).filter((type) => !LAST.has(type))

test.each(['stranger', 'former', 'banned'] as const)(
  'to a %s no answer says more of a group by invitation than that its name is taken',
  async (state) => {
    const { actor, group, name, code } = await hideout(state)
    const at = { self: actor.name, other: bob.name, seq: 5, code }
    const known = [name.before, name.now]
    for (const asked of [group, name.now.toUpperCase(), `#${name.now}`]) {
      const drafts = draftsAbout({ ...at, group: asked, name: asked.replace('#', '') })
      for (const type of ABOUT) {
        const answer = JSON.stringify({
          ...(await answerTo(actor, drafts[type])),
          nonce: undefined,
        })
        expect(answer, `${type} ${asked}`).not.toMatch(/plotting|zelda/i)
        // What was asked may be said again, but as it was asked.
        const more = [...known, group].filter((text) => !asked.includes(text))
        for (const text of more) expect(answer, `${type} ${asked}`).not.toContain(`${text}"`)
        for (const text of more) expect(answer, `${type} ${asked}`).not.toContain(`${text} `)
      }
    }
  },
)

test.each(['stranger', 'former', 'banned'] as const)(
  'to a %s the id of a group by invitation is as good as one that there is not',
  async (state) => {
    const { actor, group, code } = await hideout(state)
    const answers = async (id: string) => {
      const at = { self: actor.name, other: bob.name, seq: 5, code: `${code}?` }
      const drafts = draftsAbout({ ...at, group: id, name: 'x' })
      const said: string[] = []
      for (const type of ABOUT) {
        const asks = 'group' in drafts[type] || 'conversation' in drafts[type]
        const answer = asks ? await answerTo(actor, drafts[type]) : undefined
        if (answer?.type === 'error') said.push(`${type} ${answer.code} ${answer.text}`)
        else if (answer !== undefined) said.push(`${type} ${answer.type}`)
      }
      return said.join('\n').replaceAll(id, 'ID')
    }
    expect(await answers(group)).toBe(await answers('~c999999'))
    const guess = { type: 'joinGroup', group, invite: 'guess' } as const
    expect((await actor.refusal(guess)).text).toBe(`there is no group ${group}`)
  },
)

/** A group by invitation with a topic, a member and, since the asker has gone, another name. */
async function hideout(state: 'stranger' | 'former' | 'banned') {
  villages += 1
  const actor = await server.register(`${state}${villages}`)
  const zelda = await server.register(`zelda${villages}`)
  const name = { before: `cellar${villages}`, now: `attic${villages}` }
  const members = [bob.id, zelda.id, actor.id]
  const draft = { type: 'createGroup', nonce: nonce(), name: name.before, members } as const
  const group = (await ann.ask({ ...draft, access: 'invite' })).group?.id ?? ''
  const ban = state === 'banned'
  await ann.ask({ type: 'removeMember', group, user: actor.id, ban })
  await ann.ask({ type: 'renameGroup', group, name: name.now })
  await ann.ask({ type: 'setTopic', group, topic: 'plotting' })
  await zelda.ask({ type: 'sendGroup', group, nonce: nonce(), text: 'plotting' })
  const { invites } = await ann.ask({ type: 'createInvite', group })
  await actor.barrier()
  return { actor, group, name, code: invites[0]?.code ?? '' }
}

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
  ['a text of blanks', { type: 'sendDirect', text: ' \n\u3000' }, 'emptyText'],
  [
    'a text of which nothing is shown',
    { type: 'sendDirect', text: '\x1b[2J\x07\u202e' },
    'emptyText',
  ],
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
  ['an edit that shows nothing', { type: 'edit', conversation: '~', text: '\x07' }, 'emptyText'],
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
  ['a name in other letters', 'ＡＮＮ', PASSWORD, 'nameTaken'],
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
  const made = await ann.ask({ type: 'createGroup', nonce: nonce(), name: `ops${villages}` })
  const group = made.group?.id ?? ''
  await fred.ask({ type: 'joinGroup', group })
  await fred.ask({ type: 'quitGroup', group })
  return { ann, bob, eve, fred, group }
}

type About = Readonly<{
  self: string
  /** A plain member of the group, who wrote the text at `seq`. */
  other: string
  group: string
  name: string
  seq: number
  /** An invite into the group, of its owner's. */
  code: string
}>

function draftsAbout({ self, other, group, name, seq, code }: About): Draft {
  const conversation = group
  return {
    logIn: { type: 'logIn', name: self, password: PASSWORD },
    register: { type: 'register', name: `${self}x`, password: PASSWORD },
    logOut: { type: 'logOut' },
    heartbeat: { type: 'heartbeat' },
    changePassword: { type: 'changePassword', old: PASSWORD, password: PASSWORD },
    deleteAccount: { type: 'deleteAccount', password: PASSWORD },
    listSessions: { type: 'listSessions' },
    endSession: { type: 'endSession' },
    getSettings: { type: 'getSettings' },
    changeSettings: { type: 'changeSettings', hideReceipts: true },
    setStatus: { type: 'setStatus', status: 'away' },
    sendDirect: { type: 'sendDirect', to: other, nonce: nonce(), text: 'hi' },
    sync: { type: 'sync' },
    listContacts: { type: 'listContacts' },
    addContact: { type: 'addContact', user: other },
    removeContact: { type: 'removeContact', user: other },
    block: { type: 'block', user: other },
    unblock: { type: 'unblock', user: other },
    find: { type: 'find', text: 'a' },
    administer: { type: 'administer', verb: 'status' },
    createGroup: { type: 'createGroup', nonce: nonce(), name: `${name}-too` },
    joinGroup: { type: 'joinGroup', group },
    quitGroup: { type: 'quitGroup', group },
    listMembers: { type: 'listMembers', group },
    sendGroup: { type: 'sendGroup', group, nonce: nonce(), text: 'hi' },
    getPage: { type: 'getPage', conversation },
    mark: { type: 'mark', conversation, delivered: 1, read: 1 },
    changePreferences: { type: 'changePreferences', conversation, muted: 'on' },
    watch: { type: 'watch', conversation },
    typing: { type: 'typing', conversation },
    getReceipts: { type: 'getReceipts', conversation },
    search: { type: 'search', text: 'said', conversation },
    edit: { type: 'edit', conversation, seq, text: 'edited' },
    deleteEntry: { type: 'deleteEntry', conversation, seq },
    react: { type: 'react', conversation, seq, text: '👍' },
    addMembers: { type: 'addMembers', group, users: [other] },
    removeMember: { type: 'removeMember', group, user: other },
    listBans: { type: 'listBans', group },
    unban: { type: 'unban', group, user: other },
    setRole: { type: 'setRole', group, user: other, role: 'admin' },
    renameGroup: { type: 'renameGroup', group, name: `${name}-new` },
    setTopic: { type: 'setTopic', group, topic: 'hi' },
    setAccess: { type: 'setAccess', group, access: 'public' },
    deleteGroup: { type: 'deleteGroup', group },
    createInvite: { type: 'createInvite', group },
    listInvites: { type: 'listInvites', group },
    revokeInvite: { type: 'revokeInvite', code },
  }
}

async function verdictOn(client: RawClient, draft: Draft[ClientMessageType]): Promise<string> {
  const answer = await answerTo(client, draft)
  return answer.type === 'error' ? answer.code : answer.type
}

async function answerTo(client: RawClient, draft: Draft[ClientMessageType]): Promise<Message> {
  requests += 1
  const request = requests
  client.send({ ...draft, request } as DraftMessage)
  const { promise, resolve } = Promise.withResolvers<Message>()
  const answers = [messages[draft.type].answer, 'error'] as const
  for (const type of answers) {
    client
      .push(type, (message) => 'request' in message && message.request === request)
      .then(resolve)
      .catch(() => undefined)
  }
  return promise
}

/** The same to everyone who is logged in. */
function all(verdict: Verdict): Row {
  return { guest: 'notLoggedIn', ...outside(verdict), ...inside(verdict) }
}

function members(verdict: Verdict): Row {
  return { ...all('notMember'), ...inside(verdict) }
}

function admins(verdict: Verdict): Row {
  return { ...members('notAllowed'), admin: verdict, owner: verdict }
}

function owners(verdict: Verdict): Row {
  return { ...members('notAllowed'), owner: verdict }
}

/** By the id of a group by invitation, of which nobody else need know that it exists. */
function insiders(verdict: Verdict): Row {
  return { ...members(verdict), ...outside('unknownGroup') }
}

function managers(verdict: Verdict): Row {
  return { ...admins(verdict), ...outside('unknownGroup') }
}

function hosts(verdict: Verdict): Row {
  return { ...owners(verdict), ...outside('unknownGroup') }
}

/** By the id of the conversation, of which nobody else need know that it exists. */
function readers(verdict: Verdict): Row {
  return { ...all('unknownConversation'), ...inside(verdict) }
}

function inside(verdict: Verdict) {
  return { member: verdict, admin: verdict, owner: verdict }
}

function outside(verdict: Verdict) {
  return { stranger: verdict, former: verdict, banned: verdict }
}
