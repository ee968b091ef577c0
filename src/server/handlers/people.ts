import { ChatError } from '../../protocol/errors.ts'
import { PRESENCE_MEMBERS_MAX } from '../../protocol/limits.ts'
import type { Contact } from '../../protocol/messages.ts'
import * as records from '../../protocol/records.ts'
import type { MemberContext, MemberRow } from '../handler.ts'
import { itemsThatFit } from '../lists.ts'
import { isCrowd } from '../presence/crowds.ts'
import type { StoredContact } from '../store/store.ts'

const CONTACTS_MAX = itemsThatFit(records.contact)
/** Of each: someone who sees so many types one more letter. */
const FOUND_MAX = Math.min(100, itemsThatFit(records.user, records.group))

export const find: MemberRow<'find'> = {
  needs: 'member',
  cost: 5,
  long: true,
  run: async ({ store, user }, { text, after }) => {
    const found = await store.find(user.id, text, FOUND_MAX, after)
    return { type: 'found', ...found }
  },
}

export const watch: MemberRow<'watch'> = {
  needs: 'member',
  cost: 2,
  long: true,
  run: async (context, { conversation }) => {
    const { store, presence, watching, crowds, subscriber, user } = context
    if (conversation === '') {
      presence.watch(subscriber, '', [])
      watching.close(subscriber)
      crowds.forget(subscriber)
      return { type: 'presences' }
    }
    const opening = watching.begin(subscriber, conversation)
    const [members, lastText] = await Promise.all([
      store.firstMembers(user.id, conversation, PRESENCE_MEMBERS_MAX + 1),
      store.lastTextOf(user.id, conversation),
      presence.known(subscriber),
    ])
    const named = members.slice(0, PRESENCE_MEMBERS_MAX)
    await presence.learnStatuses(named)
    const crowd = isCrowd(members) ? await crowds.count(subscriber, conversation) : undefined
    // Removed while the store answered: members are not for them any more.
    if (opening.left) throw new ChatError('unknownConversation')
    if (watching.wants(subscriber, opening)) {
      presence.watch(subscriber, conversation, named)
      watching.open(subscriber, conversation, lastText)
      if (crowd === undefined) crowds.forget(subscriber)
      else crowds.watch(subscriber, conversation, crowd)
    }
    const online = named.filter((member) => presence.isOnlineFor(subscriber, member))
    const users = online.map((member) => {
      return { user: member, online: true, status: presence.statusFor(subscriber, member) }
    })
    return { type: 'presences', conversation, online: crowd ?? online.length, users }
  },
}

export const listContacts: MemberRow<'listContacts'> = {
  needs: 'member',
  cost: 1,
  long: true,
  run: async (context, { after }) => {
    const { store, presence, subscriber, user } = context
    const asked = store.contacts(user.id, after, CONTACTS_MAX)
    const [{ items, next }] = await Promise.all([asked, presence.known(subscriber)])
    await presence.learnStatuses(items.map((one) => one.user.id))
    return {
      type: 'contacts',
      contacts: items.map((one) => presence.contactFor(subscriber, one)),
      next,
    }
  },
}

export const addContact: MemberRow<'addContact'> = {
  needs: 'member',
  cost: 1,
  run: async (context, { user: target }) => {
    return changed(context, await context.store.addContact(context.user.id, target))
  },
}

export const removeContact: MemberRow<'removeContact'> = {
  needs: 'member',
  cost: 1,
  run: async (context, { user: target }) => {
    return changed(context, await context.store.removeContact(context.user.id, target))
  },
}

export const block: MemberRow<'block'> = {
  needs: 'member',
  cost: 1,
  run: async (context, { user: target }) => {
    const contact = await context.store.block(context.user.id, target)
    return blockChanged(context, contact)
  },
}

export const unblock: MemberRow<'unblock'> = {
  needs: 'member',
  cost: 1,
  run: async (context, { user: target }) => {
    const contact = await context.store.unblock(context.user.id, target)
    return blockChanged(context, contact)
  },
}

/** The other one's connections learn whether they may see the user. */
function blockChanged(context: MemberContext, contact: StoredContact): Promise<Contacts> {
  const { user, blocked } = contact
  context.publish({ kind: 'block', user: context.user.id, other: user.id, blocked })
  return changed(context, contact)
}

type Contacts = Readonly<{ type: 'contacts'; contacts: readonly Contact[] }>

async function changed(context: MemberContext, contact: StoredContact): Promise<Contacts> {
  const { publish, caller, user, presence, subscriber } = context
  await Promise.all([presence.known(subscriber), presence.learnStatuses([contact.user.id])])
  const contacts = [presence.contactFor(subscriber, contact)]
  publish({ kind: 'contacts', except: caller.id, user: user.id, contacts })
  return { type: 'contacts', contacts }
}
