import { type KeptSession, SessionFolder } from '../../net/files/sessions.ts'
import type { Chat } from '../../net/library/chat.ts'
import type { CommandLine, FlagValues } from '../command-line.ts'
import { Failure, UsageError } from '../errors.ts'
import { type Account, accountOf } from './account.ts'
import { noArguments } from './arguments.ts'
import { dialUp } from './open.ts'
import { jsonLine, print } from './output.ts'
import { givenPassword } from './password.ts'
import { failureOf } from './refusal.ts'
import type { World } from './world.ts'

/** `tchat login`: leaves a session token for what follows. */
export async function loginCommand({ input, values }: CommandLine, world: World): Promise<number> {
  noArguments('login', input)
  const account = await accountOf(world, values)
  const register = values.register === true
  const password = await passwordFor(world, values, account)
  try {
    const chat = await dialUp(world, account, { user: account.user, password, register })
    await replaceSession(world, account, chat)
  } catch (error) {
    throw failureOf(error, account.server)
  }
  const { server, user } = account
  const words = `${register ? 'account made, ' : ''}logged in to ${server} as ${user}\n`
  await print(world.stdout, values.json === true ? jsonLine({ server, user }) : words)
  return 0
}

/** The session before it ends: nothing here could end it later. A new one that cannot be kept ends, too. */
async function replaceSession(world: World, account: Account, chat: Chat): Promise<void> {
  const { server, plaintext } = account
  const { user, client } = chat
  const { token } = client
  const sessions = new SessionFolder(world.stateFolder)
  try {
    if (token === undefined) throw new Failure(`${server} gave no session token`)
    const before = await sessions.find(server, user.name)
    await sessions.keep({ server, plaintext, user, token, usedAt: world.now() })
    if (before !== undefined) await endSession(world, account, before)
  } catch (error) {
    await chat.logOut()
    throw error
  }
  await chat.close()
}

/** The server may have ended it long ago, and what is new is kept: whatever goes wrong is no fault. */
async function endSession(
  world: World,
  account: Account,
  { token, plaintext }: KeptSession,
): Promise<void> {
  try {
    const chat = await dialUp({ ...world, person: undefined }, { ...account, plaintext }, { token })
    await chat.logOut()
  } catch {
    // It ends by itself when nobody uses it.
  }
}

async function passwordFor(world: World, values: FlagValues, account: Account): Promise<string> {
  const given = await givenPassword(world, values)
  if (given !== undefined) return given
  const { person } = world
  if (person === undefined) {
    throw new UsageError(
      'no password: put it into TCHAT_PASSWORD, give --password-command, or use a terminal',
    )
  }
  const first = await person.secret(`Password of ${account.user} at ${account.server}: `)
  if (values.register === true && (await person.secret('The same again: ')) !== first) {
    throw new Failure('the two were different: no account was made')
  }
  return first
}
