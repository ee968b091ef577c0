import { isEmptyOnceCleaned } from '../../protocol/clean.ts'
import { ChatError } from '../../protocol/errors.ts'
import { PAGE_ENTRIES_MAX, PAYLOAD_BYTES_MAX } from '../../protocol/limits.ts'
import * as records from '../../protocol/records.ts'
import type { Answer, MemberContext, MemberRow } from '../handler.ts'
import { itemsThatFit } from '../lists.ts'

const HEADS_MAX = itemsThatFit(records.head)
/** Leaves room for the other fields of `page`, and for tag and length of every entry. */
const PAGE_BYTES_MAX = PAYLOAD_BYTES_MAX - 128 - PAGE_ENTRIES_MAX * 4

export const sendDirect: MemberRow<'sendDirect'> = {
  needs: 'member',
  cost: 1,
  run: (context, { to, nonce, text, reply }) => send(context, 'direct', to, nonce, text, reply),
}

export const sendGroup: MemberRow<'sendGroup'> = {
  needs: 'member',
  cost: 1,
  run: (context, { group, nonce, text, reply }) =>
    send(context, 'group', group, nonce, text, reply),
}

export const sync: MemberRow<'sync'> = {
  needs: 'member',
  cost: ({ conversations: { length } }) => shareOf(2, length || HEADS_MAX, HEADS_MAX),
  long: true,
  run: async ({ store, user }, { after, conversations }) => {
    const query = { user: user.id, after, limit: HEADS_MAX, conversations }
    const { items, next } = await store.heads(query)
    return { type: 'heads', heads: items, next }
  },
}

export const getPage: MemberRow<'getPage'> = {
  needs: 'member',
  cost: ({ limit }) => shareOf(2, limit || PAGE_ENTRIES_MAX, PAGE_ENTRIES_MAX),
  long: true,
  run: async ({ store, user }, { conversation, before, after, around, limit }) => {
    if ([before, after, around].filter((seq) => seq > 0).length > 1) {
      throw new ChatError('badRequest', 'at most one of before, after and around')
    }
    const most = limit === 0 ? PAGE_ENTRIES_MAX : limit
    const range = { before, after, around, limit: most, maxBytes: PAGE_BYTES_MAX }
    const page = await store.page({ user: user.id, conversation, ...range })
    return { type: 'page', conversation, ...page }
  },
}

export const mark: MemberRow<'mark'> = {
  needs: 'member',
  cost: 0.05,
  run: async ({ cursors, caller, user }, { conversation, delivered, read }) => {
    const move = { user: user.id, conversation, delivered, read }
    const now = await cursors.move(caller.id, move)
    if (now === undefined) throw new ChatError('unknownConversation')
    return {
      type: 'marked',
      conversation,
      delivered: now.delivered,
      read: now.read,
      readN: now.readN,
    }
  },
}

/** What so many take, where `whole` of them cost so much; something for the asking. */
function shareOf(cost: number, count: number, whole: number): number {
  return 0.2 + ((cost - 0.2) * count) / whole
}

async function send(
  { store, user, now }: MemberContext,
  kind: 'direct' | 'group',
  target: string,
  nonce: Uint8Array,
  text: string,
  reply: number,
): Promise<Answer<'sendDirect'>> {
  if (isEmptyOnceCleaned(text)) throw new ChatError('emptyText')
  const draft = { sender: user.id, kind, target, nonce, text, time: now() }
  const sent = store.append(reply === 0 ? draft : { ...draft, reply })
  const { conversation, seq, time } = await sent
  return { type: 'sent', conversation, seq, time }
}
