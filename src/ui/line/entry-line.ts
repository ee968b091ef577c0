import type { Entry } from '../../protocol/messages.ts'
import { isDeleted } from '../../protocol/present.ts'
import { deedOf } from '../commands/slash.ts'
import { deedWords } from '../log/rows.ts'
import { conversationTitle } from '../panes/title.ts'
import type { Conversation } from '../state/model.ts'
import type { LineContext } from './context.ts'

/** '09:32 #ops alice: text [12]': an entry in one line; what is no message has no number. */
export function entryLine(
  context: Pick<LineContext, 'store' | 'look' | 'line'>,
  conversation: Conversation,
  entry: Entry,
): string {
  const { clock } = context.look
  return `${clock.time(entry.time)} ${saidLine(context, conversation, entry)}`
}

function saidLine(
  context: Pick<LineContext, 'store' | 'look' | 'line'>,
  conversation: Conversation,
  entry: Entry,
): string {
  const { store, look, line } = context
  const state = store.getSnapshot()
  const place = conversationTitle(state, conversation, look)
  const isOwn = entry.from === state.me?.id
  const name = isOwn ? look.words.log.you : entry.name
  if (entry.kind !== 'text') return line.entry.event(place, name, whatHappened(context, entry))
  const deed = deedOf(entry.text, name)
  const text = textOf(context, entry, deed)
  return line.entry.numbered(spoken(), entry.seq)

  function spoken(): string {
    if (conversation.kind === 'group') {
      return deed === undefined
        ? line.entry.inGroup(place, name, text)
        : line.entry.deed(place, text)
    }
    if (isOwn) return line.entry.to(place, text)
    return deed === undefined ? line.entry.from(name, text) : text
  }
}

/** The text with what is known of it. */
function textOf(
  { look, line }: Pick<LineContext, 'look' | 'line'>,
  entry: Entry,
  deed: string | undefined,
): string {
  if (isDeleted(entry)) return look.words.messages.deleted
  const said = deed ?? entry.text
  const answer = entry.target > 0 ? line.entry.answer(entry.target, said) : said
  const edited = entry.edited ? line.entry.edited(answer) : answer
  if (entry.reactions.length === 0) return edited
  const reactions = entry.reactions.map(({ text, count }) => line.reactionsBy(text, count))
  return line.entry.reactions(edited, reactions.join(', '))
}

function whatHappened({ look, line }: Pick<LineContext, 'look' | 'line'>, entry: Entry): string {
  const { target, text, kind } = entry
  if (kind === 'edited') return line.entry.changed(target, text)
  if (kind === 'deleted') return line.entry.deleted(target)
  if (kind === 'reacted') return line.entry.reacted(target, text)
  if (kind === 'unreacted') return line.entry.unreacted(target, text)
  return deedWords(entry, look) ?? line.entry.unknown
}
