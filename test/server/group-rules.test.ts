import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Access, ClientMessageType, DraftMessage } from '../../src/protocol/messages.ts'
import { type Client, makeFolder, nonce, openServer, type TestServer } from '../support/server.ts'

/** Who asks, and about a group of which kind. */
const ASKERS = ['stranger', 'former', 'banned', 'member', 'admin', 'owner'] as const
const ACCESSES = ['public', 'invite'] as const
type Asker = (typeof ASKERS)[number]

/**
 * What each of them is answered, in a public group and in one by invitation: it is done (+), or
 * refused because one is no member (m), is not allowed to (a), is banned or wants somebody in who
 * is (b), has a bad invite (c), sees no such group (g) or conversation (u), or asks for what makes no
 * sense (r). In the order of ASKERS. The group is asked for by its id, which can be guessed: of one by
 * invitation that is no group's to who is outside.
 */
const TABLE = `
join without a code     + + b + + +   g g g + + +
join with a wrong code  + + b + + +   g g g + + +
join with the code      + + b + + +   + + b + + +
quit                    + + + + + +   g g g + + +
talk                    m m m + + +   g g g + + +
read                    u u u + + +   u u u + + +
list the members        m m m + + +   g g g + + +
add a stranger          m m m + + +   g g g a + +
add who is banned       m m m b b b   g g g a b b
remove a member         m m m a + +   g g g a + +
remove an admin         m m m a a +   g g g a a +
remove the owner        m m m a a r   g g g a a r
ban a stranger          m m m a + +   g g g a + +
ban a member            m m m a + +   g g g a + +
ban an admin            m m m a a +   g g g a a +
lift a ban              m m m a + +   g g g a + +
list the bans           m m m a + +   g g g a + +
make an admin           m m m a a +   g g g a a +
make an owner           m m m a a +   g g g a a +
make oneself owner      m m m a a +   g g g a a +
take a role away        m m m a a +   g g g a a +
rename                  m m m a + +   g g g a + +
set the topic           m m m a + +   g g g a + +
set who may enter       m m m a a +   g g g a a +
make an invite          m m m + + +   g g g a + +
list the invites        m m m + + +   g g g a + +
revoke an invite        c c c c + +   c c c c + +
delete the group        m m m a a +   g g g a a +
`

const codes: Readonly<Record<string, string>> = {
  '+': 'done',
  m: 'notMember',
  a: 'notAllowed',
  b: 'banned',
  g: 'unknownGroup',
  c: 'badInvite',
  u: 'unknownConversation',
  r: 'badRequest',
}

const rows = TABLE.trim()
  .split('\n')
  .flatMap((line) => {
    const [deed = '', ...answers] = line.split(/ {2,}/)
    return ACCESSES.map((access, at) => ({ deed, access, letters: answers[at] ?? '' }))
  })

type Scene = Readonly<{ group: string; name: string; code: string; asker: string }>
type Draft = { [T in ClientMessageType]: Omit<DraftMessage<T>, 'request'> & { type: T } }
type Deed = (scene: Scene) => Draft[ClientMessageType]

/** What each row of the table asks. */
const deeds: Readonly<Record<string, Deed>> = {
  'join without a code': ({ group }) => ({ type: 'joinGroup', group }),
  'join with a wrong code': ({ group }) => ({ type: 'joinGroup', group, invite: 'guess' }),
  'join with the code': ({ group, code }) => ({ type: 'joinGroup', group, invite: code }),
  quit: ({ group }) => ({ type: 'quitGroup', group }),
  talk: ({ group }) => ({ type: 'sendGroup', group, nonce: nonce(), text: 'hi' }),
  read: ({ group }) => ({ type: 'getPage', conversation: group }),
  'list the members': ({ group }) => ({ type: 'listMembers', group }),
  'add a stranger': ({ group }) => ({ type: 'addMembers', group, users: ['otto'] }),
  'add who is banned': ({ group }) => ({ type: 'addMembers', group, users: ['banned'] }),
  'remove a member': remove('max'),
  'remove an admin': remove('adam'),
  'remove the owner': remove('owner'),
  'ban a stranger': remove('otto', true),
  'ban a member': remove('max', true),
  'ban an admin': remove('adam', true),
  'lift a ban': ({ group }) => ({ type: 'unban', group, user: 'banned' }),
  'list the bans': ({ group }) => ({ type: 'listBans', group }),
  'make an admin': role('max', 'admin'),
  'make an owner': role('adam', 'owner'),
  'make oneself owner': ({ group, asker }) => ({
    type: 'setRole',
    group,
    user: asker,
    role: 'owner',
  }),
  'take a role away': role('adam', 'member'),
  rename: ({ group, name }) => ({ type: 'renameGroup', group, name: `${name}-renamed` }),
  'set the topic': ({ group }) => ({ type: 'setTopic', group, topic: 'ours' }),
  'set who may enter': ({ group }) => ({ type: 'setAccess', group, access: 'invite' }),
  'make an invite': ({ group }) => ({ type: 'createInvite', group }),
  'list the invites': ({ group }) => ({ type: 'listInvites', group }),
  'revoke an invite': ({ code }) => ({ type: 'revokeInvite', code }),
  'delete the group': ({ group }) => ({ type: 'deleteGroup', group }),
}

