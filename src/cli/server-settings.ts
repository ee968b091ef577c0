import { messageOf } from '../protocol/errors.ts'
import { natsPlace } from '../server/bus/nats-url.ts'
import { isLogLevel, type LogLevel, logLevels } from '../server/log.ts'
import type { MetricsAddress } from '../server/metrics/server.ts'
import type { FlagValues } from './command-line.ts'
import { UsageError } from './errors.ts'
import { hostOf, portOf } from './settings.ts'

/** What only `--serve` is told: a client must not load these. */

/** A hundred years: who means 'for ever' leaves it out. */
const RETAIN_DAYS_MAX = 36_500
/** Less than this would be full with nothing in it. */
const MAX_DISK_BYTES_MIN = 50 * 1_048_576
const UNITS: Readonly<Record<string, number>> = {
  M: 1_048_576,
  G: 1_073_741_824,
  T: 1_099_511_627_776,
}

/** @throws UsageError */
export function metricsOf({ metrics }: FlagValues): MetricsAddress | undefined {
  if (metrics === undefined) return undefined
  const { text, from } = metrics
  const [, host, port = ''] = /^(?:(.+):)?(\d+)$/.exec(text) ?? []
  const named = host === undefined ? '127.0.0.1' : host.replace(/^\[(.*)\]$/, '$1')
  try {
    return { host: hostOf({ text: named, from }), port: portOf({ text: port, from }) }
  } catch {
    const right = 'give PORT, or HOST:PORT with an address of this machine; port 0: any free one'
    throw new UsageError(`${from} '${text}' is no address to listen on: ${right}`)
  }
}

/** @throws UsageError */
export function busOf({ bus, store }: FlagValues): string | undefined {
  if (bus === undefined) return undefined
  // What one node says of its own accounts would be taken for another's.
  if (store === undefined) {
    throw new UsageError(`${bus.from} is for nodes that share a store: give --store, too`)
  }
  try {
    natsPlace(bus.text)
    return bus.text
  } catch (error) {
    const right = 'give nats://HOST:PORT or tls://HOST:PORT, several with commas between'
    // Not as it was given: there may be a password in it.
    throw new UsageError(`${bus.from} is no place of NATS: ${messageOf(error)}; ${right}`)
  }
}

/** @throws UsageError */
export function logLevelOf({ logLevel }: FlagValues): LogLevel {
  if (logLevel === undefined) return 'info'
  const { text, from } = logLevel
  if (isLogLevel(text)) return text
  throw new UsageError(`${from} '${text}' is none of ${logLevels.join(', ')}`)
}

/** Days that entries are kept; undefined: for ever. @throws UsageError */
export function retainDaysOf({ retainDays }: FlagValues): number | undefined {
  if (retainDays === undefined) return undefined
  const { text, from } = retainDays
  const days = Number(text)
  if (/^\d{1,5}$/.test(text) && days >= 1 && days <= RETAIN_DAYS_MAX) return days
  throw new UsageError(
    `${from} '${text}' is no number of days: give one from 1 to ${RETAIN_DAYS_MAX}`,
  )
}

/** Where the database is, unless it is in the data folder. @throws UsageError */
export function storeOf({ store }: FlagValues): string | undefined {
  if (store === undefined) return undefined
  const { text, from } = store
  if (/^postgres(?:ql)?:\/\/./.test(text)) return text
  // What is wrong with it may be that it is a password.
  throw new UsageError(`${from} takes postgres://USER:PASSWORD@HOST:PORT/DATABASE`)
}

/** Bytes that the data folder may take; undefined: any. @throws UsageError */
export function maxDiskOf({ maxDisk, store }: FlagValues): number | undefined {
  if (maxDisk === undefined) return undefined
  if (store !== undefined) {
    throw new UsageError(`${maxDisk.from} is for a data folder, and ${store.from} is a database`)
  }
  const { text, from } = maxDisk
  const [, number, unit = ''] = /^(\d{1,6})([MGT])$/i.exec(text) ?? []
  const bytes = Number(number) * (UNITS[unit.toUpperCase()] ?? Number.NaN)
  if (bytes >= MAX_DISK_BYTES_MIN) return bytes
  throw new UsageError(
    `${from} '${text}' is no size: give a whole number with M, G or T, from 50M on, like 20G`,
  )
}
