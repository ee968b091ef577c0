import { TEXT_BYTES_MAX } from '../../protocol/limits.ts'
import { serverOf } from '../commands/requests.ts'
import type { Context } from '../context.ts'
import type { MessagePlace } from '../state/message-windows.ts'

/** What is asked of the server about messages. All throw what it or the connection said. */

/** @throws RangeError for a text that cannot be sent */
export async function editText(context: Context, place: MessagePlace, text: string): Promise<void> {
  const bytes = Buffer.byteLength(text)
  if (bytes > TEXT_BYTES_MAX) {
    throw new RangeError(context.look.words.notices.tooLong(bytes, TEXT_BYTES_MAX))
  }
  const { seq } = place
  await online(context).request({ type: 'edit', conversation: idOf(context, place), seq, text })
}

export async function deleteText(context: Context, place: MessagePlace): Promise<void> {
  const { seq } = place
  await online(context).request({ type: 'deleteEntry', conversation: idOf(context, place), seq })
}

export async function react(
  context: Context,
  place: MessagePlace,
  text: string,
  remove: boolean,
): Promise<void> {
  const conversation = idOf(context, place)
  await online(context).request({ type: 'react', conversation, seq: place.seq, text, remove })
}

export async function getReceipts(context: Context, place: MessagePlace) {
  const conversation = idOf(context, place)
  return online(context).request({ type: 'getReceipts', conversation, seq: place.seq })
}

/** Changes are not kept for later: somebody may have changed the same meanwhile. */
function online(context: Context) {
  return serverOf(context, context.look.words.messages.offline)
}

function idOf({ store, look }: Context, { target }: MessagePlace): string {
  const head = store.getSnapshot().conversations.get(target)?.head
  if (head === undefined) throw new Error(look.words.messages.gone)
  return head.conversation
}
