import type { DraftMessage } from '../protocol/messages.ts'
import type { Hint } from './bus/bus.ts'

/** What connections of some users are told beside the entries of their logs. */
export type Notice = Readonly<{
  users: readonly string[]
  /** Of two notices about one thing only the newer counts. */
  topic: string
  /** The connection that was answered already. */
  except: string
  message: DraftMessage
}>

/** What users are told because of the hint; undefined: nothing. */
export function noticeOf(hint: Hint): Notice | undefined {
  switch (hint.kind) {
    case 'cursors': {
      const { user, conversation, delivered, read, readN } = hint.cursors
      const message = { type: 'marked', conversation, delivered, read, readN } as const
      return { users: [user], topic: `cursors ${conversation}`, except: hint.except, message }
    }
    case 'contacts': {
      const { user, contacts, except } = hint
      const topic = `contacts ${contacts.map((contact) => contact.user?.id)}`
      return { users: [user], topic, except, message: { type: 'contacts', contacts } }
    }
    case 'groupCreated': {
      const { group, by, members, except } = hint
      const message = { type: 'groupCreated', group, by } as const
      return { users: members, topic: `group ${group.id}`, except, message }
    }
    case 'settings': {
      const { user, settings, except } = hint
      const message = { type: 'settings', ...settings } as const
      return { users: [user], topic: 'settings', except, message }
    }
    case 'preferences': {
      const { user, conversation, preferences, except } = hint
      const message = { type: 'preferencesChanged', conversation, preferences } as const
      return { users: [user], topic: `preferences ${conversation}`, except, message }
    }
    case 'appended':
    case 'presence':
    case 'status':
    case 'block':
    case 'typing':
    case 'revoked':
    case 'beat':
    case 'roll':
    case 'present':
      return undefined
  }
}
