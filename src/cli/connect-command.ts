import { formatAddress, parseAddress } from '../net/address.ts'
import { PinFolder } from '../net/files/pins.ts'
import { PrivateFileError } from '../net/files/private-file.ts'
import { type Fingerprint, parseFingerprint, sameFingerprint } from '../net/fingerprint.ts'
import { looksLikeShareLine, parseShareLine } from '../net/share-line.ts'
import { nameFault, nameOf } from '../protocol/names.ts'
import type { ServerProfile } from '../ui/configuration/options.ts'
import type { Start } from '../ui/options.ts'
import { loadConfiguration } from './client-configuration.ts'
import type { CommandLine } from './command-line.ts'
import { Failure, UsageError } from './errors.ts'
import { runInterface } from './interface.ts'
import { lastStart, runLineHere } from './line-command.ts'
import { folders } from './paths.ts'
import { serverPlace } from './settings.ts'
import { isDumbTerminal, needTerminal } from './terminal.ts'

/**
 * `tchat connect [HOST[:PORT]]`, or a share line, without either to where one was last: the full-screen client,
 * or line by line. Answers the exit code.
 */
export async function connectCommand({ input, values }: CommandLine): Promise<number> {
  const loaded = await loadConfiguration(values)
  const inLines = values.line === true || isDumbTerminal()
  const given = values.user === undefined ? undefined : userName(values.user.text)
  const isNamed = input.length > 0
  const place = isNamed
    ? placeOf(input, loaded.configuration.servers)
    : await usedLast(given, inLines)
  const { address, line } = place
  const user = given ?? place.user
  const trusted = values.trust === undefined ? undefined : fingerprintOf(values.trust.text)
  const plaintext = values.plaintext ?? place.plaintext ?? false
  checkKeys(line?.fingerprint, trusted, plaintext)
  if (!inLines) needTerminal('connect')
  if (trusted !== undefined) await needPins(address)
  const start = {
    address,
    ...(user === undefined ? {} : { user }),
    ...(line === undefined ? {} : { line }),
    plaintext,
    ...(trusted === undefined ? {} : { trust: trusted }),
  }
  return inLines ? runLineHere(start, loaded) : runInterface(start, serverPlace({}), loaded)
}

/** @throws UsageError where nobody was anywhere, or not by that name */
async function usedLast(user: string | undefined, inLines: boolean): Promise<Start> {
  const last = await lastStart(user)
  if (last !== undefined) return last
  throw new UsageError(`where to? 'tchat connect ${inLines ? '--line ' : ''}HOST[:PORT]'`)
}

/** `user`: the name to log in with, of a server that the configuration file names. */
function placeOf(input: readonly string[], servers: readonly ServerProfile[]): Start {
  const [text = '', extra] = input
  // People paste the whole command behind the command, in quotes or not.
  const whole = input.join(' ')
  if (looksLikeShareLine(whole)) {
    const { address, ...line } = orUsageError(() => parseShareLine(whole))
    return { address: formatAddress(address), line }
  }
  if (extra !== undefined) {
    throw new UsageError(`connect takes one address, but '${extra}' was given, too`)
  }
  const server = servers.find(({ name }) => name === text)
  if (server !== undefined) {
    const { address, user } = server
    return { address, ...(user === '' ? {} : { user }) }
  }
  orUsageError(() => parseAddress(text))
  return { address: text }
}

/** A key that is named twice must be one. @throws UsageError */
function checkKeys(
  named: Fingerprint | undefined,
  trusted: Fingerprint | undefined,
  plaintext: boolean,
): void {
  if (named === undefined) return
  if (plaintext) {
    throw new UsageError('the line names a key, but with --plaintext there is none: leave it out')
  }
  if (trusted !== undefined && !sameFingerprint(named, trusted)) {
    throw new UsageError('--trust names another key than the line: ask which one is right')
  }
}

/** Whether a key can be remembered is said before the screen is taken. @throws Failure */
async function needPins(address: string): Promise<void> {
  try {
    await new PinFolder(folders().state).find(parseAddress(address))
  } catch (error) {
    throw error instanceof PrivateFileError ? new Failure(error.message) : error
  }
}

function fingerprintOf(text: string): Fingerprint {
  return orUsageError(() => parseFingerprint(text), '--trust: ')
}

/** These parsers say what would be right. */
function orUsageError<T>(parse: () => T, where = ''): T {
  try {
    return parse()
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(`${where}${error.message}`) : error
  }
}

function userName(text: string): string {
  const name = nameOf(text)
  const fault = nameFault(name)
  if (fault !== undefined) throw new UsageError(`--user '${text}': ${fault}`)
  return name
}
