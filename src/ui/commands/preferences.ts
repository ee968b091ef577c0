import type { NotifyLevel, Status } from '../../protocol/messages.ts'
import { type Context, notify } from '../context.ts'
import { hushedBy } from '../notify/concern.ts'
import { conversationTitle } from '../panes/title.ts'
import { entryAt } from '../state/changes.ts'
import { isMessage } from '../state/log.ts'
import type { ClientState, Conversation } from '../state/model.ts'
import { preferencesOf } from '../state/preferences.ts'
import { type ActionName, commandUsage } from './action-names.ts'
import { usageError } from './arguments.ts'
import { serverOf } from './requests.ts'

type Action = (context: Context, argument: string) => Promise<void>

/** What one wants of a conversation for oneself, and what one says of oneself. */
export const preferenceActions = {
  mute: onOpen('mute'),
  pin: onOpen('pin'),
  markUnread: onOpen('markUnread'),
  notifyLevel: onOpen('notifyLevel'),
  away: (context, argument) => setStatus(context, 'away', argument),
  busy: (context, argument) => setStatus(context, 'busy', argument),
} as const satisfies Partial<Record<ActionName, Action>>

type PreferenceAction = 'mute' | 'pin' | 'markUnread' | 'notifyLevel'

export function isPreferenceAction(action: string): action is PreferenceAction {
  return Object.hasOwn(changes, action)
}

/** Does it to the conversation with that target id, which need not be open. */
export function changePreference(
  context: Context,
  target: string,
  action: PreferenceAction,
  argument = '',
): Promise<void> {
  const { store, look } = context
  const state = store.getSnapshot()
  const conversation = state.conversations.get(target)
  if (conversation?.head === undefined) throw new Error(look.words.preferences.notBegun)
  return changes[action]({ context, state, conversation }, argument)
}

function onOpen(action: PreferenceAction): Action {
  return (context, argument) => {
    const { open } = context.store.getSnapshot()
    if (open === undefined) throw new Error(context.look.words.notices.nothingOpen)
    return changePreference(context, open, action, argument)
  }
}

type Here = Readonly<{ context: Context; state: ClientState; conversation: Conversation }>
type Change = (here: Here, argument: string) => Promise<void>

const changes: Readonly<Record<PreferenceAction, Change>> = {
  mute: async (here, argument) => {
    const { done } = here.context.look.words.preferences
    const muted = turned(here, 'mute', argument, preferencesOf(here.conversation).muted)
    await request(here, { muted: muted ? 'on' : 'off' })
    say(here, muted ? done.muted : done.unmuted)
  },
  pin: async (here, argument) => {
    const { done } = here.context.look.words.preferences
    const pinned = turned(here, 'pin', argument, preferencesOf(here.conversation).pinned)
    await request(here, { pinned: pinned ? 'on' : 'off' })
    say(here, pinned ? done.pinned : done.unpinned)
  },
  markUnread: async (here, argument) => {
    if (argument !== '' && argument !== 'off') throw usageError(here.context, 'markUnread')
    const { done } = here.context.look.words.preferences
    const selected = selectedIn(here)
    const isMarked = preferencesOf(here.conversation).unread > 0
    if (argument === 'off' || (isMarked && selected === undefined)) {
      await request(here, { seen: true })
      return say(here, done.seen)
    }
    await request(here, { unread: selected ?? lastSaid(here) })
    say(here, done.unread)
  },
  notifyLevel: async (here, argument) => {
    const { levels, done } = here.context.look.words.preferences
    const level = argument === '' ? nextLevel(here) : LEVELS.find((one) => one === argument)
    if (level === undefined) throw new Error(levels)
    await request(here, { notify: level })
    say(here, (title) => hushed(here, level, done.notify[level](title)))
  },
}

const LEVELS = ['default', 'all', 'mentions', 'none'] as const satisfies readonly NotifyLevel[]

/** With what keeps that from being so for now. */
function hushed({ context, state, conversation }: Here, level: NotifyLevel, said: string): string {
  const { but } = context.look.words.preferences.done
  const by = hushedBy(state, conversation, level, context.configuration.notify)
  return by === undefined ? said : but[by](said)
}

/** Without a word it goes on to the next one. */
function nextLevel({ conversation }: Here): (typeof LEVELS)[number] {
  const levels: readonly NotifyLevel[] = LEVELS
  const at = levels.indexOf(preferencesOf(conversation).notify)
  return LEVELS[(Math.max(0, at) + 1) % LEVELS.length] ?? 'default'
}

/** Without a word it is turned over. */
function turned({ context }: Here, action: ActionName, argument: string, is: boolean): boolean {
  if (argument === '') return !is
  if (argument !== 'on' && argument !== 'off') throw usageError(context, action)
  return argument === 'on'
}

/** The message that the keys in the log act on. */
function selectedIn({ state, conversation }: Here): number | undefined {
  const isHere = state.focus === 'log' && state.open === conversation.target
  const { selected, entries } = conversation
  return isHere && selected !== undefined ? entryAt(entries, selected)?.seq : undefined
}

/** Of others, where they said something; as far as is loaded. @throws when there is none */
function lastSaid({ context, state, conversation }: Here): number {
  const { entries, head } = conversation
  const said = entries.filter(isMessage)
  const last = said.findLast(({ from }) => from !== state.me?.id) ?? said.at(-1)
  if (last !== undefined) return last.seq
  if (head === undefined || head.n === 0) {
    throw new Error(context.look.words.preferences.nothingToMark)
  }
  return head.last
}

async function request(
  { context, conversation }: Here,
  change: Readonly<{
    pinned?: 'on' | 'off'
    muted?: 'on' | 'off'
    notify?: NotifyLevel
    unread?: number
    seen?: boolean
  }>,
): Promise<void> {
  const id = conversation.head?.conversation ?? ''
  await serverOf(context).request({ type: 'changePreferences', conversation: id, ...change })
}

function say({ context, state, conversation }: Here, words: (title: string) => string): void {
  notify(context, 'info', words(conversationTitle(state, conversation, context.look)))
}

async function setStatus(
  context: Context,
  status: Exclude<Status, 'available'>,
  argument: string,
): Promise<void> {
  if (argument !== '' && argument !== 'on' && argument !== 'off') {
    const { words } = context.look
    throw new Error(words.notices.noReason(commandUsage(status, words)))
  }
  const isSo = context.store.getSnapshot().status === status
  const on = argument === '' ? !isSo : argument === 'on'
  const now = on ? status : 'available'
  await serverOf(context).request({ type: 'setStatus', status: now })
  notify(context, 'info', context.look.words.status.done[now])
}
