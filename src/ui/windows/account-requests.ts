import { serverOf } from '../commands/requests.ts'
import { type Context, notify } from '../context.ts'

/** What is asked of the server about one's account. All throw what the server or the connection said. */

export async function changePassword(
  context: Context,
  old: string,
  password: string,
): Promise<void> {
  await serverOf(context).request({ type: 'changePassword', old, password })
  notify(context, 'info', context.look.words.windows.done.password)
}

/** Nothing of the account is left here, either. */
export async function deleteAccount(context: Context, password: string): Promise<void> {
  await serverOf(context).request({ type: 'deleteAccount', password })
  await context.flow.logOut(context.look.words.windows.done.accountDeleted)
}

/** `session` '': all others. */
export async function endSession(context: Context, session: string): Promise<void> {
  await serverOf(context).request({ type: 'endSession', session })
  const { sessionEnded, othersEnded } = context.look.words.windows.done
  notify(context, 'info', session === '' ? othersEnded : sessionEnded)
}

export async function logOutEverywhere(context: Context): Promise<void> {
  await serverOf(context).request({ type: 'endSession', session: '' })
  await context.flow.logOut()
}

export async function fetchSettings(context: Context): Promise<void> {
  await serverOf(context).request({ type: 'getSettings' })
}

export async function setHideReceipts(context: Context, hideReceipts: boolean): Promise<void> {
  await serverOf(context).request({ type: 'changeSettings', hideReceipts })
  const { receipts } = context.look.words.windows.done
  notify(context, 'info', hideReceipts ? receipts.hidden : receipts.shown)
}
