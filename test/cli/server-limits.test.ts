import { expect, test } from 'vitest'
import { parseCommandLine } from '../../src/cli/command-line.ts'
import { UsageError } from '../../src/cli/errors.ts'
import { ratesOf } from '../../src/cli/server-limits.ts'
import { serverPlace } from '../../src/cli/settings.ts'
import { defaultRates } from '../../src/server/limits.ts'

function valuesOf(line: string, env: Record<string, string> = {}) {
  return parseCommandLine(line.split(' '), env).values
}

test('every rate is a flag of the server, and what is not set is as it was', () => {
  expect(ratesOf(valuesOf('--serve'))).toEqual(defaultRates)
  const flags = [
    '--rate-messages 1',
    '--rate-burst 2',
    '--rate-log-ins 3',
    '--rate-address-log-ins 4',
    '--rate-connections 5',
    '--max-connections 1000000000',
  ]
  const rates = ratesOf(valuesOf(`--serve ${flags.join(' ')}`))
  expect(rates).toEqual({
    messagesPerSecond: 1,
    messagesBurst: 2,
    failedLogInsPerAccount: 3,
    failedLogInsPerAddress: 4,
    passwordsPerAccount: 30,
    newConnectionsPerSecond: 5,
    openConnections: 1_000_000_000,
  })
  expect(Object.keys(rates)).toEqual(Object.keys(defaultRates))
})

test.each(['0', '-1', '1.5', '1e3', 'many', '1000000001'])(
  '--rate-messages %s is no rate',
  (text) => {
    const values = valuesOf(`--serve --rate-messages=${text}`)
    expect(() => ratesOf(values)).toThrow(UsageError)
    expect(() => ratesOf(values)).toThrow(
      `--rate-messages '${text}' is no rate: give a whole number from 1 to 1000000000`,
    )
  },
)

test('who may register is said by flag or variable, for a server that is hosted, too', () => {
  expect(serverPlace(valuesOf('--serve')).registration).toBe('open')
  expect(serverPlace(valuesOf('--serve --registration closed')).registration).toBe('closed')
  expect(serverPlace(valuesOf('--registration invite')).registration).toBe('invite')
  const env = { TCHAT_REGISTRATION: 'invite' }
  expect(serverPlace(valuesOf('--serve', env)).registration).toBe('invite')
  expect(() => serverPlace(valuesOf('--serve --registration=maybe'))).toThrow(UsageError)
  expect(() => serverPlace(valuesOf('--serve', { TCHAT_REGISTRATION: 'maybe' }))).toThrow(
    "TCHAT_REGISTRATION 'maybe' is not known: say open (anybody), invite (who has one) or closed",
  )
})
