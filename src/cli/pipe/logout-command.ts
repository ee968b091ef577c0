import { removeAccountFiles } from '../../net/files/account-files.ts'
import { countWaiting, openOutbox } from '../../net/files/outbox-file.ts'
import { PinFolder } from '../../net/files/pins.ts'
import type { KeptSession } from '../../net/files/sessions.ts'
import { messageOf } from '../../protocol/errors.ts'
import type { User } from '../../protocol/messages.ts'
import type { CommandLine } from '../command-line.ts'
import { Failure } from '../errors.ts'
import { type Account, accountOf, flagsOf } from './account.ts'
import { noArguments } from './arguments.ts'
import { dialUp } from './open.ts'
import { jsonLine, print } from './output.ts'
import { failureOf } from './refusal.ts'
import type { World } from './world.ts'

/** `tchat logout`: ends the session on the server, and leaves nothing of it here. */
export async function logoutCommand({ input, values }: CommandLine, world: World): Promise<number> {
  noArguments('logout', input)
  const account = await accountOf(world, values)
  const { server, user, kept } = account
  if (kept === undefined) throw new Failure(`nobody is logged in at ${server} as ${user}`)
  try {
    await emptyOutbox(world, account, values.discard === true)
    await endSession(world, account, kept)
  } catch (error) {
    throw failureOf(error, server)
  }
  const words = `logged out of ${server}\n`
  await print(world.stdout, values.json === true ? jsonLine({ server, user }) : words)
  return 0
}

/** @throws Failure when something waits that nobody has given up */
async function emptyOutbox(
  { stateFolder }: World,
  account: Account,
  discard: boolean,
): Promise<void> {
  const outboxPlace = { stateFolder, server: account.server, userName: account.user }
  const waiting = await countWaiting(outboxPlace)
  if (waiting > 0 && !discard) {
    throw new Failure(
      `${waiting} of your messages to ${account.server} were not sent yet: 'tchat connect ${account.server}' sends them, --discard drops them`,
    )
  }
  const outbox = await openOutbox(outboxPlace)
  await Promise.all(outbox.kept.map(({ nonce }) => outbox.remove(nonce)))
  await outbox.close()
}

/** What this machine knows is forgotten, whether the server can be reached or not. */
async function endSession(
  world: World,
  account: Account,
  { token, user }: KeptSession,
): Promise<void> {
  try {
    const chat = await dialUp({ ...world, person: undefined }, account, { token })
    await chat.logOut()
  } catch (error) {
    await forget(world, account, user)
    if (isOver(error)) return
    const failure = failureOf(error, account.server)
    throw new Failure(
      `${messageOf(failure)}; the session was forgotten here, but goes on there: end it from another client, or with the account's sessions (${flagsOf(account)})`,
    )
  }
  await forget(world, account, user)
}

/** Also what the full-screen client has left. */
async function forget({ stateFolder }: World, account: Account, user: User): Promise<void> {
  const { server, address, plaintext } = account
  const key = plaintext ? undefined : await new PinFolder(stateFolder).find(address)
  await removeAccountFiles({ stateFolder, server, key, user })
}

/** The session had ended already. */
function isOver(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'badToken'
}
