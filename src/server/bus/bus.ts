import type { Contact } from '../../protocol/messages.ts'
import type { Appended, Cursors } from '../store/store.ts'

/**
 * PORT: tells all nodes, this one included, what happened. At most once and without promise: a
 * hint may be lost, and whoever depends on it heals from the store. Hints of one node arrive in
 * the order in which it published them. Nothing is stored here.
 */
export interface Bus {
  publish(hint: Hint): void
  close(): Promise<void>
}

export type OnHint = (hint: Hint) => void

export type Hint =
  /** A commit appended these, in the order of seq for each conversation. */
  | Readonly<{ kind: 'appended'; appended: readonly Appended[] }>
  /** A user's first connection to that node came, or the last one went. */
  | Readonly<{ kind: 'presence'; node: string; user: string; online: boolean }>
  /** One of the user's connections moved their cursors: the others follow. */
  | Readonly<{ kind: 'cursors'; cursors: Cursors }>
  /** One of the user's connections changed their contact list. `except`: that connection's id. */
  | Readonly<{ kind: 'contacts'; user: string; except: string; contacts: readonly Contact[] }>
  /** The user is a first member of a new group. */
  | Readonly<{ kind: 'groupCreated'; group: string; by: string; members: readonly string[] }>
