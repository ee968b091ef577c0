import {
  bool,
  bytes,
  choice,
  type DraftOf,
  type RecordType,
  record,
  recordList,
  text,
  textList,
  uint,
  type ValuesOf,
} from '../../protocol/fields.ts'
import { ID_BYTES_MAX } from '../../protocol/limits.ts'
import { contact, entry, group, preferences, status, user } from '../../protocol/records.ts'
import type { Hint } from './bus.ts'

/**
 * How hints stand on the wire between nodes: one field for each kind, in the same form as messages.
 * A node passes over kinds and fields that it does not know, so that more may be added; what is
 * there does not change, but with another `PACK_VERSION`.
 */

/** Of ids in one hint, and of hints in one pack: what bounds both is the size of a pack. */
const IDS_MAX = 65_536
/** Ids of nodes and of connections. */
const NODE_BYTES_MAX = 128
const HASH_BYTES = 64

const id = (number: number, meaning: string) => text(number, ID_BYTES_MAX, meaning)
const ids = (number: number, meaning: string) => textList(number, IDS_MAX, ID_BYTES_MAX, meaning)
const node = (number: number) => text(number, NODE_BYTES_MAX, 'which node')
const except = (number: number) => text(number, NODE_BYTES_MAX, 'connection that knows already')
const between = (number: number) => ids(number, 'both sides of a direct conversation')

const appended = recordOf('Appended', {
  conversation: id(1, 'where'),
  between: between(2),
  entry: record(3, entry, 'what'),
  hiddenFrom: ids(4, 'who may not read it'),
})
const shown = recordOf('Shown', {
  between: between(1),
  after: uint(2, 'nothing up to here is concerned'),
  delivered: uint(3, 'delivered cursor'),
  read: uint(4, 'read cursor'),
})
const fields = {
  appended: record(1, appended, 'one entry'),
  presence: record(
    2,
    recordOf('Came', { node: node(1), user: id(2, 'who'), online: bool(3, 'came, or went') }),
    'somebody came or went',
  ),
  status: record(
    3,
    recordOf('Said', { user: id(1, 'who'), status: choice(2, status, 'what') }),
    'what somebody says of themselves',
  ),
  cursors: record(
    4,
    recordOf('Moved', {
      except: except(1),
      user: id(2, 'whose'),
      conversation: id(3, 'where'),
      delivered: uint(4, 'delivered cursor'),
      read: uint(5, 'read cursor'),
      readN: uint(6, 'texts up to it'),
      shown: record(7, shown, 'what others may see'),
    }),
    'cursors moved',
  ),
  contacts: record(
    5,
    recordOf('Contacts', {
      except: except(1),
      user: id(2, 'whose'),
      contacts: recordList(3, IDS_MAX, contact, 'what changed'),
    }),
    'a contact list changed',
  ),
  block: record(
    6,
    recordOf('Block', {
      user: id(1, 'who'),
      other: id(2, 'whom'),
      blocked: bool(3, 'from now on, or no more'),
    }),
    'somebody is blocked',
  ),
  settings: record(
    7,
    recordOf('Settings', {
      except: except(1),
      user: id(2, 'whose'),
      hideReceipts: bool(3, 'others are not shown what they read'),
      status: choice(4, status, 'what they say of themselves'),
    }),
    'settings of an account',
  ),
  preferences: record(
    8,
    recordOf('Wishes', {
      except: except(1),
      user: id(2, 'whose'),
      conversation: id(3, 'of what'),
      preferences: record(4, preferences, 'all of them'),
    }),
    'what a member wants of a conversation',
  ),
  typing: record(
    9,
    recordOf('Typing', {
      conversation: id(1, 'where'),
      user: record(2, user, 'who'),
      between: between(3),
      apart: ids(4, 'who is not told'),
    }),
    'somebody writes',
  ),
  revoked: record(
    10,
    recordOf('Revoked', {
      user: id(1, 'whose'),
      tokenHash: bytes(2, HASH_BYTES, 'which session'),
    }),
    'a session was ended',
  ),
  groupCreated: record(
    11,
    recordOf('Founded', {
      except: except(1),
      group: record(2, group, 'which'),
      by: record(3, user, 'by whom'),
      members: ids(4, 'its first members'),
    }),
    'there is a new group',
  ),
  beat: record(
    12,
    recordOf('Beat', {
      node: node(1),
      users: uint(2, 'how many are connected'),
      digest: uint(3, 'of their ids'),
    }),
    'a node lives',
  ),
  roll: record(13, recordOf('Roll', { node: node(1) }), 'a node is to say who is connected'),
  present: record(
    14,
    recordOf('Present', {
      node: node(1),
      first: bool(2, 'the first part'),
      last: bool(3, 'the last part'),
      users: ids(4, 'who'),
    }),
    'who is connected to a node',
  ),
  devices: record(
    15,
    recordOf('Devices', { node: node(1), user: id(2, 'whose') }),
    'nodes are to say which sessions of a user are connected',
  ),
  connected: record(
    16,
    recordOf('Connected', {
      node: node(1),
      asker: text(2, NODE_BYTES_MAX, 'which node has asked'),
      user: id(3, 'whose'),
      sessions: ids(4, 'which sessions'),
    }),
    'sessions of a user that are connected to a node',
  ),
} as const

