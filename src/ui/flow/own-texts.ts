import type { Entry } from '../../protocol/messages.ts'
import type { Conversation } from '../state/model.ts'

/** Whether one has said something that is loaded: each entry is looked at once, however often one asks. */
export class OwnTexts {
  #target = ''
  #seen: readonly Entry[] = []

  /** `me` undefined: nobody is logged in, and nothing is one's own. */
  has({ target, entries }: Conversation, me: string | undefined): boolean {
    if (me === undefined) return false
    const known = target === this.#target && goesOn(this.#seen, entries) ? this.#seen.length : 0
    this.#target = target
    this.#seen = entries
    for (let at = known; at < entries.length; at++) {
      const entry = entries[at]
      if (entry?.kind !== 'text' || entry.from !== me) continue
      // Found again the next time.
      this.#seen = []
      return true
    }
    return false
  }
}

/** The same entries, and others behind them. */
function goesOn(before: readonly Entry[], now: readonly Entry[]): boolean {
  const last = before.at(-1)
  return last !== undefined && before[0] === now[0] && last === now[before.length - 1]
}
