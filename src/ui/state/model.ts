import type { Link, OutboxItem } from '../../net/events.ts'
import type { Fingerprint } from '../../net/fingerprint.ts'
import type { Contact, Entry, Group, Head, Member, Status, User } from '../../protocol/messages.ts'
import type { EditorState } from '../input/editor.ts'
import { commonEmoji, type Emoji } from '../input/emoji.ts'
import type { CatchUpWindow, PeekWindow } from './catch-up.ts'
import type { LongTextWindow } from './long-text-window.ts'
import type { MessageWindow } from './message-windows.ts'
import type { Receipts } from './receipts.ts'
import type { Typing } from './typing.ts'
import type { Window } from './windows.ts'

/**
 * Everything the interface knows, as one plain value. Only `reduce` makes a new one; views read it,
 * effects watch it.
 */
export type ClientState = Readonly<{
  screen: Screen
  size: Readonly<{ columns: number; rows: number }>
  /** The terminal has the focus, as far as it says so. */
  focused: boolean

  me: User | undefined
  /** HOST:PORT of the server, for people. */
  address: string
  /** The key of that server, for lines that lead there; undefined where no key must be known. */
  serverKey: Fingerprint | undefined
  link: Link

  /** By target id: a group's id, or the other person's id. */
  conversations: ReadonlyMap<string, Conversation>
  /** Conversation id → target id. */
  targets: ReadonlyMap<string, string>
  contacts: ReadonlyMap<string, Contact>
  /** Who is online, by user id, as last heard. */
  online: ReadonlyMap<string, boolean>
  /** What those of them say of themselves who are not simply available, by user id. */
  statuses: ReadonlyMap<string, Status>
  /** Ids of people whose accounts the server has no more. */
  gone: ReadonlySet<string>
  /** Members of groups, by group id, once asked for. */
  members: ReadonlyMap<string, readonly Member[]>
  /** Who is writing in what is open. */
  typing: Typing
  /** Groups whose members have changed since: the seq of the newest entry that says so. */
  memberChanges: ReadonlyMap<string, number>
  /** Public groups, as last asked for. */
  groups: readonly Group[]
  outbox: readonly OutboxItem[]

  /** Target ids. */
  open: string | undefined
  last: string | undefined
  /** Opened as soon as the server has told its head. */
  awaited: string | undefined
  /** Target ids of what was opened in this run, the newest first. */
  recent: readonly string[]
  /** By target id; by NOTHING_OPEN while nothing is open. */
  drafts: ReadonlyMap<string, EditorState>
  /** What was said in this run, by target id, oldest first. */
  said: ReadonlyMap<string, readonly string[]>
  /** Killed texts, the newest first: what is cut in one conversation can be put into another. */
  kills: readonly string[]
  /** What can be completed and put to messages; all of them once somebody has wanted one. */
  emoji: readonly Emoji[]

  focus: Focus
  /** The chosen row of each list: a target id. */
  chosen: Readonly<{ people: string | undefined; groups: string | undefined }>
  /** What the list that has the focus is narrowed down to; undefined: all of it is shown. */
  filter: EditorState | undefined
  overlay: Overlay | undefined
  /** One was away so long; until the heads of afterwards have come. */
  away: Readonly<{ from: number; to: number }> | undefined
  /** The server has told all conversations since this account is on the screen. */
  synced: boolean
  /** It has just done so at the first time, or after a long absence. */
  arrived: boolean
  /** One was put out of this group, or it was ended: what is to be said of it. */
  putOut: Readonly<{ group: string; kind: Entry['kind']; by: string }> | undefined
  /** Others are not shown what one has read; undefined until it was asked for. */
  hideReceipts: boolean | undefined
  /** What one says of oneself, on all clients of the account. */
  status: Status
  /** Ctrl-X was pressed: the next key says what to do. */
  prefix: boolean
  notice: Notice | undefined
  /** The clock as of the last tick; it ticks only while something counts down. */
  now: number
  /** The log has the whole screen. */
  zoomed: boolean
  /** Clicks and the wheel of the mouse are taken. */
  mouse: boolean
  /** The right pane of a wide screen is shown. */
  membersPane: boolean
  /** How others connect to the server that this program hosts; empty when it does not. */
  share: readonly string[]
  /** Of the server that this program hosts. */
  hostKey: Fingerprint | undefined
}>

