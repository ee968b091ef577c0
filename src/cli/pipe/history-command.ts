import type { Chat } from '../../net/library/chat.ts'
import type { ChatEntry } from '../../net/library/chat-entry.ts'
import type { CommandLine, FlagValues } from '../command-line.ts'
import { UsageError } from '../errors.ts'
import { countOf, noArguments, targetOf } from './arguments.ts'
import { entryLine } from './entry-text.ts'
import { withChat } from './open.ts'
import { print } from './output.ts'
import { sinceOf } from './since.ts'
import type { World } from './world.ts'

/** What is shown when nobody says how much. */
const USUAL_ENTRIES = 50
const ENTRIES_MAX = 999_999_999

/** `tchat history TARGET`: a stretch of the log, the oldest first. Moves no cursor. */
export async function historyCommand(
  { input: [text, ...more], values }: CommandLine,
  world: World,
): Promise<number> {
  if (text === undefined) throw new UsageError("of what? 'tchat history TARGET'")
  noArguments('history', more)
  const target = targetOf(text)
  const range = rangeOf(values, world.now())
  await withChat(world, values, async ({ chat }) => {
    for await (const entry of stretch(chat, target, range)) {
      await print(world.stdout, entryLine(entry, values.json === true))
    }
  })
  return 0
}

type Range = Readonly<{
  since: number | Date | undefined
  before: number
  limit: number | undefined
}>

function rangeOf({ since, before, limit }: FlagValues, now: number): Range {
  return {
    since: since && sinceOf(since, now),
    before: before === undefined ? 0 : countOf(before, ENTRIES_MAX),
    limit: limit && countOf(limit, ENTRIES_MAX),
  }
}

/** From a beginning on; or, with none, the newest. */
async function* stretch(
  chat: Chat,
  target: string,
  { since, before, limit }: Range,
): AsyncGenerator<ChatEntry> {
  if (since !== undefined) {
    yield* chat.history(target, { since, before, ...(limit === undefined ? {} : { limit }) })
    return
  }
  const newest: ChatEntry[] = []
  const options = { before, limit: limit ?? USUAL_ENTRIES, newestFirst: true }
  for await (const entry of chat.history(target, options)) newest.push(entry)
  yield* newest.reverse()
}
