import { fingerprintWords } from '../../net/fingerprint.ts'
import { isAtHosted, isHostedHere, sharedLines } from '../flow/share.ts'
import type { ActionId } from '../input/bindings.ts'
import type { Look } from '../look.ts'
import { membersOf } from '../state/membership.ts'
import type { ClientState, Conversation } from '../state/model.ts'
import { wrapText } from '../text/wrap.ts'
import { keyText } from './hints.ts'
import { conversationTitle } from './title.ts'

const GROUPS_SHOWN = 8
const NAMES_SHOWN = 12

/**
 * The key of this server, if it is hosted here, in words to read aloud and in full: others compare it.
 */
export function keyLines(state: ClientState, { words }: Look): readonly string[] {
  const { hostKey } = state
  if (hostKey === undefined || !isAtHosted(state)) return []
  return [words.share.key, fingerprintWords(hostKey).join(' '), hostKey]
}

/** Rows that are shown together or not at all; what has the lowest `goes` goes first, 0 stays. */
export type IntroPart = Readonly<{ rows: readonly string[]; goes: number }>

/**
 * What stands under the log for somebody new, so that the first screen is never empty: where one
 * is, who is online, which groups there are, three keys, and how others come to a server that one
 * hosts. It goes with the first contact or message.
 */
export function introParts(
  state: ClientState,
  conversation: Conversation,
  width: number,
  look: Look,
): readonly IntroPart[] {
  if (!isNew(state, conversation)) return []
  const { theme, words } = look
  const title = conversationTitle(state, conversation, look)
  const [line, ...otherLines] = isHostedHere(state) ? sharedLines(state, conversation.name) : []
  const [keyLabel, keyWords, key] = keyLines(state, look)
  const lines: readonly (readonly [goes: number, line: string | undefined])[] = [
    [6, words.log.welcome(title)],
    ...onlineLines(state, conversation, look).map((row) => [4, row] as const),
    ...groupsLines(state, look).map((row) => [3, row] as const),
    [0, words.log.firstKeys(...firstKeys(look))],
    [0, line && words.log.share],
    [0, line],
    ...otherLines.map((row) => [5, row] as const),
    [0, keyLabel],
    [0, keyWords],
    // The window of /share has it, too.
    [2, key],
  ]
  const parts = lines.flatMap(([goes, text]) => {
    if (text === undefined) return []
    const rows = wrapText(text, Math.max(1, width - 2)).map((row) => ` ${theme.accent(row)}`)
    return [{ goes, rows }]
  })
  return [{ goes: 1, rows: [''] }, ...parts]
}

/** As much of it as there is room for. */
export function introRows(parts: readonly IntroPart[], height: number): readonly string[] {
  let kept = parts
  while (kept.flatMap(({ rows }) => rows).length > height) {
    const first = Math.min(...kept.filter(({ goes }) => goes > 0).map(({ goes }) => goes))
    const at = kept.findLastIndex(({ goes }) => goes === first)
    if (at === -1) break
    kept = kept.toSpliced(at, 1)
  }
  return kept.flatMap(({ rows }) => rows).slice(0, height)
}

function isNew(state: ClientState, conversation: Conversation): boolean {
  if (conversation.kind !== 'group' || state.conversations.size > 1) return false
  if (state.contacts.size > 0 || state.outbox.length > 0) return false
  return !conversation.entries.some(({ kind, from }) => kind === 'text' && from === state.me?.id)
}

function onlineLines(
  state: ClientState,
  conversation: Conversation,
  { words }: Look,
): readonly string[] {
  // Without a connection nobody knows.
  if (state.link.state !== 'online') return []
  const members = state.members.get(conversation.target) ?? []
  const names = members
    .filter(({ user }) => user?.id !== state.me?.id && state.online.get(user?.id ?? '') === true)
    .map(({ user }) => user?.name ?? '')
  if (names.length === 0) return [words.log.nobodyElse]
  const shown = names.slice(0, NAMES_SHOWN).join(', ')
  return [words.log.onlineNow(names.length > NAMES_SHOWN ? `${shown}, …` : shown)]
}

function groupsLines(state: ClientState, { words }: Look): readonly string[] {
  if (state.groups.length === 0) return []
  const names = state.groups
    .slice(0, GROUPS_SHOWN)
    .map((group) => words.log.group(group.name, membersOf(state, group)))
  return [words.log.publicGroups(names.join(' · '))]
}

/** To the lists, and what can be done there. */
function firstKeys(look: Look): readonly [string, string, string, string] {
  const inLists = (action: ActionId) => keyText(action, 'lists', look)
  return [
    keyText('focusNext', 'compose', look),
    inLists('addContact'),
    inLists('createGroup'),
    inLists('joinGroup'),
  ]
}
