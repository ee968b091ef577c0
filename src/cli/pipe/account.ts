import { type Address, formatAddress } from '../../net/address.ts'
import { type KeptSession, SessionFolder } from '../../net/files/sessions.ts'
import { type Fingerprint, parseFingerprint } from '../../net/fingerprint.ts'
import { serverOf } from '../../net/library/connect.ts'
import { nameFault, nameKey, nameOf } from '../../protocol/names.ts'
import type { FlagValues, Setting } from '../command-line.ts'
import { UsageError } from '../errors.ts'
import { failureOf } from './refusal.ts'
import type { World } from './world.ts'

/** Which account at which server. */
export type Account = Readonly<{
  address: Address
  /** HOST:PORT */
  server: string
  user: string
  plaintext: boolean
  trust: Fingerprint | undefined
  /** The key and the invite of a share line. */
  named: Fingerprint | undefined
  invite: string
  /** The session that an earlier log-in left. */
  kept: KeptSession | undefined
}>

/**
 * Flags first, then TCHAT_SERVER and TCHAT_USER, then what was used last. A server that the
 * configuration file names may say who one is there.
 * @throws UsageError, Failure (the state folder cannot be read)
 */
export async function accountOf(world: World, values: FlagValues): Promise<Account> {
  try {
    return await findAccount(world, values)
  } catch (error) {
    throw failureOf(error, 'the state folder')
  }
}

async function findAccount(world: World, values: FlagValues): Promise<Account> {
  const sessions = new SessionFolder(world.stateFolder)
  const given = values.server && (await serverOfSetting(world, values, values.server))
  const user = values.user ?? given?.user
  const wanted = user && userOf(user)
  const last = given === undefined ? await lastUsed(sessions, wanted) : undefined
  const { address, named, invite } = given ?? serverOf(needed(last).server)
  const server = formatAddress(address)
  const kept = last ?? (await sessions.find(server, wanted))
  const plaintext = values.plaintext ?? (kept?.plaintext || false)
  return {
    address,
    server,
    user: wanted ?? kept?.user.name ?? noUser(server),
    plaintext,
    trust: values.trust && orUsageError(values.trust, parseFingerprint),
    named,
    invite,
    // A token that went over TLS never goes in plain text.
    kept: kept?.plaintext === plaintext ? kept : undefined,
  }
}

/** What to write on a command line to mean that account. */
export function flagsOf({ server, user, plaintext }: Account): string {
  return `--server ${server} --user ${user}${plaintext ? ' --plaintext' : ''}`
}

async function lastUsed(
  sessions: SessionFolder,
  user: string | undefined,
): Promise<KeptSession | undefined> {
  const all = await sessions.list()
  return all.find((one) => user === undefined || nameKey(one.user.name) === nameKey(user))
}

function needed(last: KeptSession | undefined): KeptSession {
  if (last !== undefined) return last
  throw new UsageError(
    "which server? Log in first ('tchat login --server HOST[:PORT] --user NAME'), or give --server or TCHAT_SERVER",
  )
}

function noUser(server: string): never {
  throw new UsageError(
    `as whom at ${server}? Give --user NAME or TCHAT_USER, or log in first: 'tchat login --server ${server} --user NAME'`,
  )
}

type GivenServer = ReturnType<typeof serverOf> & Readonly<{ user: Setting | undefined }>

/** A name of the configuration file goes before a host that is called the same, as for `connect`. */
async function serverOfSetting(
  world: World,
  values: FlagValues,
  setting: Setting,
): Promise<GivenServer> {
  const servers = await world.servers(values)
  const profile = servers.find(({ name }) => name === setting.text)
  if (profile === undefined) return { ...orUsageError(setting, serverOf), user: undefined }
  const { name, address, user } = profile
  const from = `the server '${name}' of the configuration file`
  return {
    ...orUsageError({ text: address, from }, serverOf),
    user: user === '' ? undefined : { text: user, from },
  }
}

function userOf({ text, from }: Setting): string {
  const name = nameOf(text)
  const fault = nameFault(name)
  if (fault !== undefined) throw new UsageError(`${from} '${text}': ${fault}`)
  return name
}

/** These parsers say what would be right. */
function orUsageError<T>({ text, from }: Setting, parse: (text: string) => T): T {
  try {
    return parse(text)
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(`${from}: ${error.message}`) : error
  }
}
