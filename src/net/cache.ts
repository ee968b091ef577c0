import type { Contact, Entry, Head } from '../protocol/messages.ts'

/** Entries kept of a conversation. */
export const CACHED_ENTRIES_MAX = 1_000

/** What a cache holds of one conversation. */
export type CachedConversation = Readonly<{
  head: Head
  /** Seq of the last entry that is kept; 0: none is. */
  kept: number
}>

/** What has come, changed or gone since the last time. */
export type CacheChange = Readonly<{
  heads: readonly Head[]
  /** By conversation, ascending: of the end of its log, without a hole. */
  entries: ReadonlyMap<string, readonly Entry[]>
  /** Conversations that are not one's own any more. */
  gone: readonly string[]
  contacts: readonly Contact[]
  /** Ids of people who are no contacts any more. */
  contactsGone: readonly string[]
}>

/**
 * What was last known of an account, so that a screen is full before the server answers. It may lack
 * anything and may be behind, but what it gives was told by that server to that account.
 */
export interface Cache {
  /** As found when it was opened. */
  readonly conversations: readonly CachedConversation[]
  readonly contacts: readonly Contact[]
  /**
   * The newest entries of a conversation, 1,000 at most, without a hole, texts in their present
   * form; none where what is there cannot be relied upon. Never throws.
   */
  read(conversation: string): Promise<readonly Entry[]>
  /**
   * Keeps the change. False: another client of this account keeps what it is told itself; this one
   * may try again. @throws PrivateFileError once; then nothing is kept any more
   */
  write(change: CacheChange): Promise<boolean>
  /** Nothing of it stays. */
  remove(): Promise<void>
  close(): Promise<void>
}

/** Keeps nothing. */
export const noCache: Cache = {
  conversations: [],
  contacts: [],
  read: () => Promise.resolve([]),
  write: () => Promise.resolve(true),
  remove: () => Promise.resolve(),
  close: () => Promise.resolve(),
}
