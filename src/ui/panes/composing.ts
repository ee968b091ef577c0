import { quoteOf } from '../log/quote.ts'
import type { Look } from '../look.ts'
import type { ClientState } from '../state/model.ts'
import { openConversation } from '../state/selectors.ts'

/** What stands above the composer while it is more than a new message; undefined: it is not. */
export function composingWords(state: ClientState, look: Look): string | undefined {
  const open = openConversation(state)
  if (open?.composing === undefined) return undefined
  const { type, seq } = open.composing
  const quote = quoteOf(open.entries, seq, state.me?.id, look)
  return look.words.messages.composing[type](quote)
}
