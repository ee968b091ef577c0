import type { KeyPlace } from '../input/keymap.ts'
import { key } from './live-keys.ts'

/** What this computer remembers, and what one missed. */
export const memoryWords = {
  cacheFault: (reason: string) =>
    `What is said here cannot be kept for the next start: ${reason}. Nothing of the chat is lost.`,
  draftFault: (reason: string) => `Your drafts cannot be kept: ${reason}. Send or copy them.`,
  /** Over what came while one was away; times of day, the first with its date where that differs. */
  away: (from: string, to: string, count: number) => `away ${from}–${to} · ${count} caught up`,
  catchUp: {
    title: (n: number, conversations: number) =>
      conversations === 1
        ? `${n} new in one conversation`
        : `${n} new in ${conversations} conversations`,
    nothing: 'Nothing is unread.',
    count: (n: number, mentions: number, muted: boolean) => {
      const count = mentions === 0 ? `${n} new` : `${n} new @${mentions}`
      return muted ? `muted  ${count}` : count
    },
    keys: `${key('accept')} open · ${key('peek', 'catchUp')} look, unread stays · ${key('markRead', 'catchUp')} read · ${key('markAllRead', 'catchUp')} all read · ${key('close')} to the chat`,
    keysShort: `${key('accept')} open · ${key('peek', 'catchUp')} look · ${key('markRead', 'catchUp')} read · ${key('markAllRead', 'catchUp')} all · ${key('close')} chat`,
    keysOfNothing: `${key('close')} to the chat`,
    peekTitle: (title: string) => `New in ${title}: nobody is told that you look`,
    peekKeys: `${key('accept')} open · ${key('markRead', 'peek')} read · ${key('peek', 'peek')} back`,
    hint: (n: number, conversations: number) =>
      `${n} new in ${conversations} conversations: /catch-up`,
  },
  /** Beside the log, when what is new begins above it. */
  above: (n: number, place: KeyPlace) =>
    `↑ ${n} new from above · ${key('newest', place)}: all read`,
  /** At the top of what can be read without a server. */
  offline: 'older messages can be had with a connection',
}
