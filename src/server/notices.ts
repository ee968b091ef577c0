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
      return noticeTo([user], hint.except, message)
    }
    case 'contacts':
      return noticeTo([hint.user], hint.except, { type: 'contacts', contacts: hint.contacts })
    case 'groupCreated': {
      const { group, by, members, except } = hint
      return noticeTo(members, except, { type: 'groupCreated', group, by })
    }
    case 'settings':
      return noticeTo([hint.user], hint.except, { type: 'settings', ...hint.settings })
    case 'preferences': {
      const { user, conversation, preferences, except } = hint
      return noticeTo([user], except, { type: 'preferencesChanged', conversation, preferences })
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
    case 'devices':
    case 'connected':
      return undefined
  }
}

type Told = 'marked' | 'contacts' | 'groupCreated' | 'settings' | 'preferencesChanged'

const topics: { readonly [T in Told]: (message: DraftMessage<T>) => string } = {
  marked: ({ conversation }) => `cursors ${conversation}`,
  contacts: ({ contacts = [] }) =>
    `contacts ${'map' in contacts ? contacts.map((contact) => contact.user?.id) : ''}`,
  groupCreated: ({ group }) => `group ${group?.id}`,
  settings: () => 'settings',
  preferencesChanged: ({ conversation }) => `preferences ${conversation}`,
}

/** What the message is about, where such notices exist. */
export function topicOf(message: DraftMessage): string | undefined {
  return isTold(message) ? topicOfTold(message) : undefined
}

function isTold(message: DraftMessage): message is DraftMessage<Told> {
  return Object.hasOwn(topics, message.type)
}

function topicOfTold<T extends Told>(message: DraftMessage<T>): string {
  const topic = topics[message.type as T] as (message: DraftMessage<T>) => string
  return topic(message)
}

function noticeTo(users: readonly string[], except: string, message: DraftMessage<Told>): Notice {
  return { users, topic: topicOfTold(message), except, message }
}
