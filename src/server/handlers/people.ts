import { PRESENCE_MEMBERS_MAX } from '../../protocol/limits.ts'
import type { Contact } from '../../protocol/messages.ts'
import * as records from '../../protocol/records.ts'
import type { MemberContext, MemberRow } from '../handler.ts'
import { itemsThatFit } from '../lists.ts'

const CONTACTS_MAX = itemsThatFit(records.contact)
/** Of each: someone who sees so many types one more letter. */
const FOUND_MAX = Math.min(100, itemsThatFit(records.user, records.group))

export const find: MemberRow<'find'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, user }, { text }) => {
    const found = await store.find(user.id, text, FOUND_MAX)
    return { type: 'found', ...found }
  },
}

export const watch: MemberRow<'watch'> = {
  needs: 'member',
  cost: 0.1,
  run: async ({ store, hub, presence, subscriber, user }, { conversation }) => {
    if (conversation === '') {
      presence.watch(subscriber, [])
      return { type: 'presences' }
    }
    const members = await store.firstMembers(user.id, conversation, PRESENCE_MEMBERS_MAX)
    presence.watch(subscriber, members)
    const online = members.filter((member) => presence.isOnline(member))
    // Beyond the first members only those of this node are counted.
    const count = new Set([...hub.usersIn(conversation), ...online]).size
    const users = online.map((member) => ({ user: member, online: true }))
    return { type: 'presences', conversation, online: count, users }
  },
}

export const listContacts: MemberRow<'listContacts'> = {
  needs: 'member',
  cost: 0.1,
  run: async ({ store, presence, user }, { after }) => {
    const { items, next } = await store.contacts(user.id, after, CONTACTS_MAX)
    const contacts = items.map((one) => ({ user: one, online: presence.isOnline(one.id) }))
    return { type: 'contacts', contacts, next }
  },
}

export const addContact: MemberRow<'addContact'> = {
  needs: 'member',
  cost: 1,
  run: async (context, { user: target }) => {
    const user = await context.store.addContact(context.user.id, target)
    const online = context.presence.isOnline(user.id)
    return changed(context, { user, online, removed: false, blocked: false })
  },
}

export const removeContact: MemberRow<'removeContact'> = {
  needs: 'member',
  cost: 1,
  run: async (context, { user: target }) => {
    const user = await context.store.removeContact(context.user.id, target)
    return changed(context, { user, online: false, removed: true, blocked: false })
  },
}

function changed(
  { publish, caller, user }: MemberContext,
  contact: Contact,
): Readonly<{ type: 'contacts'; contacts: readonly Contact[] }> {
  const contacts = [contact]
  publish({ kind: 'contacts', except: caller.id, user: user.id, contacts })
  return { type: 'contacts', contacts }
}
