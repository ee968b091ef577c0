import type { Chat } from '../../net/library/chat.ts'
import type { EntriesOptions } from '../../net/library/chat-options.ts'
import type { Reader } from '../../net/library/readers.ts'
import type { CommandLine } from '../command-line.ts'
import { UsageError } from '../errors.ts'
import { targetOf } from './arguments.ts'
import { entryLine } from './entry-text.ts'
import { type OpenChat, withChat } from './open.ts'
import { print } from './output.ts'
import { sinceOf } from './since.ts'
import type { World } from './world.ts'

/** Entries are written together up to so many characters, when more are at hand. */
const CHUNK_CHARS = 32_768

/**
 * `tchat tail`: what is said, as it comes. What has been written counts as delivered, nothing as
 * read.
 */
export async function tailCommand({ input, values }: CommandLine, world: World): Promise<number> {
  const targets = input.map(targetOf)
  if (values.follow === true && values.noFollow === true) {
    throw new UsageError('--follow and --no-follow exclude each other')
  }
  const since = values.since && sinceOf(values.since, world.now())
  if (typeof since === 'number' && targets.length !== 1) {
    throw new UsageError(
      `${values.since?.from} ${since} counts in one conversation: name it ('tchat tail TARGET --since ${since}'), or give a time`,
    )
  }
  const options = {
    follow: values.noFollow !== true,
    ...(targets.length === 0 ? {} : { in: targets }),
    ...(since === undefined ? {} : { since }),
  }
  try {
    const run = ({ chat }: OpenChat) => follow(chat, options, world, values.json === true)
    await withChat(world, values, run, { endsItself: true })
  } catch (error) {
    // Who follows ends it so: nothing is wrong.
    if (!world.stopped.aborted) throw error
  }
  return 0
}

/** Until it is interrupted. */
async function follow(
  chat: Chat,
  options: EntriesOptions,
  world: World,
  asJson: boolean,
): Promise<void> {
  let reader: Reader | undefined
  const stop = () => (reader === undefined ? void chat.close() : reader.end())
  world.stopped.addEventListener('abort', stop)
  try {
    reader = await chat.reader(options)
    if (world.stopped.aborted) reader.end()
    await copy(reader, world, asJson)
  } finally {
    world.stopped.removeEventListener('abort', stop)
    await reader?.close()
  }
}

/** Only what was written counts as delivered. */
async function copy(reader: Reader, { stdout }: World, asJson: boolean): Promise<void> {
  let text = ''
  for (;;) {
    const entry = await reader.next()
    if (entry === undefined) return
    text += entryLine(entry, asJson)
    if (reader.ready() && text.length < CHUNK_CHARS) continue
    await print(stdout, text)
    reader.done()
    text = ''
  }
}
