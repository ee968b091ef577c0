import type { Entry } from '../../protocol/messages.ts'
import type { ActionName } from '../commands/action-names.ts'
import { say } from '../commands/requests.ts'
import { textOf } from '../commands/slash.ts'
import { allEmoji } from '../flow/all-emoji.ts'
import { reactionOf } from '../log/reactions.ts'
import { deleteText, editText, getReceipts, react } from '../messages/requests.ts'
import type { Conversation } from '../state/model.ts'
import { linksIn } from '../text/links.ts'
import type { LineContext } from './context.ts'
import { open } from './conversation-commands.ts'
import { messageAt, shownEntries } from './pages.ts'
import { type LineCommand, usageOf } from './usage.ts'

/** How far back is looked for a message that was not named. */
const LOOKED_AT = 200

/** What is done with messages. A number names one; without a number the last one is meant that suits. */
export const messageCommands = {
  reply: async (context, argument) => {
    const { number, rest } = numbered(argument)
    if (rest === '') throw usageOf(context, 'reply')
    const { conversation, entry } = await messageFor(context, number, isByOthers)
    await say(
      context,
      { kind: conversation.kind, id: conversation.target },
      textOf(rest),
      entry.seq,
    )
  },
  editMessage: async (context, argument) => {
    const { number, rest } = numbered(argument)
    if (rest === '') throw usageOf(context, 'editMessage')
    const { conversation, entry } = await messageFor(context, number, isOwn)
    if (!isOwn(entry, context)) throw new Error(context.look.words.messages.notOwn)
    await editText(context, { target: conversation.target, seq: entry.seq }, textOf(rest))
  },
  deleteMessage: async (context, argument) => {
    const { number, rest } = numbered(argument)
    // What cannot be had back is never guessed.
    if (number === undefined || rest !== '') throw usageOf(context, 'deleteMessage')
    const { conversation, entry } = await messageFor(context, number, isOwn)
    await deleteText(context, { target: conversation.target, seq: entry.seq })
  },
  react: async (context, argument) => {
    const { number, rest } = numbered(argument)
    if (rest === '') throw usageOf(context, 'react')
    const { conversation, entry } = await messageFor(context, number, isByOthers)
    const text = reactionOf(rest, await allEmoji(context))
    if (text === undefined) throw new Error(context.look.words.messages.notReaction)
    await react(context, { target: conversation.target, seq: entry.seq }, text, false)
  },
  unreact: async (context, argument) => {
    const { number, rest } = numbered(argument)
    const { words } = context.look
    const { conversation, entry } = await messageFor(context, number, hasMine)
    const mine = entry.reactions.filter((reaction) => reaction.mine).map(({ text }) => text)
    const text = rest === '' ? mine[0] : reactionOf(rest, await allEmoji(context))
    if (mine.length === 0) throw new Error(words.messages.nothingPut)
    if (text === undefined || !mine.includes(text) || (rest === '' && mine.length > 1)) {
      throw new Error(words.messages.whichReaction(mine.join(' ')))
    }
    await react(context, { target: conversation.target, seq: entry.seq }, text, true)
  },
  messageInfo: async (context, argument) => {
    const { number, rest } = numbered(argument)
    if (rest !== '') throw usageOf(context, 'messageInfo')
    const { conversation, entry } = await messageFor(context, number, isOwn)
    return sayAbout(context, conversation, entry)
  },
  openLink: async (context, argument) => {
    const { number, rest } = numbered(argument)
    if (rest !== '') throw usageOf(context, 'openLink')
    const { entry } = await messageFor(context, number, hasLink)
    const urls = [...new Set(linksIn(entry.text).map(({ url }) => url))]
    if (urls.length === 0) throw new Error(context.look.words.reading.noLink)
    for (const url of urls) context.say(url)
  },
} as const satisfies Partial<Record<ActionName, LineCommand>>

/** '12 yes, please': the message that is named, and the rest. */
function numbered(argument: string): Readonly<{ number: number | undefined; rest: string }> {
  const [, number, rest = ''] = /^\[?(\d+)\]?(?:\s+(.*))?$/.exec(argument) ?? []
  return number === undefined
    ? { number, rest: argument }
    : { number: Number(number), rest: rest.trim() }
}

type Suits = (entry: Entry, context: LineContext) => boolean

const isOwn: Suits = ({ from }, { store }) => from === store.getSnapshot().me?.id
const isByOthers: Suits = (entry, context) => !isOwn(entry, context)
const hasMine: Suits = ({ reactions }) => reactions.some(({ mine }) => mine)
const hasLink: Suits = ({ text }) => linksIn(text).length > 0

/** The message with that number, else the last one that suits, else the last one. */
async function messageFor(
  context: LineContext,
  number: number | undefined,
  suits: Suits,
): Promise<Readonly<{ conversation: Conversation; entry: Entry }>> {
  const conversation = open(context)
  if (number !== undefined) {
    return { conversation, entry: await messageAt(context, conversation, number) }
  }
  const { entries } = await shownEntries(context, conversation, { count: LOOKED_AT })
  const texts = entries.filter(({ kind, text }) => kind === 'text' && text !== '')
  const entry = texts.findLast((it) => suits(it, context)) ?? texts.at(-1)
  if (entry === undefined) throw new Error(context.look.words.messages.none)
  return { conversation, entry }
}

async function sayAbout(
  context: LineContext,
  { target }: Conversation,
  entry: Entry,
): Promise<void> {
  const { say, line, look } = context
  const { clock, words } = look
  const when = `${clock.date(entry.time)} ${clock.time(entry.time)}`
  const name = isOwn(entry, context) ? words.log.you : entry.name
  const text = entry.text === '' ? words.messages.deleted : entry.text
  say(line.about(entry.seq, when, `${name}: ${text}`))
  for (const { text: reaction, count } of entry.reactions) say(line.reactionsBy(reaction, count))
  // Only who said something is told how far it has got.
  if (!isOwn(entry, context)) return
  const { read, delivered, of } = await getReceipts(context, { target, seq: entry.seq })
  say(words.messages.info.counts(read, delivered, of))
}
