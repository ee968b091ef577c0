import type { DraftOf, Fields, ValuesOf } from './fields.ts'
import { bool, bytes, choice, record, recordList, text, textList, uint } from './fields.ts'
import {
  ADMIN_ARGUMENT_BYTES_MAX,
  ADMIN_REPORT_BYTES_MAX,
  CONTINUATION_BYTES_MAX,
  DEVICE_BYTES_MAX,
  FIRST_MEMBERS_MAX,
  ID_BYTES_MAX,
  INVITE_BYTES_MAX,
  INVITE_DAYS_MAX,
  INVITE_USES_MAX,
  LIST_ITEMS_MAX,
  NAME_BYTES_MAX,
  NONCE_BYTES,
  OPERATOR_SECRET_BYTES,
  PAGE_ENTRIES_MAX,
  PASSWORD_BYTES_MAX,
  REACTION_BYTES_MAX,
  REASON_BYTES_MAX,
  RECEIPT_MEMBERS_MAX,
  SEARCH_BYTES_MAX,
  SEARCH_WORDS_MAX,
  SESSION_ID_BYTES_MAX,
  TARGET_BYTES_MAX,
  TEXT_BYTES_MAX,
  TOKEN_BYTES,
  TOPIC_BYTES_MAX,
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
      reply: uint(5, 'seq of the text that this one answers; 0: none'),
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
    meaning: 'Make a group. Its maker owns it and is a member.',
    fields: {
      request,
      nonce: bytes(2, NONCE_BYTES, '16 random bytes; a repetition answers with the same group'),
      name: text(
        3,
        TARGET_BYTES_MAX,
        'unique among groups; a leading # is dropped; empty: named after its id',
      ),
      members: textList(4, FIRST_MEMBERS_MAX, TARGET_BYTES_MAX, 'first members: ids or names'),
      access: choice(5, records.access, 'who may enter; unknown: public'),
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
    meaning: 'Become a member of a group. Who is one already gets the same answer.',
    fields: {
      request,
      group: text(2, TARGET_BYTES_MAX, 'id or name of a group'),
      invite: text(3, INVITE_BYTES_MAX, 'a code, where the group is by invitation'),
    },
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
      reply: uint(5, 'seq of the text that this one answers; 0: none'),
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
      invite: text(6, INVITE_BYTES_MAX, 'a code, where registering takes one'),
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
    meaning:
      'Where one’s cursors are: the answer, and a notice to one’s other connections. They never go back: of what several nodes tell the older may come last.',
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
    meaning:
      'Who is online: the answer to `watch`, and changes at most once a second. One with a conversation says how many of it are (rule 10).',
    fields: {
      request,
      conversation: text(
        2,
        ID_BYTES_MAX,
        'the one that is open; in a notice only where `online` is told',
      ),
      online: uint(3, 'how many members of the conversation are online'),
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

  done: {
    command: 38,
    from: 'server',
    meaning: 'It was done; there is nothing to tell.',
    fields: { request },
  },
  changePassword: {
    command: 39,
    from: 'client',
    answer: 'done',
    meaning: 'A new password. All other sessions of the account end.',
    fields: {
      request,
      old: text(2, PASSWORD_BYTES_MAX, 'the present one'),
      password: text(3, PASSWORD_BYTES_MAX, 'the new one, at least 8 characters'),
    },
  },
  deleteAccount: {
    command: 40,
    from: 'client',
    answer: 'done',
    meaning:
      'One’s account is no more: memberships, contacts, sessions. What one said stays, the name is never given again.',
    fields: { request, password: text(2, PASSWORD_BYTES_MAX, 'to be sure') },
  },
  listSessions: {
    command: 41,
    from: 'client',
    answer: 'sessions',
    meaning: 'The sessions of one’s account.',
    fields: { request, after },
  },
  sessions: {
    command: 42,
    from: 'server',
    meaning: 'Sessions, the one used last first.',
    fields: {
      request,
      sessions: recordList(3, LIST_ITEMS_MAX, records.session, 'the sessions'),
      next,
    },
  },
  endSession: {
    command: 43,
    from: 'client',
    answer: 'done',
    meaning: 'End a session, or all others: their tokens are worthless, their connections close.',
    fields: {
      request,
      session: text(2, SESSION_ID_BYTES_MAX, 'id; empty: all but the one that asks'),
    },
  },

  createInvite: {
    command: 44,
    from: 'client',
    answer: 'invites',
    meaning: 'Let people in by a code. Of a group by invitation: for its admins and owners.',
    fields: {
      request,
      group: text(2, TARGET_BYTES_MAX, 'id or name of a group; empty: only to register'),
      uses: uint(3, 'how many people it lets in; 0: one', INVITE_USES_MAX),
      days: uint(4, 'how long it lasts; 0: 7', INVITE_DAYS_MAX),
    },
  },
  listInvites: {
    command: 45,
    from: 'client',
    answer: 'invites',
    meaning:
      'Invites that have not expired, also used-up ones: one’s own; of a group one manages, all.',
    fields: { request, after, group: text(3, TARGET_BYTES_MAX, 'of this group; empty: one’s own') },
  },
  invites: {
    command: 46,
    from: 'server',
    meaning: 'Invites, the newest first.',
    fields: { request, invites: recordList(3, LIST_ITEMS_MAX, records.invite, 'invites'), next },
  },
  revokeInvite: {
    command: 47,
    from: 'client',
    answer: 'done',
    meaning: 'The code lets nobody in any more. For its maker, and those who manage its group.',
    fields: { request, code: text(2, INVITE_BYTES_MAX, 'the code') },
  },

  addMembers: {
    command: 48,
    from: 'client',
    answer: 'groupChanged',
    meaning: 'Make others members. In a group by invitation: for admins and owners.',
    fields: {
      request,
      group: text(2, TARGET_BYTES_MAX, 'id or name of a group'),
      users: textList(
        3,
        FIRST_MEMBERS_MAX,
        TARGET_BYTES_MAX,
        'ids or names; members are passed over',
      ),
    },
  },
  removeMember: {
    command: 49,
    from: 'client',
    answer: 'groupChanged',
    meaning: 'Put someone out of a group, for good if `ban`. For admins; of admins: for owners.',
    fields: {
      request,
      group: text(2, TARGET_BYTES_MAX, 'id or name of a group'),
      user: text(3, TARGET_BYTES_MAX, 'id or name; with `ban` also who is no member'),
      ban: bool(4, 'they cannot come back'),
    },
  },
  unban: {
    command: 50,
    from: 'client',
    answer: 'groupChanged',
    meaning: 'Let someone come back. For admins and owners.',
    fields: {
      request,
      group: text(2, TARGET_BYTES_MAX, 'id or name of a group'),
      user: text(3, TARGET_BYTES_MAX, 'id or name'),
    },
  },
  listBans: {
    command: 51,
    from: 'client',
    answer: 'bans',
    meaning: 'Who is banned from a group. For admins and owners.',
    fields: { request, after, group: text(3, TARGET_BYTES_MAX, 'id or name of a group') },
  },
  bans: {
    command: 52,
    from: 'server',
    meaning: 'Those who are banned.',
    fields: { request, users: recordList(3, LIST_ITEMS_MAX, records.user, 'who'), next },
  },
  setRole: {
    command: 53,
    from: 'client',
    answer: 'groupChanged',
    meaning: 'Make a member admin, owner or a plain member again. For owners.',
    fields: {
      request,
      group: text(2, TARGET_BYTES_MAX, 'id or name of a group'),
      user: text(3, TARGET_BYTES_MAX, 'id or name of a member'),
      role: choice(4, records.role, 'member, admin or owner'),
    },
  },
  renameGroup: {
    command: 54,
    from: 'client',
    answer: 'groupChanged',
    meaning: 'Give a group another name. For admins and owners.',
    fields: {
      request,
      group: text(2, TARGET_BYTES_MAX, 'id or name of a group'),
      name: text(3, TARGET_BYTES_MAX, 'the new name'),
    },
  },
  setTopic: {
    command: 55,
    from: 'client',
    answer: 'groupChanged',
    meaning: 'Say what a group is about. For admins and owners; where there is none, for members.',
    fields: {
      request,
      group: text(2, TARGET_BYTES_MAX, 'id or name of a group'),
      topic: text(3, TOPIC_BYTES_MAX, 'one line; empty: none'),
    },
  },
  setAccess: {
    command: 56,
    from: 'client',
    answer: 'groupChanged',
    meaning: 'Who may enter a group, and what newcomers may read. For owners.',
    fields: {
      request,
      group: text(2, TARGET_BYTES_MAX, 'id or name of a group'),
      access: choice(3, records.access, 'public or invite'),
      history: bool(4, 'by invitation: newcomers may read what was said before'),
    },
  },
  deleteGroup: {
    command: 57,
    from: 'client',
    answer: 'done',
    meaning: 'End a group: its log is deleted, its name is free. For owners.',
    fields: { request, group: text(2, TARGET_BYTES_MAX, 'id or name of a group') },
  },
  groupChanged: {
    command: 58,
    from: 'server',
    meaning: 'The group as it is now; members see entries of what changed.',
    fields: { request, group: record(2, records.group, 'the group') },
  },

  block: {
    command: 59,
    from: 'client',
    answer: 'contacts',
    meaning: 'Take nothing from someone any more (rule 11). They learn of it when they write.',
    fields: { request, user: text(2, TARGET_BYTES_MAX, 'id or name') },
  },
  unblock: {
    command: 60,
    from: 'client',
    answer: 'contacts',
    meaning: 'Take messages from someone again.',
    fields: { request, user: text(2, TARGET_BYTES_MAX, 'id or name') },
  },

  edit: {
    command: 61,
    from: 'client',
    answer: 'sent',
    meaning: 'Put another text in the place of one’s own. The same text again changes nothing.',
    fields: {
      request,
      conversation: text(2, ID_BYTES_MAX, 'which'),
      seq: uint(3, 'seq of the text'),
      text: text(4, TEXT_BYTES_MAX, 'the new text, not empty'),
    },
  },
  deleteEntry: {
    command: 62,
    from: 'client',
    answer: 'sent',
    meaning: 'Blank a text: one’s own; in a group admins and owners any (rule 8). Idempotent.',
    fields: {
      request,
      conversation: text(2, ID_BYTES_MAX, 'which'),
      seq: uint(3, 'seq of the text'),
    },
  },
  react: {
    command: 63,
    from: 'client',
    answer: 'sent',
    meaning: 'Put a reaction to a text, or take it back. Idempotent.',
    fields: {
      request,
      conversation: text(2, ID_BYTES_MAX, 'which'),
      seq: uint(3, 'seq of the text'),
      text: text(4, REACTION_BYTES_MAX, 'an emoji or a short word, without white space'),
      remove: bool(5, 'take it back'),
    },
  },
  typing: {
    command: 64,
    from: 'client',
    answer: 'done',
    meaning: 'One is writing there: said at most every 3 s while one types. Never stored.',
    fields: { request, conversation: text(2, ID_BYTES_MAX, 'which') },
  },
  typed: {
    command: 65,
    from: 'server',
    meaning:
      'A notice: somebody is writing, for 5 s from now. To those who have the conversation open (`watch`).',
    fields: {
      conversation: text(2, ID_BYTES_MAX, 'which'),
      user: record(3, records.user, 'who'),
    },
  },
  getReceipts: {
    command: 66,
    from: 'client',
    answer: 'receipts',
    meaning: 'How far the other members have got with what one wrote (rule 9).',
    fields: {
      request,
      conversation: text(2, ID_BYTES_MAX, 'which'),
      seq: uint(3, 'count for this text of one’s own; 0: for the last of them'),
    },
  },
  receipts: {
    command: 67,
    from: 'server',
    meaning:
      'The answer; and a notice of those who moved, at most once a second, to the authors of what they reached. Who says something has read what stands before it: that is told to authors who have it open.',
    fields: {
      request,
      conversation: text(2, ID_BYTES_MAX, 'which'),
      members: recordList(
        3,
        RECEIPT_MEMBERS_MAX,
        records.receipt,
        'answer: each other member, in a group of up to 50, no further than one’s last text; notice: who moved',
      ),
      seq: uint(4, 'what the counts are for; all 0 when it is not one’s own'),
      delivered: uint(5, 'how many others it has reached'),
      read: uint(6, 'how many others have read it'),
      of: uint(7, 'how many others were members by then'),
    },
  },
  getSettings: {
    command: 68,
    from: 'client',
    answer: 'settings',
    meaning: 'The settings of one’s account.',
    fields: { request },
  },
  changeSettings: {
    command: 69,
    from: 'client',
    answer: 'settings',
    meaning: 'Set them all; the status has a request of its own.',
    fields: {
      request,
      hideReceipts: bool(2, 'others are not shown what one has read; one’s own cursors stay'),
    },
  },
  settings: {
    command: 70,
    from: 'server',
    meaning: 'The settings: an answer, and a notice to one’s other connections.',
    fields: {
      request,
      hideReceipts: bool(2, 'others are not shown what one has read'),
      status: choice(3, records.status, 'what one says of oneself, on all connections'),
    },
  },

  search: {
    command: 71,
    from: 'client',
    answer: 'hits',
    meaning: `Texts with all of these words, at most ${SEARCH_WORDS_MAX} different ones, in everything one may read, the newest first.`,
    fields: {
      request,
      after,
      text: text(3, SEARCH_BYTES_MAX, 'words; a word may be the beginning of one'),
      conversation: text(4, ID_BYTES_MAX, 'only there; empty: everywhere'),
    },
  },
  hits: {
    command: 72,
    from: 'server',
    meaning: 'What was found, cut by bytes.',
    fields: { request, hits: recordList(3, LIST_ITEMS_MAX, records.hit, 'texts'), next },
  },

  administer: {
    command: 73,
    from: 'client',
    answer: 'report',
    meaning: 'What an operator does. For operators, and for who has the secret of the data folder.',
    fields: {
      request,
      after,
      verb: choice(3, records.adminVerb, 'what'),
      target: text(4, ADMIN_ARGUMENT_BYTES_MAX, 'to whom or what; a file for `backup`'),
      value: text(5, ADMIN_ARGUMENT_BYTES_MAX, 'what else there is to say, see OPERATIONS.md'),
      secret: bytes(6, OPERATOR_SECRET_BYTES, 'of the data folder; empty: one’s account is asked'),
    },
  },
  report: {
    command: 74,
    from: 'server',
    meaning: 'What came of it: JSON, one value a line.',
    fields: { request, lines: text(3, ADMIN_REPORT_BYTES_MAX, 'JSON lines'), next },
  },

  changePreferences: {
    command: 75,
    from: 'client',
    answer: 'preferencesChanged',
    meaning:
      'What one wants of a conversation for oneself. Only what is named changes. It outlasts leaving and coming back.',
    fields: {
      request,
      conversation: text(2, ID_BYTES_MAX, 'which'),
      pinned: choice(3, records.turn, 'unknown: as it is'),
      muted: choice(4, records.turn, 'unknown: as it is'),
      notify: choice(5, records.notifyLevel, 'unknown: as it is'),
      unread: uint(6, 'seq of the first entry that is to be read again; 0: as it is'),
      seen: bool(7, 'it is not marked as unread any more'),
    },
  },
  preferencesChanged: {
    command: 76,
    from: 'server',
    meaning: 'One’s preferences there: the answer, and a notice to one’s other connections.',
    fields: {
      request,
      conversation: text(2, ID_BYTES_MAX, 'which'),
      preferences: record(3, records.preferences, 'all of them'),
    },
  },
  setStatus: {
    command: 77,
    from: 'client',
    answer: 'settings',
    meaning:
      'Say whether one is there, away or busy: others are told (rule 10). One’s own clients tell one nothing while one is busy.',
    fields: { request, status: choice(2, records.status, 'the status') },
  },
  serverState: {
    command: 78,
    from: 'server',
    meaning:
      'The server can read and keep nothing for the time being, or can again: a notice to everybody who is logged in. What is asked meanwhile is refused as `unavailable`.',
    fields: { away: bool(2, 'nothing can be read or kept now') },
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
export type Access = Head['access']
export type Reaction = ValuesOf<typeof records.reaction.fields>
export type Receipt = ValuesOf<typeof records.receipt.fields>
export type Invite = ValuesOf<typeof records.invite.fields>
export type SessionRecord = ValuesOf<typeof records.session.fields>
export type Hit = ValuesOf<typeof records.hit.fields>
export type Preferences = ValuesOf<typeof records.preferences.fields>
export type NotifyLevel = Preferences['notify']
export type Status = Presence['status']
