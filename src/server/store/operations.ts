import { Batches } from './batches.ts'
import type { Operations } from './calls.ts'
import { Bans } from './groups/bans.ts'
import { Exits } from './groups/exits.ts'
import { GroupRules } from './groups/group-rules.ts'
import { Groups } from './groups/groups.ts'
import { Invites } from './groups/invites.ts'
import { Members } from './groups/members.ts'
import { Remains } from './groups/remains.ts'
import { Appender } from './log/appender.ts'
import { Changes } from './log/changes.ts'
import { Conversations } from './log/conversations.ts'
import { encodedPage } from './log/encoded-page.ts'
import { Heads } from './log/heads.ts'
import { Journal } from './log/journal.ts'
import { Mentions } from './log/mentions.ts'
import { Pages } from './log/pages.ts'
import { Places } from './log/places.ts'
import { Reactions } from './log/reactions.ts'
import { Receipts } from './log/receipts.ts'
import { Scenes } from './log/scenes.ts'
import { Texts } from './log/texts.ts'
import { Accounts } from './people/accounts.ts'
import { Blocks } from './people/blocks.ts'
import { Departures } from './people/departures.ts'
import { Finding } from './people/finding.ts'
import { People } from './people/people.ts'
import { Preferences } from './people/preferences.ts'
import { Sessions } from './people/sessions.ts'
import { Settings } from './people/settings.ts'
import { Users } from './people/users.ts'
import { Searchable } from './search/source.ts'
import type { Database } from './statements.ts'
import { type Caches, ownTransactions, type Transactions } from './transactions.ts'
import { Closing } from './upkeep/closing.ts'
import { Erasure } from './upkeep/erasure.ts'
import { Export } from './upkeep/export.ts'
import { figuresOf } from './upkeep/figures.ts'
import { Retention } from './upkeep/retention.ts'
import { type RoomCheck, unlimitedRoom } from './upkeep/room.ts'
import { Standings } from './upkeep/standings.ts'
import { Surveys } from './upkeep/surveys.ts'

/** Users, and conversations with memberships, kept in memory: 50 MB of them at most. */
const KEPT_MAX = 50_000

