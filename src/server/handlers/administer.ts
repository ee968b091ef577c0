import { timingSafeEqual } from 'node:crypto'
import { ChatError } from '../../protocol/errors.ts'
import type { User } from '../../protocol/messages.ts'
import { administer as act } from '../admin/administer.ts'
import type { Row } from '../admin/report.ts'
import type { GuestContext, GuestRow } from '../handler.ts'

/** Also a guest's: who has the secret of the data folder needs no account. */
export const administer: GuestRow<'administer'> = {
  needs: 'any',
  cost: 2,
  run: async (context, { verb, target, value, after, secret }) => {
    const operator = await operatorOf(context, secret)
    const report = await act({ ...context, operator }, verb, { target, value, after })
    return { type: 'report', lines: linesOf(report.rows), next: report.next }
  },
}

/** Undefined: the owner of the data folder. @throws ChatError notLoggedIn, notAllowed */
async function operatorOf(context: GuestContext, secret: Uint8Array): Promise<User | undefined> {
  const { ownerSecret, store, caller } = context
  if (secret.length > 0) {
    if (ownerSecret !== undefined && isSame(secret, ownerSecret())) return undefined
    throw new ChatError('notAllowed', 'that is not the secret of the data folder')
  }
  if (caller.user === undefined) throw new ChatError('notLoggedIn')
  const { operator } = await store.standing(caller.user.id)
  if (!operator) throw new ChatError('notAllowed', 'only operators may do that')
  return caller.user
}

function isSame(secret: Uint8Array, owner: Uint8Array): boolean {
  return secret.length === owner.length && timingSafeEqual(secret, owner)
}

function linesOf(rows: readonly Row[]): string {
  return rows.map((row) => JSON.stringify(row)).join('\n')
}
