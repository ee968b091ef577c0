import type { Access, Role } from '../../src/protocol/messages.ts'
import type { Call } from '../../src/server/store/calls.ts'
import type { SeededRandom } from './seeded-random.ts'

const ROLES: readonly Role[] = ['none', 'member', 'admin', 'owner']
const ACCESSES: readonly Access[] = ['public', 'invite', 'unknown']

/** Anything that three users could do to two groups and to one another; much of it is refused. */
export function groupCalls(random: SeededRandom): () => Call {
  const user = () => `~u${1 + random.below(3)}`
  const name = () => random.pick(['#ops', '#den'])
  const act = () => ({ by: user(), group: name(), time: random.below(100) })
  const code = () => `code${random.below(50)}`
  const query = () => ({ user: user(), group: name(), after: '', limit: 9 })
  const invite = { uses: 2, time: 1, expires: 1_000 }
  let codes = 0
  const nextCode = () => {
    codes += 1
    return `code${codes}`
  }
  const made = () => ({
    by: user(),
    nonce: Buffer.alloc(16, random.below(20)),
    members: [user()],
    time: random.below(100),
  })
  const nonce = () => `${random.below(40)}`.padStart(16)
  const said = () => ({ sender: user(), nonce: nonce(), text: '@ann', time: random.below(100) })
  const choices: readonly (() => Call)[] = [
    () => ['createGroup', { ...made(), name: name() }],
    () => ['createGroup', { ...made(), name: name(), access: 'invite' }],
    () => ['append', { ...said(), kind: 'group', target: name() }],
    () => ['append', { ...said(), kind: 'group', target: name() }],
    () => ['append', { ...said(), kind: 'direct', target: user() }],
    () => ['join', user(), name(), random.below(100)],
    () => ['quit', user(), name(), random.below(100)],
    () => ['heads', { user: user(), after: '', limit: 9, conversations: [] }],
    () => ['members', query()],
    () => ['read', `~c${1 + random.below(9)}`, 0, 500],
    () => ['addMembers', { ...act(), users: [user(), user()] }],
    () => ['removeMember', { ...act(), user: user(), ban: random.below(2) === 0 }],
    () => ['unban', user(), name(), user()],
    () => ['bans', query()],
    () => ['setRole', { ...act(), user: user(), role: random.pick(ROLES) }],
    () => ['renameGroup', { ...act(), name: name() }],
    () => ['setTopic', { ...act(), topic: `${random.below(3)}` }],
    () => ['setAccess', { ...act(), access: random.pick(ACCESSES), history: random.below(2) > 0 }],
    () => ['deleteGroup', user(), name(), random.below(100)],
    () => ['createInvite', { ...invite, by: user(), group: name(), code: nextCode() }],
    () => ['listInvites', { ...query(), time: 2 }],
    () => ['revokeInvite', user(), code()],
    () => ['join', user(), name(), random.below(100), code()],
    () => ['block', user(), user()],
    () => ['unblock', user(), user()],
    () => ['contacts', user(), '', 9],
    () => ['find', user(), '', 9],
  ]
  return () => random.pick(choices)()
}