/** Puts the parts together that carry out the port's calls on a database. */
export function batchesOn(
  db: Database,
  room: RoomCheck = unlimitedRoom,
  keptMax = KEPT_MAX,
  monotonic = () => performance.now(),
  transactionsOn: (db: Database, caches: Caches) => Transactions = ownTransactions,
): Batches {
  const users = new Users(db)
  const conversations = new Conversations(db)
  const journal = new Journal(db, users, conversations)
  const blocks = new Blocks(db, conversations)
  const texts = new Texts(db)
  const mentions = new Mentions(db, users, conversations)
  const reactions = new Reactions(db)
  const appender = new Appender({ users, conversations, journal, texts, mentions, blocks, room })
  const looks = { texts, mentions, reactions, blocks }
  const changes = new Changes(db, { users, conversations, journal, appender, ...looks })
  const pages = new Pages(db, users, conversations, reactions)
  const settings = new Settings(db, users)
  const places = new Places(db, users, conversations)
  const receipts = new Receipts(db, { users, conversations, blocks, settings, texts, monotonic })
  const scenes = new Scenes(users, conversations, blocks, texts)
  const preferences = new Preferences(db, users, conversations, journal)
  const views = { appender, mentions, receipts, preferences }
  const heads = new Heads(db, users, conversations, views)
  const invites = new Invites(db, users, conversations)
  const bans = new Bans(db, users)
  const base = { users, conversations, appender, bans, places }
  const remains = new Remains(db, conversations)
  const exits = new Exits(db, { ...base, journal, invites, remains, preferences })
  const groups = new Groups(db, { ...base, exits, invites, blocks })
  const members = new Members(db, { ...base, groups, exits })
  const rules = new GroupRules({ ...base, groups, exits })
  const accounts = new Accounts(db, users, conversations, groups, invites)
  const sessions = new Sessions(db, users)
  const departures = new Departures(db, users, groups)
  const people = new People(db, { users, blocks })
  const finding = new Finding(db, { users, conversations, groups })
  const standings = new Standings(db, users)
  const surveys = new Surveys(db, users, conversations)
  const figures = figuresOf(db)
  const exported = new Export(db, users, conversations, pages)
  const closing = new Closing(db, users, conversations, exits)
  const erasure = new Erasure(db, { users, conversations, journal, changes })
  const retention = new Retention(db, conversations, journal)
  const searchable = new Searchable(db, users, conversations, pages)
  /** For what adds something; where that depends on what there is, it is asked for there. */
  const inRoom = <Input extends readonly unknown[], T>(work: (...input: Input) => T) => {
    return (...input: Input): T => {
      room.check()
      return work(...input)
    }
  }
  const operations: Operations = {
    createAccount: inRoom((account) => accounts.createAccount(account)),
    findAccount: (name) => accounts.findAccount(name),
    setPasswordHash: (user, hash, was) => accounts.setPasswordHash(user, hash, was),
    changePassword: (user, hash, keep) => {
      accounts.setPasswordHash(user, hash)
      return sessions.endOthers(user, keep)
    },
    findUser: (target) => accounts.findUser(target),
    deleteAccount: (user, time) => departures.depart(user, time),
    createSession: (session) => sessions.create(session),
    findSession: (hash, time) => sessions.find(hash, time),
    prolongSession: (hash, time, expires) => sessions.prolong(hash, time, expires),
    deleteSession: (hash) => sessions.delete(hash),
    sessions: (user, time) => sessions.list(user, time),
    endSession: (user, session) => sessions.end(user, session),
    endOtherSessions: (user, keep) => sessions.endOthers(user, keep),
    sessionsAlive: (hashes, time) => sessions.alive(hashes, time),
    append: (text) => appender.append(text),
    edit: (edit) => changes.edit(edit),
    deleteEntry: (deletion) => changes.deleteEntry(deletion),
    react: (reaction) => changes.react(reaction),
    page: (query) => encodedPage(pages.page(query)),
    read: (conversation, after, limit) => pages.read(conversation, after, limit),
    latecomers: (conversation, seq, who) => pages.latecomers(conversation, seq, who),
    heads: (query) => heads.heads(query),
    moveCursors: (moves) => heads.moveCursors(moves),
    receipts: (query) => receipts.receipts(query),
    receiptsOf: (conversation, askers) => receipts.receiptsOf(conversation, askers),
    lastTextOf: (user, conversation) => scenes.lastTextOf(user, conversation),
    scene: (user, conversation) => scenes.scene(user, conversation),
    settings: (user) => settings.of(user),
    changeSettings: inRoom((user, changes) => settings.change(user, changes)),
    statuses: (ids) => settings.statuses(ids),
    changePreferences: inRoom((change) => preferences.change(change)),
    createGroup: (group) => groups.createGroup(group),
    join: (user, group, time, invite) => groups.join(user, group, time, invite),
    quit: (user, group, time) => groups.quit(user, group, time),
    members: (query) => members.list(query),
    addMembers: (added) => members.add(added),
    removeMember: (removal) => members.remove(removal),
    unban: (user, group, target) => members.unban(user, group, target),
    bans: (query) => members.bans(query),
    setRole: inRoom((change) => members.setRole(change)),
    renameGroup: inRoom((change) => rules.rename(change)),
    setTopic: inRoom((change) => rules.setTopic(change)),
    setAccess: inRoom((change) => rules.setAccess(change)),
    deleteGroup: (user, group, time) => rules.delete(user, group, time),
    groupsOf: (user) => groups.groupsOf(user),
    lasts: (texts) => places.lasts(texts),
    directsSince: (users, time) => places.directsSince(users, time),
    firstMembers: (user, conversation, limit) => groups.firstMembers(user, conversation, limit),
    createInvite: inRoom((invite) => invites.create(invite)),
    listInvites: (query) => invites.list(query),
    revokeInvite: (user, code) => invites.revoke(user, code),
    contacts: (user, after, limit) => people.contacts(user, after, limit),
    addContact: inRoom((user, target) => people.addContact(user, target)),
    removeContact: (user, target) => people.removeContact(user, target),
    circle: (user) => people.circle(user),
    block: inRoom((user, target) => people.block(user, target)),
    unblock: (user, target) => people.unblock(user, target),
    blockers: (user) => people.blockers(user),
    find: (user, text, limit, after = '') => finding.find(user, text, limit, after),
    readable: (user, conversation) => searchable.readable(user, conversation),
    extents: (after, limit) => searchable.extents(after, limit),
    changes: (since, limit) => searchable.changes(since, limit),
    hits: (user, places, maxBytes) => searchable.hits(user, places, maxBytes),
    retain: (query) => retention.retain(query),
    standing: (user) => standings.of(user),
    setOperator: (user, on) => standings.setOperator(user, on),
    setBanned: (user, on, reason) => standings.setBanned(user, on, reason),
    survey: (query) => surveys.page(query),
    figures,
    exportPage: (query) => exported.page(query),
    endGroup: (by, group, time) => closing.endGroup(by, group, time),
    eraseTexts: (query) => erasure.eraseTexts(query),
  }
  const caches = { users, conversations, journal }
  const transactions = transactionsOn(db, caches)
  return new Batches({ ...caches, operations, remains, transactions }, keptMax)
}