const hintRecord = recordOf('Hint', fields)

/** The hints of a pack. */
export const hintsField = recordList(1, IDS_MAX, hintRecord, 'in the order of publishing')

export type HintDraft = DraftOf<typeof hintRecord.fields>
export type HintValues = ValuesOf<typeof hintRecord.fields>
type Of<Kind extends Hint['kind']> = Extract<Hint, { kind: Kind }>
type Values<Kind extends Hint['kind']> = NonNullable<HintValues[Kind]>

/** One for each entry of a commit, so that none is too large; else one. */
export function draftsOf(hint: Hint): readonly HintDraft[] {
  switch (hint.kind) {
    case 'appended':
      return hint.appended.map(({ between, ...one }) => {
        return { appended: { ...one, between: between ?? [] } }
      })
    case 'cursors':
      return [{ cursors: { except: hint.except, ...cursorsOf(hint.cursors) } }]
    case 'settings':
      return [{ settings: { except: hint.except, user: hint.user, ...hint.settings } }]
    case 'typing':
      return [{ typing: { ...hint, between: hint.between ?? [] } }]
    default:
      return [{ [hint.kind]: hint }]
  }
}

function cursorsOf({ shown, ...moved }: Of<'cursors'>['cursors']) {
  return { ...moved, shown: shown && { ...shown, between: shown.between ?? [] } }
}

/** Undefined for a kind that this node does not know. */
export function hintOf(values: HintValues): Hint | undefined {
  for (const kind of kinds) {
    const known = values[kind]
    if (known !== undefined) return (readers[kind] as (known: unknown) => Hint | undefined)(known)
  }
  return undefined
}

type Reader<Kind extends Hint['kind']> = (values: Values<Kind>) => Of<Kind> | undefined

const readers: { readonly [Kind in Hint['kind']]: Reader<Kind> } = {
  appended: ({ conversation, between, entry, hiddenFrom }) => {
    if (entry === undefined) return undefined
    const hidden = hiddenFrom.length > 0 ? { hiddenFrom } : {}
    const one = { conversation, between: pairOf(between), entry, ...hidden }
    return { kind: 'appended', appended: [one] }
  },
  presence: (values) => ({ kind: 'presence', ...values }),
  status: (values) => ({ kind: 'status', ...values }),
  cursors: ({ except, shown, ...moved }) => {
    const seen = shown && { ...shown, between: pairOf(shown.between) }
    return { kind: 'cursors', except, cursors: { ...moved, shown: seen } }
  },
  contacts: (values) => ({ kind: 'contacts', ...values }),
  block: (values) => ({ kind: 'block', ...values }),
  settings: ({ except, user, ...settings }) => ({ kind: 'settings', except, user, settings }),
  preferences: ({ preferences, ...values }) => {
    return preferences && { kind: 'preferences', ...values, preferences }
  },
  typing: ({ between, user, ...values }) => {
    return user && { kind: 'typing', ...values, user, between: pairOf(between) }
  },
  revoked: (values) => ({ kind: 'revoked', ...values }),
  groupCreated: ({ group, by, ...values }) => {
    return group && by && { kind: 'groupCreated', ...values, group, by }
  },
  beat: (values) => ({ kind: 'beat', ...values }),
  roll: (values) => ({ kind: 'roll', ...values }),
  present: (values) => ({ kind: 'present', ...values }),
  devices: (values) => ({ kind: 'devices', ...values }),
  connected: (values) => ({ kind: 'connected', ...values }),
}

const kinds = Object.keys(readers) as readonly Hint['kind'][]

function pairOf([one, other]: readonly string[]): readonly [string, string] | undefined {
  return one === undefined || other === undefined ? undefined : [one, other]
}

function recordOf<F extends RecordType['fields']>(name: string, fields: F) {
  return { name, meaning: '', fields } as const
}
