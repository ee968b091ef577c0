import type { ClientEvent } from '../../net/events.ts'
import type { Fingerprint } from '../../net/fingerprint.ts'
import type { Contact, Entry, Group, Head, Member, User } from '../../protocol/messages.ts'
import type { EditorState } from '../input/editor.ts'
import type { Emoji } from '../input/emoji.ts'
import type { Anchor, Composing, Focus, Notice, Overlay, Screen } from './model.ts'
import type { ReadingEvent } from './reading.ts'
import type { Typist } from './typing.ts'

/** What happens in the interface itself. */
export type UiEvent =
  | Readonly<{ type: 'screen'; screen: Screen }>
  | Readonly<{ type: 'resized'; columns: number; rows: number }>
  | Readonly<{ type: 'focused'; focused: boolean }>
  /** Another server or account: nothing of the one before stays. */
  | Readonly<{ type: 'server'; address: string }>
  /** What was known of the account when this computer last heard of it. */
  | Readonly<{
      type: 'restored'
      me: User
      heads: readonly Head[]
      contacts: readonly Contact[]
    }>
  /** The end of a log, as it was then; without a hole. */
  | Readonly<{ type: 'recalled'; target: string; entries: readonly Entry[] }>
  /** The end of the log is what the person wants: what is unread before it is not. */
  | Readonly<{ type: 'skipped'; target: string }>
  /** What came during an absence was looked at, or need not be. */
  | Readonly<{ type: 'arrivalSeen' }>
  /** `unasked`: not because of a key. */
  | Readonly<{ type: 'opened'; target: string; unasked?: boolean }>
  /** Opened as soon as the server has told its head. */
  | Readonly<{ type: 'awaited'; target: string }>
  | Readonly<{ type: 'said'; target: string; text: string }>
  | Readonly<{ type: 'prefix'; pressed: boolean }>
  /** A direct conversation that may have no message yet. */
  | Readonly<{ type: 'begun'; user: User }>
  /** `kills`: what was killed, where that has changed. */
  | Readonly<{ type: 'draft'; target: string; editor: EditorState; kills?: readonly string[] }>
  /** Also the draft, which is then another one. */
  | Readonly<{
      type: 'composing'
      target: string
      composing: Composing | undefined
      editor: EditorState
    }>
  /** The message that keys act on, and where the view begins that shows it. */
  | Readonly<{
      type: 'selected'
      target: string
      seq: number | undefined
      anchor: Anchor | undefined
      /** By itself, so that the message stays in view. */
      kept?: true
    }>
  | Readonly<{ type: 'typistGone'; target: string; typist: Typist }>
  | Readonly<{ type: 'focus'; focus: Focus }>
  | Readonly<{ type: 'chose'; list: 'people' | 'groups'; target: string | undefined }>
  | Readonly<{ type: 'overlay'; overlay: Overlay | undefined }>
  | Readonly<{ type: 'anchored'; target: string; anchor: Anchor | undefined }>
  /** `before` 0: the newest page. */
  | Readonly<{ type: 'pageAsked'; target: string; before: number }>
  | Readonly<{
      type: 'pageCame'
      target: string
      before: number
      entries: readonly Entry[]
      first: number
    }>
  | Readonly<{ type: 'pageFailed'; target: string; before: number }>
  /** `asOf`: the last seq of the group when they were asked for. */
  | Readonly<{ type: 'members'; group: string; members: readonly Member[]; asOf: number }>
  /** The answer to `watch`: who of the conversation is online, and nobody else. */
  | Readonly<{ type: 'watched'; target: string; online: readonly string[] }>
  /** The server knows nobody with this id. */
  | Readonly<{ type: 'gone'; user: string }>
  | Readonly<{ type: 'filter'; filter: EditorState | undefined }>
  | Readonly<{ type: 'emoji'; emoji: readonly Emoji[] }>
  | Readonly<{ type: 'groups'; groups: readonly Group[] }>
  | Readonly<{ type: 'notice'; notice: Notice | undefined }>
  | Readonly<{ type: 'tick'; now: number }>
  | Readonly<{ type: 'membersPane'; shown: boolean }>
  | Readonly<{ type: 'serverKey'; key: Fingerprint | undefined }>
  | Readonly<{ type: 'hosting'; share: readonly string[]; key: Fingerprint | undefined }>

/** All that changes the state. */
export type StateEvent = ClientEvent | UiEvent | ReadingEvent
