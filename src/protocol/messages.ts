import type { DraftOf, Fields, ValuesOf } from './fields.ts'
import { bytes, choice, record, recordList, text, textList, uint } from './fields.ts'
import {
  CONTINUATION_BYTES_MAX,
  DEVICE_BYTES_MAX,
  FIRST_MEMBERS_MAX,
  ID_BYTES_MAX,
  LIST_ITEMS_MAX,
  NAME_BYTES_MAX,
  NONCE_BYTES,
  PAGE_ENTRIES_MAX,
  PASSWORD_BYTES_MAX,
  REASON_BYTES_MAX,
  TARGET_BYTES_MAX,
  TEXT_BYTES_MAX,
  TOKEN_BYTES,
} from './limits.ts'
import * as records from './records.ts'

/** Rule 1: field 1 of every request and of every answer. 0 in a notice. */
const request = uint(
  1,
  'request id, chosen by the client, above 0; in the answer the same',
  2 ** 32 - 1,
)
/** Lists are cut by bytes: what continues them. */
const after = text(
  2,
  CONTINUATION_BYTES_MAX,
  'continuation: `next` of the answer before; empty at first',
)
const next = text(15, CONTINUATION_BYTES_MAX, 'continues the list; empty when it is complete')

/**
 * Every message of version 2, the one source of types, codec, limits, fuzz generators,
 * docs/PROTOCOL.md and docs/tchat.proto. 1 to 18 keep the numbers of the mission's instruction set.
 * `answer` names what a request is answered with; any request may be answered with `error` instead.
 */
