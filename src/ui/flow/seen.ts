import type { Conversation } from '../state/model.ts'
import { preferencesOf } from '../state/preferences.ts'
import type { Chat } from './connector.ts'

/**
 * Takes the mark 'unread' away when a person opens the conversation. What is marked while it is open,
 * here or elsewhere, stays marked until it is opened again or written in.
 */
export class Seen {
  #opened: string | undefined

  /** Another server or account may follow. */
  forget(): void {
    this.#opened = undefined
  }

  /** While there is a connection. */
  look(chat: Pick<Chat, 'request'>, open: Conversation | undefined): void {
    if (open?.target === this.#opened) return
    this.#opened = open?.target
    markSeen(chat, open)
  }
}

/** The conversation is not marked as unread any more. */
export function markSeen(
  chat: Pick<Chat, 'request'> | undefined,
  conversation: Conversation | undefined,
): void {
  const id = conversation?.head?.conversation
  if (id === undefined || preferencesOf(conversation).unread === 0) return
  // Not worth a word: it stays marked, and is taken away the next time.
  chat?.request({ type: 'changePreferences', conversation: id, seen: true }).catch(() => undefined)
}
