import { ChatError } from '../protocol/errors.ts'
import type {
  ClientMessage,
  ClientMessageType,
  DraftMessage,
  Message,
} from '../protocol/messages.ts'
import type { Caller, GuestRow, Incoming, LoggedIn, MemberRow } from './handler.ts'
import * as account from './handlers/account.ts'
import { administer } from './handlers/administer.ts'
import * as entries from './handlers/entries.ts'
import * as groupRules from './handlers/group-rules.ts'
import * as groups from './handlers/groups.ts'
import * as invites from './handlers/invites.ts'
import * as log from './handlers/log.ts'
import * as members from './handlers/members.ts'
import * as password from './handlers/password.ts'
import * as people from './handlers/people.ts'
import { changePreferences } from './handlers/preferences.ts'
import { getReceipts } from './handlers/receipts.ts'
import * as search from './handlers/search.ts'
import * as sessions from './handlers/sessions.ts'
import * as settings from './handlers/settings.ts'
import { typing } from './handlers/typing.ts'
import type { Services } from './services.ts'

type Table = { readonly [T in ClientMessageType]: GuestRow<T> | MemberRow<T> }

/** Every request with its guards. One that is missing does not compile. */
const table: Table = {
  administer,
  logIn: account.logIn,
  register: account.register,
  logOut: account.logOut,
  heartbeat: account.heartbeat,
  changePassword: password.changePassword,
  deleteAccount: password.deleteAccount,
  listSessions: sessions.listSessions,
  endSession: sessions.endSession,
  sendDirect: log.sendDirect,
  sendGroup: log.sendGroup,
  edit: entries.edit,
  deleteEntry: entries.deleteEntry,
  react: entries.react,
  typing,
  getReceipts,
  getSettings: settings.getSettings,
  changeSettings: settings.changeSettings,
  setStatus: settings.setStatus,
  changePreferences,
  sync: log.sync,
  getPage: log.getPage,
  mark: log.mark,
  createGroup: groups.createGroup,
  listMembers: groups.listMembers,
  joinGroup: groups.joinGroup,
  quitGroup: groups.quitGroup,
  addMembers: members.addMembers,
  removeMember: members.removeMember,
  unban: members.unban,
  listBans: members.listBans,
  setRole: members.setRole,
  renameGroup: groupRules.renameGroup,
  setTopic: groupRules.setTopic,
  setAccess: groupRules.setAccess,
  deleteGroup: groupRules.deleteGroup,
  createInvite: invites.createInvite,
  listInvites: invites.listInvites,
  revokeInvite: invites.revokeInvite,
  find: people.find,
  watch: people.watch,
  listContacts: people.listContacts,
  addContact: people.addContact,
  removeContact: people.removeContact,
  search: search.search,
  block: people.block,
  unblock: people.unblock,
}

/** Messages that this server takes. */
export function isRequest(message: Message): message is ClientMessage {
  return Object.hasOwn(table, message.type)
}

/** Whether the request waits for those before it, and those after it wait for it. */
export function runsAlone(message: Incoming): boolean {
  return message.type !== 'unknown' && table[message.type].alone === true
}

/** Few of an account run at a time. */
export function takesLong(message: Incoming): boolean {
  return message.type !== 'unknown' && table[message.type].long === true
}

/** In messages, of what the rate of who asks is for (rule 14). */
export function costOf(message: Incoming): number {
  if (message.type === 'unknown') return 1
  const { cost } = table[message.type] as GuestRow<ClientMessageType> | MemberRow<ClientMessageType>
  return typeof cost === 'number' ? cost : cost(message)
}

/**
 * Checks the guards, runs the request and gives its answer.
 * @throws ChatError when it is refused
 */
export async function dispatch(
  services: Services,
  caller: Caller,
  loggedIn: LoggedIn | undefined,
  message: Incoming,
): Promise<DraftMessage> {
  if (message.type === 'unknown') {
    throw new ChatError('unknownCommand', `command ${message.command} is not known here`)
  }
  if (message.request === 0) throw new ChatError('badRequest', 'a request id is above 0')
  const row = table[message.type] as GuestRow<ClientMessageType> | MemberRow<ClientMessageType>
  if (row.needs !== 'member') {
    if (row.needs === 'guest' && loggedIn !== undefined) throw new ChatError('alreadyLoggedIn')
    const answer = await row.run({ ...services, caller }, message)
    return { ...answer, request: message.request }
  }
  if (loggedIn === undefined) throw new ChatError('notLoggedIn')
  const answer = await row.run({ ...services, caller, ...loggedIn }, message)
  return { ...answer, request: message.request }
}
