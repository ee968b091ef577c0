import { resolve } from 'node:path'
import { DEFAULT_PORT, formatAddress, parseAddress } from '../net/address.ts'
import type { Registration } from '../server/services.ts'
import type { FlagValues, Setting } from './command-line.ts'
import { UsageError } from './errors.ts'
import { folders } from './paths.ts'

/** Where a server listens and keeps its data: of `--serve`, and of one that the client hosts. */
export type ServerPlace = Readonly<{
  /** Undefined: all interfaces. */
  host: string | undefined
  /** Undefined: nobody said; 0: any free one. */
  port: number | undefined
  folder: string
  registration: Registration
}>

/** RFC 6335: the greatest number a port can have. */
const PORT_MAX = 65_535

/** @throws UsageError that names the flag or variable */
export function serverPlace({ host, port, data, registration }: FlagValues): ServerPlace {
  return {
    host: host === undefined ? undefined : hostOf(host),
    port: port === undefined ? undefined : portOf(port),
    folder: data === undefined ? folders().server : resolve(data.text),
    registration: registration === undefined ? 'open' : registrationOf(registration),
  }
}

/** @throws UsageError */
export function hostOf({ text, from }: Setting): string {
  try {
    return parseAddress(formatAddress({ host: text, port: DEFAULT_PORT })).host
  } catch {
    throw new UsageError(
      `${from} '${text}' is no host: give an IP address or a name of this machine, without a port`,
    )
  }
}

const REGISTRATIONS: readonly Registration[] = ['open', 'invite', 'closed']

function registrationOf({ text, from }: Setting): Registration {
  const found = REGISTRATIONS.find((one) => one === text)
  if (found !== undefined) return found
  throw new UsageError(
    `${from} '${text}' is not known: say open (anybody), invite (who has one) or closed (nobody)`,
  )
}

/** @throws UsageError */
export function portOf({ text, from }: Setting): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= PORT_MAX) return port
  throw new UsageError(
    `${from} '${text}' is no port: give a number from 1 to ${PORT_MAX}, or 0 for any free one`,
  )
}
