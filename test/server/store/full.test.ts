import { expect, onTestFinished, test } from 'vitest'
import { ChatError } from '../../../src/protocol/errors.ts'
import { type Call, type Method, refusalIn } from '../../../src/server/store/calls.ts'
import { openDatabase } from '../../../src/server/store/database.ts'
import { batchesOn } from '../../../src/server/store/operations.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const TIME = 5
const HASH = Buffer.alloc(32)
const BYTES = Buffer.alloc(16)
const act = { by: '~u1', group: '#ops', time: TIME }
const list = { after: '', limit: 9 }

/** What is asked where there is no room. The group has Ann, its owner, and Bob; Cleo is in none. */
type Asked = { readonly [M in Method]: readonly Extract<Call, readonly [M, ...unknown[]]>[] }

/** They add something that could be left out. */
const refused = {
  createAccount: [
    ['createAccount', { name: 'dan', passwordHash: '', time: TIME, joins: undefined }],
  ],
  append: [
    [
      'append',
      {
        sender: '~u1',
        kind: 'group',
        target: '#ops',
        nonce: 'n'.repeat(16),
        text: 'a',
        time: TIME,
      },
    ],
    [
      'append',
      {
        sender: '~u1',
        kind: 'direct',
        target: 'cleo',
        nonce: 'n'.repeat(16),
        text: 'a',
        time: TIME,
      },
    ],
  ],
  edit: [['edit', { user: '~u2', conversation: '~c1', seq: 3, text: 'b', time: TIME }]],
  react: [
    ['react', { user: '~u1', conversation: '~c1', seq: 3, text: '-', remove: false, time: TIME }],
    ['react', { user: '~u1', conversation: '~c1', seq: 3, text: '+', remove: true, time: TIME }],
  ],
  changeSettings: [['changeSettings', '~u1', { hideReceipts: true }]],
  changePreferences: [
    [
      'changePreferences',
      {
        user: '~u1',
        conversation: '~c1',
        pinned: true,
        muted: undefined,
        notify: undefined,
        unread: undefined,
      },
    ],
  ],
  createGroup: [
    [
      'createGroup',
      { by: '~u1', nonce: Buffer.alloc(16, 2), name: 'new', members: [], time: TIME },
    ],
  ],
  join: [['join', '~u3', '#ops', TIME]],
  addMembers: [['addMembers', { ...act, users: ['cleo'] }]],
  setRole: [['setRole', { ...act, user: 'bob', role: 'admin' }]],
  renameGroup: [['renameGroup', { ...act, name: 'ops2' }]],
  setTopic: [['setTopic', { ...act, topic: 'new' }]],
  setAccess: [['setAccess', { ...act, access: 'invite', history: true }]],
  createInvite: [
    ['createInvite', { by: '~u1', code: 'd', group: '', uses: 1, time: TIME, expires: 9 }],
  ],
  addContact: [['addContact', '~u1', 'cleo']],
  block: [['block', '~u1', 'cleo']],
} satisfies Partial<Asked>

