import type { Contact, Group, Preferences, Status, User } from '../../protocol/messages.ts'
import type { Appended, Cursors, Scene, Settings } from '../store/store.ts'

/**
 * PORT: tells all nodes, this one included, what happened. A node's own hints always come back to
 * it. To other nodes a hint comes at most once and may be lost: whoever depends on it heals from
 * the store. Hints of one node arrive in the order in which it published them. Nothing is stored
 * here.
 */
export interface Bus {
  /** Whether other nodes can be told anything now. */
  readonly isUp: boolean
  publish(hint: Hint): void
  /** No hint arrives any more. */
  close(): Promise<void>
}

export type OnHint = (hint: Hint) => void

/** Hints of other nodes may have been lost just now; to be told is no promise, since not all are seen. */
export type OnLost = () => void

/** `except`: id of the connection that caused the hint and was answered already. */
export type Hint =
  /** A commit appended these, in the order of seq for each conversation. */
  | Readonly<{ kind: 'appended'; appended: readonly Appended[] }>
  /** A user's first connection to that node came, or the last one went. */
  | Readonly<{ kind: 'presence'; node: string; user: string; online: boolean }>
  /** What a user who has come says of themselves; when they change it `settings` tells that. */
  | Readonly<{ kind: 'status'; user: string; status: Status }>
  /** One of the user's connections moved their cursors: the others follow, authors are told. */
  | Readonly<{ kind: 'cursors'; except: string; cursors: Cursors }>
  /** One of the user's connections changed their contact list. */
  | Readonly<{ kind: 'contacts'; except: string; user: string; contacts: readonly Contact[] }>
  /** The user blocks the other from now on, or does not any more. */
  | Readonly<{ kind: 'block'; user: string; other: string; blocked: boolean }>
  /** One of the user's connections changed the settings of their account. */
  | Readonly<{ kind: 'settings'; except: string; user: string; settings: Settings }>
  /** One of the user's connections changed what they want of a conversation. */
  | Readonly<{
      kind: 'preferences'
      except: string
      user: string
      conversation: string
      preferences: Preferences
    }>
  /** Somebody writes in a conversation. */
  | (Readonly<{ kind: 'typing'; conversation: string; user: User }> & Scene)
  /** A session of the user was ended: no connection belongs to it any more. */
  | Readonly<{ kind: 'revoked'; user: string; tokenHash: Uint8Array }>
  /** There is a new group: a notice to its first members. */
  | Readonly<{
      kind: 'groupCreated'
      except: string
      group: Group
      by: User
      members: readonly string[]
    }>
  /**
   * That node lives, and so many users are connected to it; who knows other ones than these, by
   * `digest`, asks for all.
   */
  | Readonly<{ kind: 'beat'; node: string; users: number; digest: number }>
  /** That node is to say who all is connected to it. */
  | Readonly<{ kind: 'roll'; node: string }>
  /** A part of the answer: all from the first to the last take the place of what was known. */
  | Readonly<{
      kind: 'present'
      node: string
      first: boolean
      last: boolean
      users: readonly string[]
    }>
  /** All other nodes are to say which sessions of the user have a connection to them. */
  | Readonly<{ kind: 'devices'; node: string; user: string }>
  /** The answer of a node to the one that asked; `sessions`: their public ids. */
  | Readonly<{
      kind: 'connected'
      node: string
      asker: string
      user: string
      sessions: readonly string[]
    }>
