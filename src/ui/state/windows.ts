import type { Hit, Invite, SessionRecord, User } from '../../protocol/messages.ts'
import type { EditorState } from '../input/editor.ts'
import type { Form, Overlay } from './model.ts'

/** The windows over the chat that search, and that groups and accounts are managed in. */
export type Window =
  | SearchWindow
  | Readonly<{ type: 'group'; chosen: number }>
  | Readonly<{ type: 'account'; chosen: number }>
  | ListWindow
  | InviteWindow
  | AskWindow
  | FormWindow

export type SearchWindow = Readonly<{
  type: 'search'
  query: EditorState
  /** Target id of the conversation that is searched; undefined: everything one may read. */
  where: string | undefined
  found: Found
  chosen: number
}>

/** How far a search is. `asked`: the words that it is about. */
export type Found =
  | Readonly<{ state: 'nothing' }>
  | Readonly<{ state: 'searching'; asked: string }>
  /** `offline`: tried again when there is a connection. */
  | Readonly<{ state: 'failed'; asked: string; fault: string; offline: boolean }>
  | Readonly<{
      state: 'found'
      asked: string
      /** The newest first. */
      hits: readonly Hit[]
      /** Continues them; empty: that is all. */
      next: string
      /** More are being asked for. */
      loading: boolean
    }>

/** A list that the server was asked for: one's sessions; who is banned, what invites, of a group. */
export type ListWindow = Readonly<{
  type: 'list'
  /** Id of the group; '' when it is not about one. */
  group: string
  chosen: number
  loading: boolean
  fault: string
  list: Listed
}>

export type Listed =
  | Readonly<{ of: 'sessions'; items: readonly SessionRecord[] }>
  | Readonly<{ of: 'bans'; items: readonly User[] }>
  | Readonly<{ of: 'invites'; items: readonly Invite[] }>

/** An invite, to be passed on. */
export type InviteWindow = Readonly<{
  type: 'invite'
  invite: Invite
  /** Where Esc leads. */
  back: Overlay | undefined
}>

/** Asks before something that cannot simply be undone is done. */
export type AskWindow = Readonly<{
  type: 'ask'
  deed: Deed
  chosen: number
  /** What was open before, and is again. */
  back: Overlay | undefined
}> &
  Form

/** What is asked about; all parts are texts that `name` knows how to use. */
export type Deed = Readonly<{
  name: DeedName
  /** Id of the group; '' when it is not about one. */
  group: string
  /** To whom or what it is done, as the server names it. */
  id: string
  /** The same as people name it. */
  label: string
}>

export type DeedName =
  | 'removeMember'
  | 'ban'
  | 'unban'
  | 'makeOwner'
  | 'block'
  | 'revoke'
  | 'endSession'
  | 'endOthers'
  | 'logOutEverywhere'

export type FormName =
  | 'topic'
  | 'renameGroup'
  | 'addMembers'
  | 'deleteGroup'
  | 'inviteCode'
  | 'password'
  | 'deleteAccount'

export type FormWindow = Readonly<{
  type: 'form'
  form: FormName
  /** Id of the group, or of `inviteCode` its name; '' when it is not about one. */
  group: string
  fields: readonly EditorState[]
  field: number
}> &
  Form
