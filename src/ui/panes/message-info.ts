import type { Entry, Receipt } from '../../protocol/messages.ts'
import { quoteOf } from '../log/quote.ts'
import type { Look } from '../look.ts'
import { entryAt } from '../state/changes.ts'
import type { InfoWindow } from '../state/message-windows.ts'
import type { ClientState, Conversation } from '../state/model.ts'
import { type Counts, isComplete } from '../state/receipts.ts'
import { cutText, sureText } from '../text/fit.ts'
import { wrapText } from '../text/wrap.ts'
import type { Body, Size } from './window.ts'

/** Who said a message and when, who reacted how, and of one's own how far it has got. */
export function infoBody(state: ClientState, overlay: InfoWindow, size: Size, look: Look): Body {
  const { info } = look.words.messages
  const rows = infoRows(state, overlay, size, look)
  return {
    title: info.title,
    body: rows.slice(overlay.top, overlay.top + size.height),
    keys: info.keys,
  }
}

/** How far it can be scrolled in a window of this size, in rows. */
export function infoTopMax(
  state: ClientState,
  overlay: InfoWindow,
  { width, height }: Size,
  look: Look,
): number {
  // A title, a blank row and the keys are no room; see overlayPane.
  const room = { width: width - 1, height: Math.max(0, height - 3) }
  return Math.max(0, infoRows(state, overlay, room, look).length - room.height)
}

function infoRows(
  state: ClientState,
  overlay: InfoWindow,
  { width }: Size,
  look: Look,
): readonly string[] {
  const conversation = state.conversations.get(overlay.target)
  const entry = entryAt(conversation?.entries ?? [], overlay.seq)
  if (conversation === undefined || entry === undefined) return [look.words.messages.gone]
  const { theme, words, clock } = look
  const when = `${clock.date(entry.time)} ${clock.time(entry.time)}`
  const receipts =
    entry.from === state.me?.id
      ? ['', ...receiptLines(state, conversation, entry, overlay, width, look)]
      : []
  return [
    theme.strong(cutText(quoteOf(conversation.entries, entry.seq, state.me?.id, look), width)),
    theme.faint(cutText(entry.edited ? `${when} ${words.messages.edited}` : when, width)),
    ...reactionLines(state, conversation, entry, width, look),
    ...receipts,
  ]
}

/** '👍 2: alice, carol': who it was is known as far as the log is loaded. */
function reactionLines(
  state: ClientState,
  conversation: Conversation,
  entry: Entry,
  width: number,
  look: Look,
): readonly string[] {
  return entry.reactions.flatMap(({ text, count, mine }) => {
    const who = reactors(conversation, entry, text)
    if (mine && state.me !== undefined) who.set(state.me.id, look.words.log.you)
    const names = [...who.values()].join(', ')
    return wrapText(sureText(`${text} ${count}${names === '' ? '' : `: ${names}`}`), width)
  })
}

function reactors({ entries }: Conversation, { seq }: Entry, text: string): Map<string, string> {
  const who = new Map<string, string>()
  for (const entry of entries) {
    if (entry.target !== seq || entry.text !== text) continue
    if (entry.kind === 'reacted') who.set(entry.from, entry.name)
    if (entry.kind === 'unreacted') who.delete(entry.from)
  }
  return who
}

function receiptLines(
  state: ClientState,
  conversation: Conversation,
  entry: Entry,
  { counts, fault }: InfoWindow,
  width: number,
  look: Look,
): readonly string[] {
  const { theme, words } = look
  const { info } = words.messages
  if (fault !== '') return wrapText(fault, width).map(theme.bad)
  if (conversation.target === state.me?.id) return [words.log.notes]
  const { cursors } = conversation.receipts
  if (!isComplete(conversation)) {
    const summary = counts === undefined ? words.log.loading : summaryOf(counts, look)
    return [cutText(summary, width)]
  }
  // Who wrote it has read it, and who came later has it behind them.
  const later = newcomers(conversation, entry)
  const rows = [...cursors.values()]
    .filter(({ user }) => user !== entry.from && !later.has(user))
    .map((receipt) => ({
      stage: stageOf(receipt, entry),
      name: nameOf(state, conversation, receipt),
    }))
    .toSorted((one, other) => STAGES.indexOf(one.stage) - STAGES.indexOf(other.stage))
  const count = (...stages: readonly Stage[]) =>
    rows.filter(({ stage }) => stages.includes(stage)).length
  const summary = summaryOf(
    { read: count('read'), delivered: count('read', 'delivered'), of: rows.length },
    look,
  )
  return [
    cutText(summary, width),
    ...rows.map(({ stage, name }) =>
      cutText(`${SIGNS[stage]} ${sureText(name)} ${info.stages[stage]}`, width),
    ),
  ]
}

function newcomers({ entries }: Conversation, { seq }: Entry): ReadonlySet<string> {
  const came = entries.filter(
    (entry) => entry.seq > seq && (entry.kind === 'joined' || entry.kind === 'added'),
  )
  return new Set(came.map(({ subject, from }) => subject?.id ?? from))
}

function summaryOf({ delivered, read, of }: Omit<Counts, 'seq'>, { words }: Look): string {
  return words.messages.info.counts(read, delivered, of)
}

type Stage = 'read' | 'delivered' | 'waits'
const STAGES: readonly Stage[] = ['read', 'delivered', 'waits']
const SIGNS: Readonly<Record<Stage, string>> = { read: '✓✓✓', delivered: '✓✓ ', waits: '✓  ' }

function stageOf({ delivered, read }: Receipt, { seq }: Entry): Stage {
  if (read >= seq) return 'read'
  return delivered >= seq ? 'delivered' : 'waits'
}

function nameOf(state: ClientState, conversation: Conversation, { user }: Receipt): string {
  if (conversation.kind === 'direct') return conversation.name
  const member = state.members.get(conversation.target)?.find((it) => it.user?.id === user)
  const said = conversation.entries.findLast(({ from }) => from === user)?.name
  return member?.user?.name ?? said ?? user
}