export const NOTHING_OPEN = ''

export type Focus = 'people' | 'groups' | 'log' | 'compose'

export type Conversation = Readonly<{
  /** The key in `conversations`. */
  target: string
  kind: 'direct' | 'group'
  /** A group's name without #, or the person's. */
  name: string
  /** Where it stands on the server; undefined before the first message of a direct chat. */
  head: Head | undefined
  /** What is loaded, by ascending seq. A jump of seq is a hole that a page can fill. */
  entries: readonly Entry[]
  /** By seq, as they came: those texts that loaded entries have changed since. */
  bases: ReadonlyMap<number, Entry>
  /** How many of its members were online when last told; undefined: nobody said so. */
  crowd?: number
  /** How far the others have got. */
  receipts: Receipts
  /** The message that keys and commands act on: its seq. */
  selected: number | undefined
  /** What is written here is no new message, or answers one. */
  composing: Composing | undefined
  /** The row at the top of the view while one reads back; undefined: the end is followed. */
  anchor: Anchor | undefined
  /** What came after this was new when the conversation was opened: '── 3 new ──' stands there. */
  newFrom: Readonly<{ seq: number; n: number }> | undefined
  /** The last seq when the server told where it stands: what is above it came while one was there. */
  syncedTo: number
  /** What is not above this seq need not be seen: the person has gone on to the end. */
  skippedTo: number
  /** So many texts have gone by at the end that one watches, though the server may not know yet. */
  wentByN: number
  /** Where what one missed begins: '── away 02:13–09:40 · 14 caught up ──' stands there. */
  away: Away | undefined
  /** Pages under way, by the seq before which they end (0: the newest). */
  loading: readonly number[]
  /** The last page failed; asked for again when the link is new or one scrolls. */
  pageFailed: boolean
  /** The end of the log when one left it to read back; undefined: it is followed. */
  leftAt: Readonly<{ seq: number; n: number }> | undefined
  /** Seqs of entries that are shown one by one where they would be folded. */
  unfolded: ReadonlySet<number>
}>

/** `seq`: of the last entry before; `count`: texts that came meanwhile. Milliseconds since 1970. */
export type Away = Readonly<{ seq: number; from: number; to: number; count: number }>

/**
 * A row of the log that stays where it is whatever comes before or after: the `line`th row of the
 * entry's own text; what stands above it (a date, '3 new') has negative lines. What waits in the
 * outbox counts on from the last loaded seq. 0 is the top of the history.
 */
export type Anchor = Readonly<{ seq: number; line: number }>

/** `seq`: of the text that is answered or edited; `before`: the draft that comes back afterwards. */
export type Composing =
  | Readonly<{ type: 'reply'; seq: number }>
  | Readonly<{ type: 'edit'; seq: number; before: EditorState }>

/** What is said to the person, until the next thing or some seconds. */
export type Notice = Readonly<{ kind: 'info' | 'error'; text: string }>

export type Screen =
  | Readonly<{ type: 'start'; chosen: number; recent: readonly RecentServer[] }>
  | Readonly<{ type: 'hosting' }>
  | Readonly<{
      type: 'hostFailed'
      chosen: number
      reason: 'portTaken' | 'locked' | 'other'
      text: string
      /** Of the server that has the data folder. */
      address: string | undefined
    }>
  | Readonly<{ type: 'address'; text: string; fault: string }>
  | Readonly<{ type: 'connecting'; address: string }>
  | FailedScreen
  | Readonly<{ type: 'trust'; chosen: number; address: string; fingerprint: Fingerprint }>
  | Readonly<{
      type: 'changedKey'
      chosen: number
      address: string
      fingerprint: Fingerprint
      pinned: Fingerprint
    }>
  | LogInScreen
  | LeavingScreen
  | Readonly<{ type: 'main' }>

