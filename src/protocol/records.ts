import { type ErrorCode, errorCodes } from './errors.ts'
import { bool, bytes, type Choice, choice, type RecordType, record, text, uint } from './fields.ts'
import { ID_BYTES_MAX, NAME_BYTES_MAX, NONCE_BYTES, TEXT_BYTES_MAX } from './limits.ts'

/** The shared parts of messages. */

export const errorCode = {
  name: 'ErrorCode',
  values: Object.fromEntries(
    Object.entries(errorCodes).map(([name, row]) => [name, row.number]),
  ) as Record<ErrorCode, number>,
} satisfies Choice

export const conversationKind = {
  name: 'ConversationKind',
  values: { unknown: 0, direct: 1, group: 2 },
} as const satisfies Choice

export const role = {
  name: 'Role',
  values: { none: 0, member: 1, admin: 2, owner: 3 },
} as const satisfies Choice

/** What an entry of a log is. A reader passes over kinds that it does not know. */
export const entryKind = {
  name: 'EntryKind',
  values: { unknown: 0, text: 1, created: 2, joined: 3, quit: 4, added: 5 },
} as const satisfies Choice

export const user = {
  name: 'User',
  meaning: 'A person. Id and name are theirs for ever.',
  fields: {
    id: text(1, ID_BYTES_MAX, 'opaque, begins with ~'),
    name: text(2, NAME_BYTES_MAX, 'as they wrote it when they registered'),
  },
} as const satisfies RecordType

export const entry = {
  name: 'Entry',
  meaning: 'One entry of a conversation’s log.',
  fields: {
    seq: uint(1, 'place in the log: 1, 2, 3, … without gaps'),
    time: uint(2, 'when the server took it, milliseconds since 1970'),
    from: text(3, ID_BYTES_MAX, 'id of the user who made it'),
    name: text(4, NAME_BYTES_MAX, 'that user’s name'),
    kind: choice(5, entryKind, 'what it is'),
    text: text(6, TEXT_BYTES_MAX, 'the message, for kind text'),
    nonce: bytes(7, NONCE_BYTES, 'the nonce it was sent with'),
    n: uint(8, 'text messages in the log up to and with this entry'),
    subject: record(9, user, 'kind added: who was added'),
  },
} as const satisfies RecordType

export const head = {
  name: 'Head',
  meaning: 'Where a conversation stands, for one of its members.',
  fields: {
    conversation: text(1, ID_BYTES_MAX, 'its id; of a group also the group’s id'),
    kind: choice(2, conversationKind, 'direct or group'),
    name: text(3, NAME_BYTES_MAX, 'a group’s name, without #'),
    peer: record(4, user, 'direct: the other side (oneself in Notes)'),
    first: uint(5, 'first seq still kept'),
    from: uint(6, 'first seq that this member may see'),
    last: uint(7, 'last seq; 0 for an empty log'),
    n: uint(8, 'text messages up to last'),
    time: uint(9, 'time of the last entry'),
    delivered: uint(10, 'this member’s delivered cursor'),
    read: uint(11, 'this member’s read cursor'),
    readN: uint(12, 'text messages up to read: unread = n − readN'),
    role: choice(13, role, 'what this member is here'),
    members: uint(14, 'how many members a group has'),
  },
} as const satisfies RecordType

export const member = {
  name: 'Member',
  meaning: 'Someone in a group.',
  fields: {
    user: record(1, user, 'who'),
    role: choice(2, role, 'what they are here'),
    online: bool(3, 'connected now'),
  },
} as const satisfies RecordType

export const group = {
  name: 'Group',
  meaning: 'A group as anyone may see it.',
  fields: {
    id: text(1, ID_BYTES_MAX, 'also the id of its conversation'),
    name: text(2, NAME_BYTES_MAX, 'without #'),
    members: uint(3, 'how many members it has'),
    joined: bool(4, 'the asker is a member'),
  },
} as const satisfies RecordType

export const contact = {
  name: 'Contact',
  meaning: 'Someone on one’s contact list.',
  fields: {
    user: record(1, user, 'who'),
    online: bool(2, 'connected now'),
    removed: bool(3, 'was taken off the list'),
  },
} as const satisfies RecordType

export const presence = {
  name: 'Presence',
  meaning: 'Whether someone is connected.',
  fields: {
    user: text(1, ID_BYTES_MAX, 'who'),
    online: bool(2, 'connected now'),
  },
} as const satisfies RecordType
