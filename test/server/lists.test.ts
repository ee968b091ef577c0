import { expect, test } from 'vitest'
import { encode } from '../../src/protocol/codec.ts'
import { LIST_ITEMS_MAX, NAME_BYTES_MAX, TOPIC_BYTES_MAX } from '../../src/protocol/limits.ts'
import * as records from '../../src/protocol/records.ts'
import { itemsThatFit } from '../../src/server/lists.ts'

const ID = '~'.repeat(32)
const NAME = 'n'.repeat(NAME_BYTES_MAX)
const TOKEN = 't'.repeat(256)
const MOST = Number.MAX_SAFE_INTEGER
const user = { id: ID, name: NAME }

test('the longest lists fit into a frame, whatever is in them', () => {
  const request = 2 ** 32 - 1
  const member = { user, role: 'owner', online: true } as const
  const members = Array<typeof member>(itemsThatFit(records.member)).fill(member)
  encode({ type: 'members', request, group: ID, members, next: TOKEN })
  const contact = { user, online: true, removed: true }
  const contacts = Array<typeof contact>(itemsThatFit(records.contact)).fill(contact)
  encode({ type: 'contacts', request, contacts, next: TOKEN })
  const head = {
    conversation: ID,
    kind: 'group',
    name: NAME,
    peer: user,
    first: MOST,
    from: MOST,
    last: MOST,
    n: MOST,
    time: MOST,
    delivered: MOST,
    read: MOST,
    readN: MOST,
    role: 'owner',
    members: MOST,
    mentions: MOST,
    topic: 'x'.repeat(TOPIC_BYTES_MAX),
    access: 'invite',
  } as const
  const heads = Array<typeof head>(itemsThatFit(records.head)).fill(head)
  expect(encode({ type: 'heads', request, heads, next: TOKEN }).length).toBeGreaterThan(60_000)
  const group = {
    id: ID,
    name: NAME,
    members: MOST,
    joined: true,
    topic: 'x'.repeat(TOPIC_BYTES_MAX),
    access: 'invite',
    history: true,
  } as const
  const count = itemsThatFit(records.user, records.group)
  const users = Array<typeof user>(count).fill(user)
  const groups = Array<typeof group>(count).fill(group)
  encode({ type: 'found', request, users, groups, next: TOKEN })
  const presence = { user: ID, online: true }
  encode({ type: 'presences', users: Array<typeof presence>(LIST_ITEMS_MAX).fill(presence) })
})