/** What becomes of the server that is hosted here, asked outside the chat; `from`: to stay. */
export type FailedScreen = Readonly<{
  type: 'failed'
  chosen: number
  address: string
  text: string
  /** When it is tried again by itself, milliseconds since 1970; undefined: only a person can. */
  next: number | 'now' | undefined
  /** Messages of this user that wait on this computer. */
  waiting: number
}>

export type LeavingScreen = Readonly<{
  type: 'leaving'
  chosen: number
  connected: number | undefined
  /** One is at another server. */
  elsewhere: boolean
  from: Screen
}>

export type LogInScreen = Readonly<{
  type: 'logIn'
  plaintext: boolean
  name: EditorState
  password: string
  /** A code; there is no such field until the server has asked for one. */
  invite: EditorState | undefined
  field: 'name' | 'password' | 'invite' | 'logIn' | 'create'
  busy: boolean
  fault: string
}>

/** A server used before, newest first. */
export type RecentServer = Readonly<{
  address: string
  user: string
  plaintext: boolean
  /** As the person's configuration calls it. */
  name?: string
}>

/** `found`: what the server answered last, of names that begin as one of them was typed. */
export type GoToWindow = Readonly<{
  type: 'goTo'
  query: EditorState
  chosen: number
  found?: Readonly<{ users: readonly User[]; groups: readonly Group[] }>
}>

export type Overlay =
  | GoToWindow
  /** `page`: how often one has gone on to the next, where not all fits. */
  | Readonly<{ type: 'menu'; page?: number }>
  | Readonly<
      {
        type: 'createGroup'
        fields: readonly EditorState[]
        /** The one after the last is `access`. */
        field: number
        access: 'public' | 'invite'
        /** The same while the answer is not known: asking again makes no second group. */
        nonce: Uint8Array
      } & Form
    >
  | Readonly<{ type: 'joinGroup'; query: EditorState; chosen: number; loading: boolean } & Form>
  | Readonly<{ type: 'addContact'; fields: readonly EditorState[]; field: number } & Form>
  | Readonly<{ type: 'members'; chosen: number }>
  | Readonly<{ type: 'help'; top: number }>
  | Readonly<{ type: 'share' }>
  | Window
  | MessageWindow
  | LongTextWindow
  | CatchUpWindow
  | PeekWindow
  | Readonly<{ type: 'leave'; chosen: number }>
  | Readonly<{ type: 'quit'; chosen: number; connected: number | undefined }>
  | Readonly<{ type: 'logOut'; chosen: number }>

/** What an overlay that asks the server shows. */
export type Form = Readonly<{ busy: boolean; fault: string }>

export function initialState(size: ClientState['size']): ClientState {
  return {
    screen: { type: 'start', chosen: 0, recent: [] },
    size,
    focused: true,
    ...nobody(),
    address: '',
    serverKey: undefined,
    link: { state: 'offline' },
    notice: undefined,
    now: 0,
    mouse: false,
    membersPane: true,
    share: [],
    hostKey: undefined,
    emoji: commonEmoji,
  }
}

/** What belongs to one account on one server, empty: a log-out leaves this. */
export function nobody() {
  return {
    me: undefined,
    conversations: new Map<string, Conversation>(),
    targets: new Map<string, string>(),
    contacts: new Map<string, Contact>(),
    online: new Map<string, boolean>(),
    statuses: new Map<string, Status>(),
    gone: new Set<string>(),
    members: new Map<string, readonly Member[]>(),
    typing: new Map(),
    memberChanges: new Map<string, number>(),
    groups: [],
    outbox: [],
    open: undefined,
    last: undefined,
    awaited: undefined,
    recent: [],
    drafts: new Map<string, EditorState>(),
    said: new Map<string, readonly string[]>(),
    kills: [],
    focus: 'compose',
    chosen: { people: undefined, groups: undefined },
    filter: undefined,
    overlay: undefined,
    zoomed: false,
    away: undefined,
    synced: false,
    arrived: false,
    putOut: undefined,
    hideReceipts: undefined,
    status: 'available',
    prefix: false,
  } as const satisfies Partial<ClientState>
}
