import { usageError } from '../commands/arguments.ts'
import { type Context, notify } from '../context.ts'
import { COPY_BYTES_MAX } from '../input/clipboard.ts'
import { chosenMessage, isAny } from './chosen.ts'

/** The text of a message into the terminal's clipboard; `all`: with who said it, and when. */
export function copyMessage(context: Context, argument: string): void {
  const { words, clock } = context.look
  if (argument !== '' && argument !== 'all') throw usageError(context, 'copyMessage')
  const { entry } = chosenMessage(context, isAny, isAny, words.messages.none)
  const { time, name, text } = entry
  const head = argument === 'all' ? `${clock.date(time)} ${clock.time(time)} ${name}: ` : ''
  copyText(context, head + text)
}

/** @throws RangeError for what terminals do not take */
export function copyText(context: Context, text: string): void {
  const { reading } = context.look.words
  const bytes = Buffer.byteLength(text)
  if (bytes > COPY_BYTES_MAX) throw new RangeError(reading.copyTooLong(bytes, COPY_BYTES_MAX))
  context.copy(text)
  notify(context, 'info', reading.copied)
}
