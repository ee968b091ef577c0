import type { ActionName } from '../commands/action-names.ts'
import { usageError } from '../commands/arguments.ts'
import { findUser, say } from '../commands/requests.ts'
import { textOf } from '../commands/slash.ts'
import { type Context, notify, show } from '../context.ts'
import { allEmoji } from '../flow/all-emoji.ts'
import { logView, mainLayout } from '../frame.ts'
import { emptyEditor } from '../input/editor.ts'
import { reactionOf } from '../log/reactions.ts'
import { selectionMoved } from '../log/selection.ts'
import { entryAt } from '../state/changes.ts'
import type { MessagePlace } from '../state/message-windows.ts'
import { openConversation } from '../state/selectors.ts'
import { type Chosen, chosenMessage, isAny, isByOthers, isDeletable, isOwn } from './chosen.ts'
import { beginEdit, beginReply } from './composing.ts'
import { copyMessage } from './copy.ts'
import { openInfo } from './info.ts'
import { openLink } from './links.ts'
import { goToMention } from './mentions.ts'
import { editText, react } from './requests.ts'
import { showWholeText, unfoldSelected } from './unfold.ts'
import { zoom } from './zoom.ts'

type Action = (context: Context, argument: string) => void | Promise<void>

/** What is done with the selected message, or with the last one that suits. */
export const messageActions = {
  selectPrevious: (context) => select(context, -1),
  selectNext: (context) => select(context, 1),
  reply: (context, text) => {
    if (text === '' && unfoldSelected(context)) return
    const chosen = someMessage(context)
    if (text === '') return beginReply(context, chosen)
    const { open, entry } = chosen
    return say(context, { kind: open.kind, id: open.target }, textOf(text), entry.seq)
  },
  editMessage: (context, text) => {
    const chosen = chosenMessage(context, isOwn, isOwn, context.look.words.messages.notOwn)
    return text === ''
      ? beginEdit(context, chosen)
      : editText(context, placeOf(chosen), textOf(text))
  },
  deleteMessage: (context) => {
    const { notDeletable } = context.look.words.messages
    const chosen = chosenMessage(context, isDeletable, isOwn, notDeletable)
    show(context, { type: 'deleteMessage', ...placeOf(chosen), chosen: 1 })
  },
  react: async (context, typed) => {
    const chosen = someMessage(context)
    const loaded = allEmoji(context)
    if (typed === '') {
      const query = emptyEditor({ oneLine: true })
      return show(context, { type: 'react', ...placeOf(chosen), query, chosen: 0 })
    }
    const text = reactionOf(typed, await loaded)
    if (text === undefined) throw new Error(context.look.words.messages.notReaction)
    return react(context, placeOf(chosen), text, false)
  },
  unreact: (context, typed) => takeBack(context, typed),
  messageInfo: (context) => {
    if (unfoldSelected(context) || showWholeText(context)) return
    const { none } = context.look.words.messages
    openInfo(context, placeOf(chosenMessage(context, isAny, isOwn, none)))
  },
  copyMessage,
  openLink,
  zoom: (context) => zoom(context, () => enterLog(context)),
  previousMention: (context) => goToMention(context, -1),
  nextMention: (context) => goToMention(context, 1),
  // With a text it is no command but a message.
  me: (context) => {
    throw usageError(context, 'me')
  },
  whois: async (context, name) => {
    if (name === '') throw usageError(context, 'whois')
    show(context, { type: 'whois', user: await findUser(context, name) })
  },
} satisfies Partial<Record<ActionName, Action>>

/** Any message; without a word the last one of somebody else, or else the last one. */
function someMessage(context: Context): Chosen {
  const { none } = context.look.words.messages
  const state = context.store.getSnapshot()
  const open = openConversation(state)
  const others = open?.entries.some((entry) => entry.kind === 'text' && entry.from !== state.me?.id)
  return chosenMessage(context, isAny, others === true ? isByOthers : isAny, none)
}

async function takeBack(context: Context, typed: string): Promise<void> {
  const { words } = context.look
  const hasMine = ({ entry }: Pick<Chosen, 'entry'>) => entry.reactions.some(({ mine }) => mine)
  const suits = (entry: Chosen['entry']) => hasMine({ entry })
  const chosen = chosenMessage(context, suits, suits, words.messages.nothingPut)
  const mine = chosen.entry.reactions.filter((reaction) => reaction.mine).map(({ text }) => text)
  const text = typed === '' ? mine[0] : reactionOf(typed, await allEmoji(context))
  if (text === undefined || !mine.includes(text) || (typed === '' && mine.length > 1)) {
    throw new Error(words.messages.whichReaction(mine.join(' ')))
  }
  return react(context, placeOf(chosen), text, true)
}

function placeOf({ open, entry }: Chosen): MessagePlace {
  return { target: open.target, seq: entry.seq }
}

function select({ store, cache, look }: Context, by: 1 | -1): void {
  const state = store.getSnapshot()
  const open = openConversation(state)
  if (open === undefined) return
  const view = logView(state, open, mainLayout(state), look)
  const selection = selectionMoved(view, by, cache, look)
  store.dispatch({ type: 'selected', target: open.target, ...selection })
}

/** The keys go to the log: what is selected stays so while it is in view, else the lowest message there is. */
export function enterLog({ store, frames }: Context): void {
  const state = store.getSnapshot()
  const open = openConversation(state)
  const seen = frames.of(state).view?.messages ?? []
  const isSaid = (seq: number) => open !== undefined && entryAt(open.entries, seq)?.kind === 'text'
  const selected = seen.find((seq) => seq === open?.selected)
  const seq = selected ?? seen.findLast(isSaid) ?? seen.at(-1)
  if (open !== undefined && seq !== undefined) {
    store.dispatch({ type: 'selected', target: open.target, seq, anchor: open.anchor })
  }
  store.dispatch({ type: 'focus', focus: 'log' })
}

/** The keys go back to the composer, and nothing is selected. */
export function leaveLog({ store }: Context): void {
  // First, as while the keys are in the log something always is selected.
  store.dispatch({ type: 'focus', focus: 'compose' })
  const open = openConversation(store.getSnapshot())
  if (open === undefined) return
  store.dispatch({ type: 'selected', target: open.target, seq: undefined, anchor: open.anchor })
}

/** Sends what is in the composer as the edit of a text; with the text that stands there already none. */
export async function sendEdit(context: Context, place: MessagePlace, line: string): Promise<void> {
  const text = textOf(line)
  await editText(context, place, text)
  notify(context, 'info', context.look.words.messages.editedNow)
}
