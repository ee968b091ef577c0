import type { Changes, Extent } from './source.ts'
import type { Comparison, Found, IndexQuery, Stale } from './text-index.ts'

/** What crosses between the store's side and the thread of the index. */

/** What the index can be asked; each call is one message, answered in order. */
export interface IndexCalls {
  reached(conversations: readonly number[]): readonly number[]
  compare(extents: readonly Extent[]): Comparison
  put(all: readonly Changes[]): readonly Stale[]
  drop(stale: Stale): boolean
  find(query: IndexQuery): Found
  tidy(): void
}

export type IndexMethod = keyof IndexCalls

export type IndexOrder =
  | Readonly<{ kind: 'call'; method: IndexMethod; input: readonly unknown[] }>
  | Readonly<{ kind: 'close' }>

export type IndexReport =
  /** `made`: why the index is empty, in words; undefined when it is not. */
  | Readonly<{ kind: 'opened'; made: string | undefined }>
  | Readonly<{ kind: 'answer'; answer: unknown }>
  /** The call failed; when the index was damaged the thread ends, and the next one makes it anew. */
  | Readonly<{ kind: 'failed'; reason: string }>
  /** The database that it is in cannot be reached now. */
  | Readonly<{ kind: 'away' }>
