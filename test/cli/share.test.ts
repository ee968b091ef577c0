import { expect, test } from 'vitest'
import { type InterfaceAddress, placesOf } from '../../src/cli/share.ts'

const interfaces: readonly InterfaceAddress[] = [
  { address: '127.0.0.1', family: 'IPv4', internal: true },
  { address: '::1', family: 'IPv6', internal: true },
  { address: 'fe80::1', family: 'IPv6', internal: false },
  { address: '2001:db8::7', family: 'IPv6', internal: false },
  { address: '169.254.3.4', family: 'IPv4', internal: false },
  { address: '192.168.1.5', family: 'IPv4', internal: false },
]

test('a server on all interfaces is shared by every address that others can use', () => {
  expect(placesOf('::', 8000, interfaces)).toEqual({
    colleagues: [
      { host: '192.168.1.5', port: 8000 },
      { host: '2001:db8::7', port: 8000 },
    ],
    here: { host: '127.0.0.1', port: 8000 },
  })
})

test('a server on all IPv4 interfaces is not shared by IPv6 addresses', () => {
  expect(placesOf('0.0.0.0', 8000, interfaces).colleagues).toEqual([
    { host: '192.168.1.5', port: 8000 },
  ])
})

test('a server on one address is shared by that one', () => {
  expect(placesOf('2001:db8::7', 9, interfaces)).toEqual({
    colleagues: [{ host: '2001:db8::7', port: 9 }],
    here: undefined,
  })
})

test.each(['127.0.0.1', '::1'])('a server on %s is for this machine only', (bound) => {
  expect(placesOf(bound, 8000, interfaces)).toEqual({
    colleagues: [],
    here: { host: bound, port: 8000 },
  })
})

test('without a network there is still the address on this machine', () => {
  expect(placesOf('::', 8000, [])).toEqual({
    colleagues: [],
    here: { host: '127.0.0.1', port: 8000 },
  })
})
