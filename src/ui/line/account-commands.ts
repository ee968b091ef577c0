import { nameKey, nameOf } from '../../protocol/names.ts'
import type { ActionName } from '../commands/action-names.ts'
import { chatOf } from '../commands/requests.ts'
import { listPairs } from '../panes/listed.ts'
import { countUnsent } from '../state/selectors.ts'
import { changePassword, deleteAccount, logOutEverywhere } from '../windows/account-requests.ts'
import { isYes, type LineContext } from './context.ts'
import { type LineCommand, usageOf } from './usage.ts'

/** One's own account. */
export const accountCommands = {
  account: async (context) => {
    const { say, look, store } = context
    const { account } = look.words.windows
    const { hideReceipts, status } = await chatOf(context).request({ type: 'getSettings' })
    say(account.title(store.getSnapshot().me?.name ?? ''))
    say(hideReceipts ? account.reading.hidden : account.reading.shown)
    say(look.words.status.about[status])
  },
  sessions: async (context) => {
    const { say, look } = context
    const { sessions } = await chatOf(context).request({ type: 'listSessions' })
    say(look.words.windows.sessions.title)
    for (const pair of listPairs({ of: 'sessions', items: sessions }, look)) say(sessionLine(pair))
  },
  password: async (context) => {
    const { askSecret, line, look } = context
    const old = await askSecret(line.presentPassword)
    const password = await askSecret(line.logIn.newPassword)
    const again = await askSecret(line.logIn.again)
    if (old === undefined || password === undefined) return context.say(line.stayed)
    if (password !== again) throw new Error(look.words.windows.forms.notTheSame)
    await changePassword(context, old, password)
  },
  deleteAccount: async (context) => {
    const { ask, askSecret, line, store, say } = context
    const name = store.getSnapshot().me?.name ?? ''
    const typed = await ask(line.deleteAccount)
    if (nameKey(nameOf(typed ?? '')) !== nameKey(name)) return say(line.stayed)
    const password = await askSecret(line.logIn.password)
    if (password === undefined) return say(line.stayed)
    await deleteAccount(context, password)
    context.leave()
  },
  logOut: async (context, argument) => {
    if (argument !== '' && argument !== 'everywhere') throw usageOf(context, 'logOut')
    if (!(await isSure(context, argument))) return context.say(context.line.stayed)
    if (argument === '') await context.flow.logOut()
    else await logOutEverywhere(context)
    context.say(context.look.words.notices.loggedOut)
    context.leave()
  },
  quit: (context) => context.leave(),
} as const satisfies Partial<Record<ActionName, LineCommand>>

async function isSure(context: LineContext, argument: string): Promise<boolean> {
  const { line, look, ask, store } = context
  const { waiting, refused } = countUnsent(store.getSnapshot().outbox)
  if (argument === 'everywhere' && !isYes(context, await ask(line.logOutEverywhere))) return false
  if (waiting + refused === 0) return true
  const question = line.logOutWaiting(look.words.logOut.title(waiting + refused))
  return isYes(context, await ask(question))
}

/** Signs of the full screen say nothing to who listens. */
function sessionLine(pair: readonly string[]): string {
  return pair.join(' · ').replace(/^[●○] /, '')
}
