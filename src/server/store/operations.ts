import type { DatabaseSync } from 'node:sqlite'
import { Accounts } from './accounts.ts'
import { Administration } from './administration.ts'
import { Batches } from './batches.ts'
import type { Operations } from './calls.ts'
import { Conversations } from './conversations.ts'
import { Groups } from './groups.ts'
import { Heads } from './heads.ts'
import { Invites } from './invites.ts'
import { Journal } from './journal.ts'
import { Log } from './log.ts'
import { Pages } from './pages.ts'
import { People } from './people.ts'
import { Users } from './users.ts'

/** Users, and conversations with memberships, kept in memory: 50 MB of them at most. */
const KEPT_MAX = 50_000

/** Puts the parts together that carry out the port's calls on a database. */
export function batchesOn(db: DatabaseSync, keptMax = KEPT_MAX): Batches {
  const users = new Users(db)
  const conversations = new Conversations(db)
  const journal = new Journal(db, users, conversations)
  const log = new Log(users, conversations, journal)
  const pages = new Pages(db, users, conversations)
  const heads = new Heads(db, users, conversations, log)
  const invites = new Invites(db, users, conversations)
  const groups = new Groups(db, users, conversations, log)
  const accounts = new Accounts(db, users, conversations, groups)
  const people = new People(db, users, conversations, groups)
  const administration = new Administration(db, users, conversations, pages)
  const operations: Operations = {
    createAccount: (account) => accounts.createAccount(account),
    findAccount: (name) => accounts.findAccount(name),
    setPasswordHash: (user, hash) => accounts.setPasswordHash(user, hash),
    findUser: (target) => accounts.findUser(target),
    createSession: (session) => accounts.createSession(session),
    findSession: (hash, time) => accounts.findSession(hash, time),
    prolongSession: (hash, time, expires) => accounts.prolongSession(hash, time, expires),
    deleteSession: (hash) => accounts.deleteSession(hash),
    append: (text) => log.append(text),
    page: (query) => pages.page(query),
    read: (conversation, after, limit) => pages.read(conversation, after, limit),
    heads: (query) => heads.heads(query),
    moveCursors: (moves) => heads.moveCursors(moves),
    createGroup: (group) => groups.createGroup(group),
    join: (user, group, time) => groups.join(user, group, time),
    quit: (user, group, time) => groups.quit(user, group, time),
    members: (query) => groups.members(query),
    groupsOf: (user) => groups.groupsOf(user),
    firstMembers: (user, conversation, limit) => groups.firstMembers(user, conversation, limit),
    createInvite: (invite) => invites.create(invite),
    listInvites: (query) => invites.list(query),
    revokeInvite: (user, code) => invites.revoke(user, code),
    contacts: (user, after, limit) => people.contacts(user, after, limit),
    addContact: (user, target) => people.addContact(user, target),
    removeContact: (user, target) => people.removeContact(user, target),
    circle: (user) => people.circle(user),
    find: (user, text, limit) => people.find(user, text, limit),
    standing: (user) => administration.standing(user),
    setOperator: (user, on) => administration.setOperator(user, on),
    setBanned: (user, on, reason) => administration.setBanned(user, on, reason),
    endSessions: (user) => administration.endSessions(user),
    survey: (query) => administration.survey(query),
    figures: () => administration.figures(),
    exportPage: (query) => administration.exportPage(query),
  }
  return new Batches(db, users, conversations, journal, operations, keptMax)
}
