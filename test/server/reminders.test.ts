import { expect, test } from 'vitest'
import { ChatError } from '../../src/protocol/errors.ts'
import type { Head, User } from '../../src/protocol/messages.ts'
import type { Hint } from '../../src/server/bus/bus.ts'
import { Reminders } from '../../src/server/reminders.ts'
import type { StoredContact } from '../../src/server/store/store.ts'
import { Subscriber } from '../../src/server/subscriber.ts'

const before = { hideReceipts: false, status: 'available' } as const
const after = { hideReceipts: false, status: 'busy' } as const
const ann: User = { id: '~u1', name: 'ann' }
const ben: User = { id: '~u2', name: 'ben' }
const cat: User = { id: '~u3', name: 'cat' }

type Options = Readonly<{
  sessions?: number
  connections?: number
  nodes?: readonly string[]
  heads?: readonly Head[]
  contacts?: readonly StoredContact[]
  /** Whom ann had among her contacts, as her connections know. */
  former?: readonly string[]
  /** Is called when the store has looked at something. */
  read?: (what: 'settings' | 'heads' | 'contacts') => void
  /** Ann has no account any more. */
  unknown?: boolean
}>

/** Ann is reminded. */
function reminders({
  sessions = 2,
  connections = 1,
  nodes = [],
  heads = [],
  contacts = [],
  former = [],
  read = () => undefined,
  unknown = false,
}: Options) {
  const told: Hint[] = []
  const state = { settings: before as typeof before | typeof after, contacts }
  const line = { send: () => undefined, outboxBytes: 0 }
  const session = { tokenHash: Buffer.alloc(32), revoke: () => undefined }
  const subscribers = Array.from(
    { length: connections },
    (_, at) => new Subscriber(`${at}`, ann, line, session),
  )
  const made = new Reminders({
    store: {
      sessions: async () =>
        Array.from({ length: sessions }, (_, at) => {
          return { id: `${at}`, tokenHash: Buffer.alloc(32, at), device: '', created: 0, used: 0 }
        }),
      settings: async () => {
        if (unknown) throw new ChatError('unknownUser')
        const found = state.settings
        read('settings')
        return found
      },
      heads: async () => {
        read('heads')
        return { items: heads, next: '' }
      },
      contacts: async () => {
        const items = state.contacts
        read('contacts')
        return { items, next: '' }
      },
      standing: async (id) => {
        if (id !== cat.id) throw new ChatError('unknownUser')
        return { user: cat, operator: false, banned: false, reason: '' }
      },
    },
    hub: { onHint: (hint) => told.push(hint), subscribersOf: () => new Set(subscribers) },
    presence: {
      learnAgain: async () => new Set(former),
      nodesOf: () => nodes,
      contactFor: (_, contact) => ({ ...contact, online: false, status: 'available' }),
    },
    receipts: { tellAgain: async () => undefined },
    now: () => 0,
  })
  const kinds = () => told.map(({ kind }) => kind)
  return { made, told, state, kinds }
}

test('what was heard while the store was read is not told as it was before', async () => {
  let heard = false
  const world = reminders({
    read: (what) => {
      if (heard || what !== 'settings') return
      heard = true
      world.state.settings = after
      world.made.onHint({ kind: 'settings', except: '', user: ann.id, settings: after })
    },
  })
  await world.made.remind(ann.id)
  expect(world.told).toEqual([{ kind: 'settings', except: '', user: ann.id, settings: after }])
})

test('cursors that moved while the store was read are not told as they were before', async () => {
  const conversation = '~c1'
  const cursors = { user: ann.id, conversation, delivered: 9, read: 9, readN: 9 }
  const world = reminders({
    heads: [headOf(conversation), headOf('~c2')],
    read: (what) => {
      if (what === 'heads') world.made.onHint({ kind: 'cursors', except: '', cursors })
    },
  })
  await world.made.remind(ann.id)
  const told = world.told.flatMap((hint) =>
    hint.kind === 'cursors' ? [hint.cursors.conversation] : [],
  )
  expect(told).toEqual(['~c2'])
})

test('who has no other session is not told what only that one can have changed', async () => {
  const { made, kinds } = reminders({ sessions: 1 })
  await made.remind(ann.id)
  expect(kinds()).toEqual([])
})

test.each([
  ['at this node', { connections: 2 }],
  ['at another one', { nodes: ['far'] }],
])('of one session that two programs have, one of them %s, both are told', async (_, where) => {
  const { made, kinds } = reminders({ sessions: 1, ...where })
  await made.remind(ann.id)
  expect(kinds()).toEqual(['settings'])
})

test('whom one may have had on a list and has not is told as such, with their name', async () => {
  const { made, told } = reminders({
    heads: [headOf('~c1', ben)],
    former: [cat.id, '~u9'],
  })
  await made.remind(ann.id)
  const removed = { removed: true, blocked: false, online: false, status: 'available' }
  const contacts = [
    { user: ben, ...removed },
    { user: cat, ...removed },
  ]
  expect(told.at(-1)).toEqual({ kind: 'contacts', except: '', user: ann.id, contacts })
})

test('contacts that changed while they were read are read again', async () => {
  const listed = { user: ben, removed: false, blocked: false }
  let heard = false
  const world = reminders({
    contacts: [],
    heads: [headOf('~c1', ben)],
    read: (what) => {
      if (heard || what !== 'contacts') return
      heard = true
      world.state.contacts = [listed]
      world.made.onHint({ kind: 'contacts', except: '', user: ann.id, contacts: [] })
    },
  })
  await world.made.remind(ann.id)
  expect(world.told.at(-1)).toMatchObject({ kind: 'contacts', contacts: [listed] })
})

test('whose account is gone meanwhile is not reminded, and that is no fault', async () => {
  const { made, told } = reminders({ unknown: true })
  await made.remind(ann.id)
  expect(told).toEqual([])
})

function headOf(conversation: string, peer?: User): Head {
  return {
    ...{ conversation, kind: peer ? 'direct' : 'group', name: '', peer, topic: '' },
    ...{ first: 1, from: 1, last: 9, n: 9, time: 0, delivered: 5, read: 5, readN: 5 },
    ...{ role: 'member', members: 2, mentions: 0, access: 'public', preferences: undefined },
  }
}
