import { type ErrorCode, errorCodes } from './errors.ts'
import {
  bool,
  bytes,
  type Choice,
  choice,
  type RecordType,
  record,
  recordList,
  text,
  textList,
  uint,
} from './fields.ts'
import {
  DEVICE_BYTES_MAX,
  ID_BYTES_MAX,
  INVITE_BYTES_MAX,
  MENTIONS_COUNTED_MAX,
  MENTIONS_MAX,
  NAME_BYTES_MAX,
  NONCE_BYTES,
  REACTION_BYTES_MAX,
  REACTIONS_MAX,
  SESSION_ID_BYTES_MAX,
  TEXT_BYTES_MAX,
  TOPIC_BYTES_MAX,
} from './limits.ts'

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
  values: {
    unknown: 0,
    text: 1,
    created: 2,
    joined: 3,
    quit: 4,
    added: 5,
    edited: 6,
    deleted: 7,
    reacted: 8,
    unreacted: 9,
    removed: 10,
    banned: 11,
    role: 12,
    renamed: 13,
    topic: 14,
    access: 15,
    ended: 16,
  },
} as const satisfies Choice

/** Who may enter a group. */
export const access = {
  name: 'Access',
  values: { unknown: 0, public: 1, invite: 2 },
} as const satisfies Choice

/** What of a conversation one's clients tell one about: as a bell, as a notification. */
export const notifyLevel = {
  name: 'NotifyLevel',
  values: { unknown: 0, default: 1, all: 2, mentions: 3, none: 4 },
} as const satisfies Choice

/** A yes or no of which the asker may leave open what it is to be. */
export const turn = {
  name: 'Turn',
  values: { unknown: 0, on: 1, off: 2 },
} as const satisfies Choice

/** What a person says of themselves while they are connected. */
export const status = {
  name: 'Status',
  values: { available: 0, away: 1, busy: 2 },
} as const satisfies Choice

/** What an operator may ask for; `tchat admin` has a command for each. */
export const adminVerb = {
  name: 'AdminVerb',
  values: {
    unknown: 0,
    status: 1,
    users: 2,
    groups: 3,
    sessions: 4,
    invites: 5,
    operators: 6,
    operator: 7,
    kick: 8,
    ban: 9,
    unban: 10,
    password: 11,
    invite: 12,
    revoke: 13,
    erase: 14,
    endGroup: 15,
    backup: 16,
    verify: 17,
    export: 18,
  },
} as const satisfies Choice

export const user = {
  name: 'User',
  meaning: 'A person. Id and name are theirs for ever.',
  fields: {
    id: text(1, ID_BYTES_MAX, 'opaque, begins with ~'),
    name: text(2, NAME_BYTES_MAX, 'as they wrote it when they registered'),
  },
} as const satisfies RecordType

export const reaction = {
  name: 'Reaction',
  meaning: 'What was put to a text.',
  fields: {
    text: text(1, REACTION_BYTES_MAX, 'an emoji or a short word'),
    count: uint(2, 'how many members put it'),
    mine: bool(3, 'the asker is one of them'),
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
    text: text(
      6,
      TEXT_BYTES_MAX,
      'text, edited: the message (empty: it was deleted, or is of before one came); (un)reacted: the reaction; renamed, topic: the new one; access: public or invite',
    ),
    nonce: bytes(7, NONCE_BYTES, 'the nonce it was sent with'),
    n: uint(8, 'text messages in the log up to and with this entry'),
    subject: record(9, user, 'added, removed, banned, role: who it happened to'),
    target: uint(
      10,
      'edited, deleted, (un)reacted: seq of the text; text: seq of what it answers, 0 for none',
    ),
    mentions: textList(
      11,
      MENTIONS_MAX,
      ID_BYTES_MAX,
      'text, edited: ids of members whom it names with @',
    ),
    role: choice(12, role, 'kind role: what the subject is now'),
    changed: uint(
      13,
      'in a page: seq of the last entry that changed this text; it stands here as of then',
    ),
    edited: bool(14, 'in a page: the text is not the first one'),
    reactions: recordList(15, REACTIONS_MAX, reaction, 'in a page: as of `changed`'),
  },
} as const satisfies RecordType

