import { defaultRates, type Rates } from '../server/limits.ts'
import type { FlagName, FlagValues, Setting } from './command-line.ts'
import { UsageError } from './errors.ts'

/** Rule 14: which flag sets which rate. */
const RATE_FLAGS = {
  rateMessages: 'messagesPerSecond',
  rateBurst: 'messagesBurst',
  rateLogIns: 'failedLogInsPerAccount',
  rateAddressLogIns: 'failedLogInsPerAddress',
  rateConnections: 'newConnectionsPerSecond',
  maxConnections: 'openConnections',
} as const satisfies Partial<Record<FlagName, keyof Rates>>

/** What is as good as no limit. */
const RATE_MAX = 1_000_000_000

/** The rates that were set, the others as they are. @throws UsageError that names the flag */
export function ratesOf(values: FlagValues): Rates {
  const rates = { ...defaultRates }
  for (const [flag, rate] of Object.entries(RATE_FLAGS)) {
    const setting = values[flag as keyof typeof RATE_FLAGS]
    if (setting !== undefined) rates[rate] = rateOf(setting)
  }
  return rates
}

function rateOf({ text, from }: Setting): number {
  const rate = Number(text)
  if (/^\d{1,10}$/.test(text) && rate >= 1 && rate <= RATE_MAX) return rate
  throw new UsageError(`${from} '${text}' is no rate: give a whole number from 1 to ${RATE_MAX}`)
}
