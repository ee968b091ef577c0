/** What this computer remembers, and what one missed. */
export const memoryWords = {
  cacheFault: (reason: string) =>
    `What is said here cannot be kept for the next start: ${reason}. Nothing of the chat is lost.`,
  draftFault: (reason: string) => `Your drafts cannot be kept: ${reason}. Send or copy them.`,
  /** Over what came while one was away; times of day, the first with its date where that differs. */
  away: (from: string, to: string, count: number) => `away ${from}–${to} · ${count} caught up`,
  /** At the top of what can be read without a server. */
  offline: 'older messages can be had with a connection',
} as const
