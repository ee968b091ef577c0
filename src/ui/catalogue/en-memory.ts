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
    keys: 'Enter open   z look, unread stays   x read   X all read   Esc to the chat',
    keysShort: 'Enter open z look x read X all Esc chat',
    peekTitle: (title: string) => `New in ${title}: nobody is told that you look`,
    peekKeys: 'Enter open   x read   z back',
    hint: (n: number, conversations: number) =>
      `${n} new in ${conversations} conversations: /catch-up`,
  },
  /** Beside the log, when what is new begins above it. */
  above: (n: number) => `↑ ${n} new from above · End: all read`,
  /** At the top of what can be read without a server. */
  offline: 'older messages can be had with a connection',
} as const
