import { isEmptyOnceCleaned } from '../../protocol/clean.ts'
import { ChatError } from '../../protocol/errors.ts'
import type { MemberRow } from '../handler.ts'

export const edit: MemberRow<'edit'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, user, now }, { conversation, seq, text }) => {
    if (isEmptyOnceCleaned(text)) throw new ChatError('emptyText')
    const place = await store.edit({ user: user.id, conversation, seq, text, time: now() })
    return { type: 'sent', ...place }
  },
}

export const deleteEntry: MemberRow<'deleteEntry'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, user, now }, { conversation, seq }) => {
    const place = await store.deleteEntry({ user: user.id, conversation, seq, time: now() })
    return { type: 'sent', ...place }
  },
}

export const react: MemberRow<'react'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, user, now }, { conversation, seq, text, remove }) => {
    if (!/^\S+$/u.test(text)) {
      throw new ChatError('badRequest', 'a reaction is an emoji or a word, without white space')
    }
    const reaction = { user: user.id, conversation, seq, text, remove, time: now() }
    const place = await store.react(reaction)
    return { type: 'sent', ...place }
  },
}
