/** What entries, heads and groups have beside what a test is about. */

export const PLAIN_ENTRY = {
  subject: undefined,
  target: 0,
  mentions: [],
  role: 'none',
  changed: 0,
  edited: false,
  reactions: [],
} as const

export const PLAIN_HEAD = {
  mentions: 0,
  topic: '',
  access: 'public',
  preferences: undefined,
} as const

export const PLAIN_GROUP = { topic: '', access: 'public', history: true } as const
