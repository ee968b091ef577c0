import type { OutboxItem } from './events.ts'

/**
 * Where what was written is kept until the server has acknowledged it, and who wrote it knows. A
 * resolved promise means: durable, as far as this outbox is.
 */
export interface Outbox {
  /** What an earlier run left, oldest first. */
  readonly kept: readonly OutboxItem[]
  add(item: OutboxItem): Promise<void>
  /** The server refused it: it waits for a person. `undefined`: it waits for the server again. */
  refuse(nonce: string, reason: string | undefined): Promise<void>
  /** Acknowledged, and nobody is to be told of it any more; or discarded. */
  remove(nonce: string): Promise<void>
  close(): Promise<void>
}

/** Lasts as long as the program: for bots and tests. */
export function memoryOutbox(kept: readonly OutboxItem[] = []): Outbox {
  const done = () => Promise.resolve()
  return { kept, add: done, refuse: done, remove: done, close: done }
}
