import { encodeRecords } from '../../../protocol/codec.ts'
import { messages } from '../../../protocol/messages.ts'
import type { Page } from '../store.ts'
import type { ReadPage } from './pages.ts'

/**
 * Encoded where it was read: bytes cost a hundredth of what entries do to be handed to another
 * thread.
 */
export function encodedPage({ entries, first, last }: ReadPage): Page {
  return { entries: encodeRecords(messages.page.fields.entries, entries), first, last }
}