/** They make it less, change in place what is there, are bounded, or are for operators. */
const done = {
  findAccount: [['findAccount', 'ann']],
  setPasswordHash: [['setPasswordHash', '~u1', 'x']],
  changePassword: [['changePassword', '~u1', 'x', HASH]],
  findUser: [['findUser', 'ann']],
  createSession: [
    ['createSession', { tokenHash: HASH, user: '~u1', device: '', time: TIME, expires: 99 }],
  ],
  findSession: [['findSession', HASH, TIME]],
  prolongSession: [['prolongSession', HASH, TIME, 99]],
  sessions: [['sessions', '~u1', TIME]],
  sessionsAlive: [['sessionsAlive', [HASH], TIME]],
  endSession: [['endSession', '~u1', 'x']],
  endOtherSessions: [['endOtherSessions', '~u1', HASH]],
  deleteSession: [['deleteSession', HASH]],
  page: [
    [
      'page',
      { user: '~u1', conversation: '~c1', before: 0, after: 0, around: 0, limit: 9, maxBytes: 999 },
    ],
  ],
  read: [['read', '~c1', 0, 9]],
  latecomers: [['latecomers', '~c1', 1, []]],
  heads: [['heads', { user: '~u1', conversations: [], ...list }]],
  moveCursors: [['moveCursors', [{ user: '~u2', conversation: '~c1', delivered: 2, read: 2 }]]],
  receipts: [['receipts', { user: '~u1', conversation: '~c1', seq: 0 }]],
  receiptsOf: [['receiptsOf', '~c1', []]],
  lastTextOf: [['lastTextOf', '~u1', '~c1']],
  scene: [['scene', '~u1', '~c1']],
  settings: [['settings', '~u1']],
  statuses: [['statuses', ['~u1']]],
  members: [['members', { user: '~u1', group: '#ops', ...list }]],
  bans: [['bans', { user: '~u1', group: '#ops', ...list }]],
  groupsOf: [['groupsOf', '~u1']],
  lasts: [['lasts', ['~c1']]],
  directsSince: [['directsSince', ['~u1'], TIME]],
  firstMembers: [['firstMembers', '~u1', '~c1', 9]],
  listInvites: [['listInvites', { user: '~u1', group: '', time: TIME, ...list }]],
  revokeInvite: [['revokeInvite', '~u1', 'c']],
  contacts: [['contacts', '~u1', '', 9]],
  removeContact: [['removeContact', '~u1', 'bob']],
  circle: [['circle', '~u1']],
  unblock: [['unblock', '~u1', 'bob']],
  blockers: [['blockers', '~u1']],
  find: [['find', '~u1', 'a', 9]],
  readable: [['readable', '~u1', '']],
  extents: [['extents', 0, 9]],
  changes: [['changes', [[1, 0]], 9]],
  hits: [['hits', '~u1', [[1, 3]], 999]],
  standing: [['standing', 'ann']],
  setOperator: [['setOperator', 'ann', true]],
  setBanned: [['setBanned', 'cleo', true, '']],
  survey: [['survey', { of: 'users', user: '', ...list }]],
  figures: [['figures']],
  exportPage: [['exportPage', { user: '', group: '', after: '', maxBytes: 999 }]],
  eraseTexts: [['eraseTexts', { user: 'bob', time: TIME, after: '', limit: 9 }]],
  deleteEntry: [['deleteEntry', { user: '~u1', conversation: '~c1', seq: 3, time: TIME }]],
  unban: [['unban', '~u1', '#ops', 'cleo']],
  removeMember: [['removeMember', { ...act, user: 'bob', ban: true }]],
  quit: [['quit', '~u1', '#ops', TIME]],
  deleteGroup: [['deleteGroup', '~u1', '#den', TIME]],
  endGroup: [['endGroup', undefined, '#ops', TIME]],
  retain: [['retain', { before: 0, after: '' }]],
  deleteAccount: [['deleteAccount', '~u2', TIME]],
} satisfies Partial<Asked>

/** Every method is here or there. */
const all: Asked = { ...refused, ...done }

test('where there is no room, what would take more of it is refused, and nothing else', () => {
  const { run, fill } = village()
  fill()
  const strangers: Call = ['removeMember', { ...act, user: 'cleo', ban: true }]
  expect(run(strangers)).toBe('storageFull')
  for (const call of Object.values(all).flat()) {
    expect([call[0], run(call)]).toEqual([call[0], call[0] in refused ? 'storageFull' : 'done'])
  }
})

function village() {
  const db = openDatabase(temporaryFolder())
  onTestFinished(() => db.close())
  let full = false
  const check = () => {
    if (full) throw new ChatError('storageFull')
  }
  const batches = batchesOn(db, { check })
  const run = (call: Call): string => {
    return refusalIn(batches.run([call]).answers[0])?.code ?? 'done'
  }
  const calls: readonly Call[] = [
    ...['ann', 'bob', 'cleo'].map((name): Call => {
      return ['createAccount', { name, passwordHash: '', time: 1, joins: undefined }]
    }),
    ['createGroup', { by: '~u1', nonce: BYTES, name: 'ops', members: ['bob'], time: 1 }],
    [
      'append',
      { sender: '~u2', kind: 'group', target: '#ops', nonce: 'a'.repeat(16), text: 'a', time: 2 },
    ],
    ['createGroup', { by: '~u1', nonce: Buffer.alloc(16, 1), name: 'den', members: [], time: 1 }],
    ['react', { user: '~u1', conversation: '~c1', seq: 3, text: '+', remove: false, time: 3 }],
    ['createInvite', { by: '~u1', code: 'c', group: '', uses: 1, time: 1, expires: 99 }],
  ]
  for (const call of calls) expect([call[0], run(call)]).toEqual([call[0], 'done'])
  const fill = () => {
    full = true
  }
  return { run, fill }
}
