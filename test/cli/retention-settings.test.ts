import { expect, test } from 'vitest'
import { parseCommandLine } from '../../src/cli/command-line.ts'
import { UsageError } from '../../src/cli/errors.ts'
import { maxDiskOf, retainDaysOf } from '../../src/cli/server-settings.ts'

test.each([
  ['1', 1],
  ['30', 30],
  ['36500', 36_500],
])('--retain-days %s is %i days', (text, days) => {
  expect(retainDaysOf(valuesOf(['--retain-days', text]))).toBe(days)
})

test.each([
  ['50M', 52_428_800],
  ['500m', 524_288_000],
  ['20G', 21_474_836_480],
  ['2T', 2_199_023_255_552],
])('--max-disk %s is %i bytes', (text, bytes) => {
  expect(maxDiskOf(valuesOf(['--max-disk', text]))).toBe(bytes)
})

test('both can come from the environment, and are off by default', () => {
  const values = valuesOf([], { TCHAT_RETAIN_DAYS: '7', TCHAT_MAX_DISK: '1G' })
  expect(retainDaysOf(values)).toBe(7)
  expect(maxDiskOf(values)).toBe(1_073_741_824)
  expect(retainDaysOf(valuesOf([]))).toBeUndefined()
  expect(maxDiskOf(valuesOf([]))).toBeUndefined()
})

test.each(['0', '-1', '1.5', '1e3', 'week', '36501', '999999', ' 7'])(
  '%j is no number of days',
  (text) => {
    const wrong = () => retainDaysOf(valuesOf([], { TCHAT_RETAIN_DAYS: text }))
    expect(wrong).toThrow(UsageError)
    expect(wrong).toThrow(`TCHAT_RETAIN_DAYS '${text}' is no number of days: give one from 1 to`)
  },
)

test.each(['500', '49M', '0G', '1.5G', '10K', 'G', '20GB', '-1G', '9999999T'])(
  '%j is no size',
  (text) => {
    const wrong = () => maxDiskOf(valuesOf([], { TCHAT_MAX_DISK: text }))
    expect(wrong).toThrow(UsageError)
    expect(wrong).toThrow(`TCHAT_MAX_DISK '${text}' is no size: give a whole number with M, G or T`)
  },
)

function valuesOf(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return parseCommandLine(['--serve', ...args], env).values
}
