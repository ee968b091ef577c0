import { expect, test } from 'vitest'
import { parseCommandLine } from '../../src/cli/command-line.ts'
import { busOf } from '../../src/cli/server-settings.ts'

test('where the bus is comes from the flag, else from the variable, else there is none', () => {
  const env = { TCHAT_BUS: 'nats://two', TCHAT_STORE: 'postgres://one' }
  expect(busOf(parseCommandLine(['--serve', '--bus', 'nats://one'], env).values)).toBe('nats://one')
  expect(busOf(parseCommandLine(['--serve'], env).values)).toBe('nats://two')
  expect(busOf(parseCommandLine(['--serve'], {}).values)).toBeUndefined()
})

test('what is none is refused in words that do not repeat it: there may be a password in it', () => {
  const env = { TCHAT_BUS: 'http://ann:secret@one', TCHAT_STORE: 'postgres://one' }
  const { values } = parseCommandLine(['--serve'], env)
  expect(() => busOf(values)).toThrow(
    /^TCHAT_BUS is no place of NATS: 'http:\/\/' is not nats:\/\//,
  )
  expect(() => busOf(values)).not.toThrow(/secret/)
})

test('nodes with a bus share a store', () => {
  const { values } = parseCommandLine(['--serve', '--bus', 'nats://one'], {})
  expect(() => busOf(values)).toThrow('--bus is for nodes that share a store: give --store, too')
})
