import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { EncodedRecords } from '../../protocol/fields.ts'
import { messages } from '../../protocol/messages.ts'
import { type Log, silentLog } from '../log.ts'
import {
  type Found,
  type Input,
  type Method,
  type Output,
  type WorkerMessage,
  withBuffer,
} from './calls.ts'
import { openFolderIndex } from './search/index-thread.ts'
import { Search } from './search/search.ts'
import type { SearchSource } from './search/source.ts'
import type { WorkerData } from './sqlite-worker.ts'
import type { Appended, OnAppended, Store } from './store.ts'
import { FolderServedError, StoreError } from './store-error.ts'
import { StoreThread } from './store-thread.ts'
import { backUp, verifyFolder } from './upkeep/reader.ts'
import type { RoomChange } from './upkeep/room.ts'
import type { StoreTimings } from './upkeep/timings.ts'

export type SqliteOptions = Readonly<{
  /** The data folder: made when it does not exist, locked while the store is open. */
  folder: string
  onAppended: OnAppended
  /** The store has failed for good: every call is refused from now on. */
  onFailure?: (error: Error) => void
  /** A transaction failed and its calls were refused; the store works on. For the log. */
  onFault?: (reason: string) => void
  /** How long calls take is noted there. */
  timings?: StoreTimings | undefined
  /** The most bytes that the folder may take: before it nothing new is taken (`storageFull`). */
  maxDiskBytes?: number | undefined
  /** There is no room for more, or there is again. */
  onRoom?: (change: RoomChange) => void
  /** For what happens by itself: an upgrade, the search index, and that there is no room. */
  log?: Log
}>

/**
 * The store in one SQLite database, in a thread of its own.
 * @throws FolderServedError; StoreError when the folder cannot be written, or holds
 * something else or something newer
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  // As the sources run, or as built.
  const file = new URL(`sqlite-worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url)
  const { folder, maxDiskBytes: maxBytes, log = silentLog } = options
  const workerData: WorkerData = { folder, maxBytes }
  const worker = new Worker(file, { name: 'store', workerData })
  const first = await firstMessage(worker)
  if (first.kind === 'refused') {
    const { reason, served } = first
    throw served
      ? new FolderServedError(reason, served.address, served.key)
      : new StoreError(reason)
  }
  // Search reads through the thread, and is told what the thread appends.
  const following: { search: Search | undefined } = { search: undefined }
  const onAppended = (appended: readonly Appended[]) => {
    following.search?.note(appended)
    options.onAppended(appended)
  }
  const onRoom = (change: RoomChange) => {
    tellRoom(log, change, maxBytes)
    options.onRoom?.(change)
  }
  if (first.kind === 'opened') tellFound(log, folder, first.found, onRoom)
  const thread = new StoreThread(worker, { ...options, onAppended, onRoom })
  following.search = new Search(() => openFolderIndex(folder), sourceOn(thread), log)
  const beside = {
    backup: (file: string) => backUp(folder, file),
    verify: () => verifyFolder(folder),
  }
  return storeOn(thread, beside, following.search)
}

/** What the thread says first. */
export function firstMessage(worker: Worker): Promise<WorkerMessage> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the thread of the store did not start')))
  })
}

/** The store whose calls that thread carries out. */
export function storeOn(
  thread: StoreThread,
  { backup, verify }: Pick<Store, 'backup' | 'verify'>,
  search: Pick<Search, 'search' | 'shortened' | 'close'>,
): Store {
  const call =
    <M extends Exclude<Method, 'append'>>(method: M) =>
    (...input: Input<M>): Promise<Output<M>> =>
      thread.call(method, ...input)
  return {
    createAccount: call('createAccount'),
    findAccount: call('findAccount'),
    setPasswordHash: call('setPasswordHash'),
    changePassword: call('changePassword'),
    findUser: call('findUser'),
    deleteAccount: call('deleteAccount'),
    createSession: call('createSession'),
    findSession: call('findSession'),
    prolongSession: call('prolongSession'),
    deleteSession: call('deleteSession'),
    sessions: call('sessions'),
    endSession: call('endSession'),
    endOtherSessions: call('endOtherSessions'),
    sessionsAlive: call('sessionsAlive'),
    append: (text) => thread.append(text),
    edit: call('edit'),
    deleteEntry: call('deleteEntry'),
    react: call('react'),
    page: async (query) => {
      const page = await thread.call('page', query)
      const { count, bytes } = page.entries
      return { ...page, entries: new EncodedRecords(messages.page.fields.entries, count, bytes) }
    },
    read: async (...query) => (await thread.call('read', ...query)).map(withBuffer),
    latecomers: call('latecomers'),
    heads: call('heads'),
    moveCursors: call('moveCursors'),
    receipts: call('receipts'),
    receiptsOf: call('receiptsOf'),
    lastTextOf: call('lastTextOf'),
    scene: call('scene'),
    settings: call('settings'),
    changeSettings: call('changeSettings'),
    statuses: call('statuses'),
    changePreferences: call('changePreferences'),
    createGroup: call('createGroup'),
    join: call('join'),
    quit: call('quit'),
    members: call('members'),
    addMembers: call('addMembers'),
    removeMember: call('removeMember'),
    unban: call('unban'),
    bans: call('bans'),
    setRole: call('setRole'),
    renameGroup: call('renameGroup'),
    setTopic: call('setTopic'),
    setAccess: call('setAccess'),
    deleteGroup: call('deleteGroup'),
    groupsOf: call('groupsOf'),
    lasts: call('lasts'),
    directsSince: call('directsSince'),
    firstMembers: call('firstMembers'),
    createInvite: call('createInvite'),
    listInvites: call('listInvites'),
    revokeInvite: call('revokeInvite'),
    contacts: call('contacts'),
    addContact: call('addContact'),
    removeContact: call('removeContact'),
    circle: call('circle'),
    block: call('block'),
    unblock: call('unblock'),
    blockers: call('blockers'),
    find: call('find'),
    standing: call('standing'),
    setOperator: call('setOperator'),
    setBanned: call('setBanned'),
    survey: call('survey'),
    figures: call('figures'),
    exportPage: call('exportPage'),
    endGroup: call('endGroup'),
    eraseTexts: call('eraseTexts'),
    backup,
    verify,
    retain: async (query) => {
      const retained = await thread.call('retain', query)
      search.shortened(retained.shortened)
      return retained
    },
    search: (query) => search.search(query),
    close: async () => {
      // Both at once: what is called from now on is refused.
      await Promise.all([search.close(), thread.close()])
    },
  }
}

function tellFound(
  log: Log,
  folder: string,
  { upgrade, mode, room }: Found,
  onRoom: (change: RoomChange) => void,
): void {
  if (upgrade !== undefined) log.info('the database was upgraded', upgrade)
  if (mode !== undefined) log.warn('others may look into the data folder', { folder, mode })
  if (room !== undefined) onRoom(room)
}

function tellRoom(log: Log, change: RoomChange, maxBytes: number | undefined): void {
  const { full, because, used, free, needed } = change
  const fields = because === 'maxDisk' ? { used, maxDisk: maxBytes, needed } : { free, needed }
  if (full) log.error('nothing new is taken: there is no room for it', { because, ...fields })
  else log.info('there is room again', fields)
}

/** What search asks, asked of that thread. */
export function sourceOn(thread: StoreThread): SearchSource {
  return {
    readable: (...input) => thread.call('readable', ...input),
    extents: (...input) => thread.call('extents', ...input),
    changes: (...input) => thread.call('changes', ...input),
    hits: (...input) => thread.call('hits', ...input),
  }
}
