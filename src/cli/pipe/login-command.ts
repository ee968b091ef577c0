import { SessionFolder } from '../../net/files/sessions.ts'
import type { CommandLine, FlagValues } from '../command-line.ts'
import { Failure, UsageError } from '../errors.ts'
import { noArguments } from './arguments.ts'
import { dialUp } from './open.ts'
import { jsonLine, print } from './output.ts'
import { givenPassword } from './password.ts'
import { type Place, placeOf } from './place.ts'
import { failureOf } from './refusal.ts'
import type { World } from './world.ts'

/** `tchat login`: leaves a session token for what follows. */
export async function loginCommand({ input, values }: CommandLine, world: World): Promise<number> {
  noArguments('login', input)
  const place = await placeOf(world, values)
  const register = values.register === true
  const password = await passwordFor(world, values, place)
  try {
    const chat = await dialUp(world, place, { user: place.user, password, register })
    try {
      await keep(world, place, chat.user, chat.client.token)
    } finally {
      await chat.close()
    }
  } catch (error) {
    throw failureOf(error, place.server)
  }
  const { server, user } = place
  const words = `${register ? 'account made, ' : ''}logged in to ${server} as ${user}\n`
  await print(world.stdout, values.json === true ? jsonLine({ server, user }) : words)
  return 0
}

async function keep(
  { stateFolder, now }: World,
  { server, plaintext }: Place,
  user: { id: string; name: string },
  token: Uint8Array | undefined,
): Promise<void> {
  if (token === undefined) throw new Failure(`${server} gave no session token`)
  await new SessionFolder(stateFolder).keep({ server, plaintext, user, token, usedAt: now() })
}

async function passwordFor(world: World, values: FlagValues, place: Place): Promise<string> {
  const given = await givenPassword(world, values)
  if (given !== undefined) return given
  const { person } = world
  if (person === undefined) {
    throw new UsageError(
      'no password: put it into TCHAT_PASSWORD, give --password-command, or use a terminal',
    )
  }
  const first = await person.secret(`Password of ${place.user} at ${place.server}: `)
  if (values.register === true && (await person.secret('The same again: ')) !== first) {
    throw new Failure('the two were different: no account was made')
  }
  return first
}