export const messages = {
  logIn: {
    command: 1,
    from: 'client',
    answer: 'loggedIn',
    meaning: 'Log in with name and password, or with a session token alone.',
    fields: {
      request,
      name: text(2, NAME_BYTES_MAX, 'with password'),
      password: text(3, PASSWORD_BYTES_MAX, 'with name'),
      token: bytes(4, TOKEN_BYTES, 'instead of name and password: what a log-in gave'),
      device: text(5, DEVICE_BYTES_MAX, 'what the client is, for the list of sessions'),
    },
  },
  loggedIn: {
    command: 2,
    from: 'server',
    meaning: 'The connection belongs to this user now. The next thing to ask is `sync`.',
    fields: {
      request,
      user: record(2, records.user, 'who one is'),
      token: bytes(3, TOKEN_BYTES, 'a session token for later log-ins; empty after one by token'),
      heartbeatMs: uint(4, 'send something at least this often; silence of three intervals closes'),
      serverTime: uint(5, 'the server’s clock, milliseconds since 1970'),
    },
  },
  sendDirect: {
    command: 3,
    from: 'client',
    answer: 'sent',
    meaning: 'Say something to a user (oneself: Notes).',
    fields: {
      request,
      to: text(2, TARGET_BYTES_MAX, 'id or name of a user'),
      nonce: bytes(3, NONCE_BYTES, '16 random bytes; the same in every repetition (rule 3)'),
      text: text(4, TEXT_BYTES_MAX, 'the message, not empty'),
    },
  },
  directEntry: {
    command: 4,
    from: 'server',
    meaning: 'A new entry of a direct conversation.',
    fields: {
      conversation: text(2, ID_BYTES_MAX, 'its id; ask `sync` for the head of an unknown one'),
      entry: record(3, records.entry, 'the entry'),
    },
  },
  logOut: {
    command: 5,
    from: 'client',
    answer: 'loggedOut',
    meaning:
      'End the session: its token is worthless from now on, and other connections of it are closed (`revoked`).',
    fields: { request },
  },
  loggedOut: {
    command: 6,
    from: 'server',
    meaning: 'The connection is a guest again.',
    fields: { request },
  },
  createGroup: {
    command: 7,
    from: 'client',
    answer: 'groupCreated',
    meaning: 'Make a public group. Its maker owns it and is a member.',
    fields: {
      request,
      nonce: bytes(2, NONCE_BYTES, '16 random bytes; a repetition answers with the same group'),
      name: text(3, TARGET_BYTES_MAX, 'unique among groups; a leading # is dropped'),
      members: textList(4, FIRST_MEMBERS_MAX, TARGET_BYTES_MAX, 'first members: ids or names'),
    },
  },
  groupCreated: {
    command: 8,
    from: 'server',
    meaning: 'The maker’s answer, and a notice (request 0) to every first member.',
    fields: {
      request,
      group: record(2, records.group, 'the group'),
      by: record(3, records.user, 'who made it'),
    },
  },
  listMembers: {
    command: 9,
    from: 'client',
    answer: 'members',
    meaning: 'Who is in a group. For members only.',
    fields: { request, after, group: text(3, TARGET_BYTES_MAX, 'id or name of a group') },
  },
  members: {
    command: 10,
    from: 'server',
    meaning: 'Members in the order of their joining, cut by bytes.',
    fields: {
      request,
      group: text(2, ID_BYTES_MAX, 'id of the group'),
      members: recordList(3, LIST_ITEMS_MAX, records.member, 'the members'),
      next,
    },
  },
  joinGroup: {
    command: 11,
    from: 'client',
    answer: 'groupJoined',
    meaning: 'Become a member of a public group. Who is one already gets the same answer.',
    fields: { request, group: text(2, TARGET_BYTES_MAX, 'id or name of a group') },
  },
  groupJoined: {
    command: 12,
    from: 'server',
    meaning: 'To the requester; others see the entry `joined`.',
    fields: {
      request,
      group: record(2, records.group, 'the group'),
      seq: uint(3, 'seq of the entry `joined`'),
    },
  },
  quitGroup: {
    command: 13,
    from: 'client',
    answer: 'groupQuit',
    meaning: 'Leave a group. Who is no member gets the same answer.',
    fields: { request, group: text(2, TARGET_BYTES_MAX, 'id or name of a group') },
  },
  groupQuit: {
    command: 14,
    from: 'server',
    meaning: 'To the requester; all members, the leaving one too, see the entry `quit`.',
    fields: {
      request,
      group: text(2, ID_BYTES_MAX, 'id of the group'),
      seq: uint(3, 'seq of the entry `quit`; 0 when one was no member'),
    },
  },
  sendGroup: {
    command: 15,
    from: 'client',
    answer: 'sent',
    meaning: 'Say something to a group one is a member of.',
    fields: {
      request,
      group: text(2, TARGET_BYTES_MAX, 'id or name of a group'),
      nonce: bytes(3, NONCE_BYTES, '16 random bytes; the same in every repetition (rule 3)'),
      text: text(4, TEXT_BYTES_MAX, 'the message, not empty'),
    },
  },
  groupEntry: {
    command: 16,
    from: 'server',
    meaning: 'A new entry of a group’s conversation.',
    fields: {
      conversation: text(
        2,
        ID_BYTES_MAX,
        'id of the group; ask `sync` for the head of an unknown one',
      ),
      entry: record(3, records.entry, 'the entry'),
    },
  },
  heartbeat: {
    command: 17,
    from: 'client',
    answer: 'heartbeatAnswer',
    meaning: 'I am alive; and: is everything I asked so far done?',
    fields: { request },
  },
  heartbeatAnswer: {
    command: 18,
    from: 'server',
    meaning: 'Everything earlier on this connection is durable and answered (rule 4).',
    fields: { request },
  },

  error: {
    command: 20,
    from: 'server',
    meaning: 'The request was not done, and nothing of it.',
    fields: {
      request,
      code: choice(2, records.errorCode, 'what was wrong; stable'),
      text: text(3, REASON_BYTES_MAX, 'the same for people, in English'),
      retryMs: uint(4, 'try again after so many milliseconds; 0: repeating does not help'),
    },
  },
  goodbye: {
    command: 21,
    from: 'server',
    meaning: 'The last frame before the server closes the connection.',
    fields: {
      code: choice(2, records.errorCode, 'why'),
      text: text(3, REASON_BYTES_MAX, 'the same for people, in English'),
    },
  },
  register: {
    command: 22,
    from: 'client',
    answer: 'loggedIn',
    meaning: 'Create an account and log in to it.',
    fields: {
      request,
      name: text(2, NAME_BYTES_MAX, 'see rule 12'),
      password: text(3, PASSWORD_BYTES_MAX, 'at least 8 characters'),
      device: text(5, DEVICE_BYTES_MAX, 'what the client is, for the list of sessions'),
    },
  },
  sent: {
    command: 23,
    from: 'server',
    meaning: 'What was said is on disk. A repetition gets the first one’s place.',
    fields: {
      request,
      conversation: text(2, ID_BYTES_MAX, 'where it stands'),
      seq: uint(3, 'its place there'),
      time: uint(4, 'when the server took it, milliseconds since 1970'),
    },
  },
  sync: {
    command: 24,
    from: 'client',
    answer: 'heads',
    meaning: 'Where do all my conversations, or the named ones, stand?',
    fields: {
      request,
      after,
      conversations: textList(3, LIST_ITEMS_MAX, ID_BYTES_MAX, 'only these; empty: all'),
    },
  },
  heads: {
    command: 25,
    from: 'server',
    meaning: 'Heads of conversations one is a member of; others are left out.',
    fields: { request, heads: recordList(3, LIST_ITEMS_MAX, records.head, 'the heads'), next },
  },
  getPage: {
    command: 26,
    from: 'client',
    answer: 'page',
    meaning: 'A stretch of a log. At most one of before, after, around; none: the newest.',
    fields: {
      request,
      conversation: text(2, ID_BYTES_MAX, 'which'),
      before: uint(3, 'entries with a smaller seq, the newest of them'),
      after: uint(4, 'entries with a greater seq, the oldest of them'),
      around: uint(5, 'entries on both sides of this seq, and itself'),
      limit: uint(6, 'how many at most; 0: as many as fit', PAGE_ENTRIES_MAX),
    },
  },
  page: {
    command: 27,
    from: 'server',
    meaning: 'Entries in the order of seq, without gaps, cut by bytes.',
    fields: {
      request,
      conversation: text(2, ID_BYTES_MAX, 'which'),
      entries: recordList(3, PAGE_ENTRIES_MAX, records.entry, 'the entries'),
      first: uint(4, 'the first seq this member may see: nothing older can be had'),
      last: uint(5, 'the last seq of the log'),
    },
  },
  mark: {
    command: 28,
    from: 'client',
    answer: 'marked',
    meaning: 'Move one’s cursors forward; a smaller value moves nothing (rule 6).',
    fields: {
      request,
      conversation: text(2, ID_BYTES_MAX, 'which'),
      delivered: uint(3, 'everything up to here reached me; 0: no change'),
      read: uint(4, 'everything up to here was read; 0: no change'),
    },
  },
  marked: {
    command: 29,
    from: 'server',
    meaning: 'Where one’s cursors are: the answer, and a notice to one’s other connections.',
    fields: {
      request,
      conversation: text(2, ID_BYTES_MAX, 'which'),
      delivered: uint(3, 'delivered cursor'),
      read: uint(4, 'read cursor'),
      readN: uint(5, 'text messages up to read: unread = n − readN'),
    },
  },
  watch: {
    command: 30,
    from: 'client',
    answer: 'presences',
    meaning: 'This conversation is open here: tell me who of it is online, and changes (rule 10).',
    fields: {
      request,
      conversation: text(2, ID_BYTES_MAX, 'which; empty: none is open'),
    },
  },
  presences: {
    command: 31,
    from: 'server',
    meaning: 'Who is online: the answer to `watch`, and changes at most once a second.',
    fields: {
      request,
      conversation: text(2, ID_BYTES_MAX, 'the one that is open; empty in a notice'),
      online: uint(3, 'in the answer: how many of its members are online'),
      users: recordList(
        4,
        LIST_ITEMS_MAX,
        records.presence,
        'answer: who is online; notice: changes',
      ),
    },
  },
  listContacts: {
    command: 32,
    from: 'client',
    answer: 'contacts',
    meaning: 'One’s contact list.',
    fields: { request, after },
  },
  contacts: {
    command: 33,
    from: 'server',
    meaning: 'Contacts that are, came or went: an answer, and a notice to one’s other connections.',
    fields: {
      request,
      contacts: recordList(3, LIST_ITEMS_MAX, records.contact, 'each of them'),
      next,
    },
  },
  addContact: {
    command: 34,
    from: 'client',
    answer: 'contacts',
    meaning: 'Put someone on one’s contact list.',
    fields: { request, user: text(2, TARGET_BYTES_MAX, 'id or name') },
  },
  removeContact: {
    command: 35,
    from: 'client',
    answer: 'contacts',
    meaning: 'Take someone off one’s contact list.',
    fields: { request, user: text(2, TARGET_BYTES_MAX, 'id or name') },
  },
  find: {
    command: 36,
    from: 'client',
    answer: 'found',
    meaning: 'Users and public groups whose name begins so (case does not count).',
    fields: {
      request,
      after,
      text: text(3, TARGET_BYTES_MAX, 'the beginning; empty: groups only'),
    },
  },
  found: {
    command: 37,
    from: 'server',
    meaning: 'Groups with most members first, users by name.',
    fields: {
      request,
      users: recordList(2, LIST_ITEMS_MAX, records.user, 'users'),
      groups: recordList(3, LIST_ITEMS_MAX, records.group, 'groups'),
      next,
    },
  },
} as const satisfies Record<string, MessageRow>