export const preferences = {
  name: 'Preferences',
  meaning: 'What a member wants of a conversation for themselves (rule 6); left out, nothing.',
  fields: {
    pinned: bool(1, 'it stands first'),
    muted: bool(2, 'it is not counted, and asks for no attention but where one is named'),
    notify: choice(3, notifyLevel, 'what one is told about; unknown: default'),
    unread: uint(4, 'from this seq on it is to be read again; 0: it is not marked as unread'),
    unreadN: uint(
      5,
      'text messages before `unread`: where that is above 0, unread = n − min(readN, unreadN)',
    ),
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
    mentions: uint(
      15,
      `texts above read that name this member; ${MENTIONS_COUNTED_MAX}: so many or more`,
    ),
    topic: text(16, TOPIC_BYTES_MAX, 'what a group is about'),
    access: choice(17, access, 'of a group'),
    preferences: record(18, preferences, 'this member’s own; left out while there are none'),
  },
} as const satisfies RecordType

export const member = {
  name: 'Member',
  meaning: 'Someone in a group.',
  fields: {
    user: record(1, user, 'who'),
    role: choice(2, role, 'what they are here'),
    online: bool(3, 'connected now'),
    status: choice(4, status, 'while they are connected'),
    classic: bool(5, 'came with version 1, whose clients all send one password'),
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
    topic: text(5, TOPIC_BYTES_MAX, 'what it is about'),
    access: choice(6, access, 'who may enter'),
    history: bool(7, 'newcomers may read what was said before; always so where access is public'),
  },
} as const satisfies RecordType

export const contact = {
  name: 'Contact',
  meaning: 'Someone on one’s contact list.',
  fields: {
    user: record(1, user, 'who'),
    online: bool(2, 'connected now'),
    removed: bool(3, 'is not on the list (any more)'),
    blocked: bool(4, 'is blocked: cannot write to one nor add one to groups'),
    status: choice(5, status, 'while they are connected'),
  },
} as const satisfies RecordType

export const presence = {
  name: 'Presence',
  meaning: 'Whether someone is connected, and what they say of themselves.',
  fields: {
    user: text(1, ID_BYTES_MAX, 'who'),
    online: bool(2, 'connected now'),
    status: choice(3, status, 'while they are connected'),
  },
} as const satisfies RecordType

export const invite = {
  name: 'Invite',
  meaning: 'Lets someone into a group, and register where that takes an invite.',
  fields: {
    code: text(1, INVITE_BYTES_MAX, 'what is passed on: a secret'),
    group: text(2, ID_BYTES_MAX, 'id of the group; empty: it is only for registering'),
    by: record(3, user, 'who made it'),
    uses: uint(4, 'how many people it lets in'),
    used: uint(5, 'how many it has let in'),
    expires: uint(6, 'milliseconds since 1970'),
  },
} as const satisfies RecordType

export const session = {
  name: 'Session',
  meaning: 'A log-in of one’s account that has not ended.',
  fields: {
    id: text(1, SESSION_ID_BYTES_MAX, 'opaque; says nothing of its token'),
    device: text(2, DEVICE_BYTES_MAX, 'what the client said it is'),
    created: uint(3, 'milliseconds since 1970'),
    used: uint(4, 'about when it last logged in'),
    current: bool(5, 'it is the one that asks'),
    online: bool(6, 'a connection belongs to it now'),
  },
} as const satisfies RecordType

export const receipt = {
  name: 'Receipt',
  meaning: 'How far a member has got.',
  fields: {
    user: text(1, ID_BYTES_MAX, 'who'),
    delivered: uint(2, 'delivered cursor'),
    read: uint(3, 'read cursor; 0 for who does not show it'),
  },
} as const satisfies RecordType

export const hit = {
  name: 'Hit',
  meaning: 'A text that was searched for.',
  fields: {
    conversation: text(1, ID_BYTES_MAX, 'where it stands'),
    entry: record(2, entry, 'the text in its present form'),
  },
} as const satisfies RecordType
