import type { Entry } from '../../protocol/messages.ts'
import type { Context } from '../context.ts'
import { entryAt } from '../state/changes.ts'
import { isMessage } from '../state/log.ts'
import type { ClientState, Conversation } from '../state/model.ts'
import { openConversation } from '../state/selectors.ts'

/** A message that something is done with, and where it stands on the server. */
export type Chosen = Readonly<{ open: Conversation; conversation: string; entry: Entry }>

type Suits = (entry: Entry, state: ClientState, open: Conversation) => boolean

export const isOwn: Suits = ({ from }, { me }) => from === me?.id

/** Own ones; in a group admins and owners any (the server decides). */
export const isDeletable: Suits = (entry, state, open) =>
  isOwn(entry, state, open) ||
  (open.kind === 'group' && (open.head?.role === 'admin' || open.head?.role === 'owner'))

export const isByOthers: Suits = (entry, state, open) => !isOwn(entry, state, open)

export const isAny: Suits = () => true

/**
 * The selected message, while it is in view, if it is one that `may` be used, else the last one that
 * is meant without a word: `usual`.
 * @throws with the words `otherwise` when there is none
 */
export function chosenMessage(
  { store, look, frames }: Context,
  may: Suits,
  usual: Suits,
  otherwise: string,
): Chosen {
  const state = store.getSnapshot()
  const open = openConversation(state)
  if (open?.head === undefined) throw new Error(look.words.notices.nothingOpen)
  // What has gone out of view since was not meant.
  const seen = frames.of(state).view?.messages
  const seq = open.selected ?? 0
  const selected = seen?.includes(seq) === false ? undefined : entryAt(open.entries, seq)
  const meant =
    selected ?? open.entries.findLast((entry) => isMessage(entry) && usual(entry, state, open))
  if (meant === undefined || !isMessage(meant) || !may(meant, state, open))
    throw new Error(otherwise)
  return { open, conversation: open.head.conversation, entry: meant }
}
