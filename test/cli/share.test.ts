import { expect, test } from 'vitest'
import { type InterfaceAddress, shareLines } from '../../src/cli/share.ts'

const interfaces: readonly InterfaceAddress[] = [
  { address: '127.0.0.1', family: 'IPv4', internal: true },
  { address: '::1', family: 'IPv6', internal: true },
  { address: 'fe80::1', family: 'IPv6', internal: false },
  { address: '2001:db8::7', family: 'IPv6', internal: false },
  { address: '169.254.3.4', family: 'IPv4', internal: false },
  { address: '192.168.1.5', family: 'IPv4', internal: false },
]

test('a server on all interfaces is shared by every address that others can use', () => {
  expect(shareLines('::', 8000, interfaces)).toEqual({
    colleagues: ['npx tchat connect 192.168.1.5:8000', 'npx tchat connect [2001:db8::7]:8000'],
    here: 'npx tchat connect 127.0.0.1:8000',
  })
})

test('a server on all IPv4 interfaces is not shared by IPv6 addresses', () => {
  expect(shareLines('0.0.0.0', 8000, interfaces).colleagues).toEqual([
    'npx tchat connect 192.168.1.5:8000',
  ])
})

test('a server on one address is shared by that one', () => {
  expect(shareLines('2001:db8::7', 9, interfaces)).toEqual({
    colleagues: ['npx tchat connect [2001:db8::7]:9'],
    here: undefined,
  })
})

test.each(['127.0.0.1', '::1'])('a server on %s is for this machine only', (bound) => {
  const { colleagues, here } = shareLines(bound, 8000, interfaces)
  expect(colleagues).toEqual([])
  expect(here).toContain(bound)
})

test('without a network there is still the line for this machine', () => {
  expect(shareLines('::', 8000, [])).toEqual({
    colleagues: [],
    here: 'npx tchat connect 127.0.0.1:8000',
  })
})
