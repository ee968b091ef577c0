import { parseAddress } from '../net/address.ts'
import { PinFolder } from '../net/files/pins.ts'
import { PrivateFileError } from '../net/files/private-file.ts'
import { type Fingerprint, parseFingerprint } from '../net/fingerprint.ts'
import { nameFault, nameOf } from '../protocol/names.ts'
import type { CommandLine } from './command-line.ts'
import { Failure, UsageError } from './errors.ts'
import { runInterface } from './interface.ts'
import { folders } from './paths.ts'
import { serverPlace } from './settings.ts'
import { needTerminal } from './terminal.ts'

/** `tchat connect HOST[:PORT]`: the full-screen client. Answers the exit code. */
export async function connectCommand({ input, values }: CommandLine): Promise<number> {
  const address = addressOf(input)
  const user = values.user === undefined ? undefined : userName(values.user.text)
  const trusted = values.trust === undefined ? undefined : fingerprintOf(values.trust.text)
  needTerminal('connect')
  if (trusted !== undefined) await trust(address, trusted)
  const start = {
    address,
    ...(user === undefined ? {} : { user }),
    plaintext: values.plaintext ?? false,
  }
  return runInterface(start, serverPlace({}))
}

function addressOf(input: readonly string[]): string {
  const [address, extra] = input
  if (address === undefined) throw new UsageError("where to? 'tchat connect HOST[:PORT]'")
  if (extra !== undefined) {
    throw new UsageError(`connect takes one address, but '${extra}' was given, too`)
  }
  orUsageError(() => parseAddress(address))
  return address
}

async function trust(address: string, fingerprint: Fingerprint): Promise<void> {
  try {
    await new PinFolder(folders().state).trust(parseAddress(address), fingerprint)
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
