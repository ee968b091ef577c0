import { parseAddress } from '../net/address.ts'
import { nameFault, nameOf } from '../protocol/names.ts'
import type { CommandLine } from './command-line.ts'
import { UsageError } from './errors.ts'
import { runInterface } from './interface.ts'
import { needTerminal } from './terminal.ts'

/** `tchat connect HOST[:PORT]`: the full-screen client. Answers the exit code. */
export async function connectCommand({ input, values }: CommandLine): Promise<number> {
  const address = addressOf(input)
  const user = values.user === undefined ? undefined : userName(values.user.text)
  needTerminal('connect')
  return runInterface({
    address,
    ...(user === undefined ? {} : { user }),
    plaintext: values.plaintext ?? false,
  })
}

function addressOf(input: readonly string[]): string {
  const [address, extra] = input
  if (address === undefined) throw new UsageError("where to? 'tchat connect HOST[:PORT]'")
  if (extra !== undefined) {
    throw new UsageError(`connect takes one address, but '${extra}' was given, too`)
  }
  try {
    parseAddress(address)
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error
  }
  return address
}

function userName(text: string): string {
  const name = nameOf(text)
  const fault = nameFault(name)
  if (fault !== undefined) throw new UsageError(`--user '${text}': ${fault}`)
  return name
}