type MessageRow = Readonly<{
  command: number
  from: 'client' | 'server'
  answer?: string
  meaning: string
  fields: Fields
}>

export type MessageType = keyof typeof messages

/** A decoded message: every field is there. */
export type MessageOf<T extends MessageType> = T extends MessageType
  ? { readonly type: T } & ValuesOf<(typeof messages)[T]['fields']>
  : never

/** A message to encode: absent fields are their defaults. */
export type DraftMessage<T extends MessageType = MessageType> = T extends MessageType
  ? { readonly type: T } & DraftOf<(typeof messages)[T]['fields']>
  : never

type SentBy<S extends 'client' | 'server'> = {
  [T in MessageType]: (typeof messages)[T]['from'] extends S ? T : never
}[MessageType]

export type ClientMessageType = SentBy<'client'>
export type ServerMessageType = SentBy<'server'>
export type ClientMessage = MessageOf<ClientMessageType>
export type ServerMessage = MessageOf<ServerMessageType>
export type Message = MessageOf<MessageType>

/** What answers a request of this type. */
export type AnswerOf<T extends ClientMessageType> = (typeof messages)[T] extends {
  answer: infer A extends MessageType
}
  ? MessageOf<A>
  : never

export type User = ValuesOf<typeof records.user.fields>
export type Entry = ValuesOf<typeof records.entry.fields>
export type EntryKind = Entry['kind']
export type Head = ValuesOf<typeof records.head.fields>
export type Member = ValuesOf<typeof records.member.fields>
export type Role = Member['role']
export type Group = ValuesOf<typeof records.group.fields>
export type Contact = ValuesOf<typeof records.contact.fields>
export type Presence = ValuesOf<typeof records.presence.fields>
