import type { Look } from '../look.ts'
import type { Conversation } from '../state/model.ts'
import { preferencesOf } from '../state/preferences.ts'

/** What one wants of the conversation, in a row: 'For you  pinned · muted'; none: nothing special. */
export function preferencesRow(
  conversation: Conversation | undefined,
  { words }: Look,
): readonly string[] {
  const { preferences } = words
  const { pinned, muted, notify, unread } = preferencesOf(conversation)
  const parts = [
    pinned ? preferences.pinned : '',
    muted ? preferences.muted : '',
    notify === 'default' || notify === 'unknown' ? '' : preferences.notify[notify],
    unread > 0 ? preferences.unread : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? [] : [preferences.row(parts.join(' · '))]
}
