import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatAddress, parseAddress } from '../../src/net/address.ts'
import { isLoopback } from '../../src/net/tls.ts'

describe('an address', () => {
  test.each([
    ['chat.example.org', 'chat.example.org', 8000],
    [' Chat.Example.org:443 ', 'chat.example.org', 443],
    ['localhost:1', 'localhost', 1],
    ['my_host-2:65535', 'my_host-2', 65_535],
    ['192.0.2.7:8001', '192.0.2.7', 8001],
    ['::1', '::1', 8000],
    ['2001:DB8::7', '2001:db8::7', 8000],
    ['[2001:db8::7]', '2001:db8::7', 8000],
    ['[::1]:9000', '::1', 9000],
    ['[fe80::1%Eth0]:9000', 'fe80::1%Eth0', 9000],
    ['服务器.example', '服务器.example', 8000],
  ])('%s', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port })
  })

  test.each([
    ['', /it is empty/],
    [':8000', /the host is missing/],
    ['host:', /the port '' is not a number/],
    ['host:0', /the port '0' is not a number from 1/],
    ['host:65536', /the port '65536'/],
    ['host:80a', /the port '80a'/],
    ['256.1.1.1', /'256.1.1.1' is not an IPv4 address/],
    ['1:2:3', /an IPv6 address with a port needs brackets/],
    ['[::1]9000', /must be \[IPv6\]/],
    ['[host]:9000', /'host' is not an IPv6 address/],
    ['user@host', /'user@host' is not a host name/],
    ['two words', /'two words' is not a host name/],
    ['-x', /'-x' is not a host name/],
  ])('%s is refused with what would be right', (text, why) => {
    expect(() => parseAddress(text)).toThrow(why)
    expect(() => parseAddress(text)).toThrow(/Write HOST, HOST:PORT or \[IPv6\]:PORT/)
  })

  test('is the same after being written and read', () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6())
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 65_535 }), (name, port) => {
        const address = { host: name.toLowerCase(), port }
        expect(parseAddress(formatAddress(address))).toEqual(address)
      }),
    )
  })
})

test.each([
  ['127.0.0.1', true],
  ['127.255.3.4', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['::ffff:127.0.0.9', true],
  ['::FFFF:127.0.0.9', true],
  ['::ffff:192.0.2.1', false],
  ['128.0.0.1', false],
  ['192.0.2.1', false],
  ['::2', false],
  ['localhost', false],
  ['', false],
])('%s is this machine: %s', (address, expected) => {
  expect(isLoopback(address)).toBe(expected)
})
