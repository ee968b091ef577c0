/** What one says of oneself, for others and for oneself. */
export const statusWords = {
  /** In lists; nothing for who is simply there. */
  short: { available: '', away: 'away', busy: 'busy' },
  /** Of somebody who is connected. */
  online: { available: 'online', away: 'online, but away', busy: 'online, but busy' },
  /** In the header, of oneself. */
  own: { available: '', away: '◐ away', busy: '◐ busy' },
  /** In the window of the account. */
  about: {
    available: 'Others see you as online.',
    away: 'Others see you as away.',
    busy: 'Others see you as busy; you are told of nothing.',
  },
  done: {
    available: 'You are available again.',
    away: 'You are away now: others see it. /away off ends it.',
    busy: 'Do not disturb: others see that you are busy, and you are told of nothing. /dnd off ends it.',
  },
}

/** What one wants of a conversation for oneself. */
export const preferencesWords = {
  row: (what: string) => `For you  ${what}`,
  pinned: 'pinned',
  muted: 'muted',
  unread: 'marked unread',
  notify: {
    all: 'told of all',
    mentions: 'told of mentions',
    none: 'told of nothing',
  },
  /** In the lists. */
  mutedShown: (unread: number) => (unread === 0 ? 'muted' : `muted ${unread}`),
  mutedNarrow: (unread: number) => (unread === 0 ? '-' : `-${unread}`),
  done: {
    pinned: (title: string) => `${title} is pinned: it stands first.`,
    unpinned: (title: string) => `${title} is not pinned any more.`,
    muted: (title: string) => `${title} is muted: only mentions of you count.`,
    unmuted: (title: string) => `${title} is not muted any more.`,
    unread: (title: string) => `${title} is marked unread.`,
    seen: (title: string) => `${title} is not marked unread any more.`,
    notify: {
      default: (title: string) => `You are told of ${title} as the configuration says.`,
      all: (title: string) => `You are told of every message from ${title}.`,
      mentions: (title: string) => `You are told when ${title} mentions you.`,
      none: (title: string) => `You are told of nothing from ${title}.`,
    },
    but: {
      busy: (said: string) => `${said} But of nothing until do not disturb ends: /dnd off.`,
      muted: (said: string) => `${said} But while it is muted, of mentions only.`,
    },
  },
  levels: 'Write all, mentions, none or default.',
  nothingToMark: 'There is no message here that could be marked unread.',
  notBegun: 'Nothing was said there yet: that comes with the first message.',
}

/** What is told outside the window, and its mishaps. */
export const attentionWords = {
  /** Of the title of what is told. */
  inGroup: (name: string, group: string) => `${name} in ${group}`,
  mentioned: (name: string, group: string) => `${name} mentions you in ${group}`,
  /** After a pause in which nothing was told. */
  summary: {
    group: (n: number, title: string) => `${n} new in ${title}`,
    direct: (n: number, name: string) => `${n} new from ${name}`,
    many: (n: number, conversations: number) => `${n} new in ${conversations} conversations`,
  },
  commandFailed: (program: string, reason: string) =>
    `notify.command: ${program} failed: ${reason}. That is said once; see the configuration file.`,
  hookFailed: (hook: string, program: string, reason: string) =>
    `hooks.${hook}: ${program} failed: ${reason}. That is said once; see the configuration file.`,
  commandLate: 'it took too long',
  commandDropped: 'it is too slow for what comes, and misses some of it',
  commandExit: (code: number) => `it ended with exit code ${code}`,
}
