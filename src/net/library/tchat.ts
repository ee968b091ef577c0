// What `import … from 'tchat'` gives.
// biome-ignore-all lint/performance/noBarrelFile: a package has one door

export { ChatError } from '../../protocol/errors.ts'
export type { Entry, Group, Head, Member, User } from '../../protocol/messages.ts'
export { ChatClient } from '../chat-client.ts'
export type { ClientEvent, Link, Sent } from '../events.ts'
export type { Chat } from './chat.ts'
export { type ChatEntry, entryJson } from './chat-entry.ts'
export type { ChatGroups, CreateGroupOptions } from './chat-groups.ts'
export type { EntriesOptions, HistoryOptions, SendOptions } from './chat-options.ts'
export { type ConnectOptions, connect } from './connect.ts'
export { WithdrawnError } from './deliveries.ts'
export { ClosedError, SessionOverError } from './standing.ts'