let server: TestServer
let people: Readonly<Record<Asker, Client>>
let groups = 0

beforeAll(async () => {
  server = await openServer(await makeFolder())
  const clients = await Promise.all(ASKERS.map((name) => server.register(name)))
  people = Object.fromEntries(clients.map((client) => [client.name, client])) as typeof people
  await Promise.all(['adam', 'max', 'otto'].map((name) => server.register(name)))
})

afterAll(async () => {
  await server.stop()
  await rm(server.folder, { recursive: true })
})

test.each(rows)('who may $deed: a group that is $access', async ({ deed, access, letters }) => {
  const answers: Record<string, string> = {}
  let scene: Scene | undefined
  for (const asker of ASKERS) {
    scene ??= await newGroup(access)
    const answer = await answerTo(asker, deed, scene)
    answers[asker] = answer
    // What was done is not in the way of the next; what was refused changed nothing.
    if (answer === 'done') scene = undefined
  }
  const expected = letters.split(' ').map((letter) => codes[letter])
  expect(answers).toEqual(Object.fromEntries(ASKERS.map((asker, at) => [asker, expected[at]])))
})

test('what is refused leaves the group as it was', async () => {
  const scene = await newGroup('invite')
  const { group } = scene
  const state = async () => {
    const { heads } = await people.owner.ask({ type: 'sync', conversations: [group] })
    const { members } = await people.owner.ask({ type: 'listMembers', group })
    const { users } = await people.owner.ask({ type: 'listBans', group })
    return { heads, members, users }
  }
  const before = await state()
  for (const { deed, access, letters } of rows) {
    if (access === 'public') continue
    for (const [at, letter] of letters.split(' ').entries()) {
      const asker = ASKERS[at]
      if (letter !== '+' && asker !== undefined) await answerTo(asker, deed, scene)
    }
  }
  expect(await state()).toEqual(before)
})

async function answerTo(asker: Asker, deed: string, scene: Scene): Promise<string> {
  const draft = deeds[deed]?.({ ...scene, asker })
  if (draft === undefined) throw new Error(`nobody knows how to ${deed}`)
  try {
    await people[asker].ask(draft)
    return 'done'
  } catch (error) {
    return String(error).replace(/^Error: (\w+): .*/s, '$1')
  }
}

/** Its owner made it; Adam is an admin, too, and Max a member; Otto is a stranger. */
async function newGroup(access: Access): Promise<Scene> {
  groups += 1
  const { owner, former } = people
  const name = `ops${groups}`
  const members = ['former', 'banned', 'member', 'admin', 'adam', 'max']
  const made = await owner.ask({ type: 'createGroup', nonce: nonce(), name, members, access })
  const group = made.group?.id ?? ''
  for (const user of ['admin', 'adam']) {
    await owner.ask({ type: 'setRole', group, user, role: 'admin' })
  }
  await former.ask({ type: 'quitGroup', group })
  await owner.ask({ type: 'removeMember', group, user: 'banned', ban: true })
  const { invites } = await owner.ask({ type: 'createInvite', group, uses: 9 })
  return { group, name, code: invites[0]?.code ?? '', asker: '' }
}

function remove(user: string, ban = false): Deed {
  return ({ group }) => ({ type: 'removeMember', group, user, ban })
}

function role(user: string, to: 'member' | 'admin' | 'owner'): Deed {
  return ({ group }) => ({ type: 'setRole', group, user, role: to })
}
