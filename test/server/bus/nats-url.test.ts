import { expect, test } from 'vitest'
import { natsPlace, placeText } from '../../../src/server/bus/nats-url.ts'

const plain = { tls: false, user: undefined, password: undefined, token: undefined, space: 'tchat' }

test.each([
  ['nats://one', { ...plain, servers: ['one:4222'] }],
  ['one:9', { ...plain, servers: ['one:9'] }],
  ['nats://[::1]:9', { ...plain, servers: ['[::1]:9'] }],
  ['nats://one,two:5,nats://three', { ...plain, servers: ['one:4222', 'two:5', 'three:4222'] }],
  ['tls://one,two', { ...plain, tls: true, servers: ['one:4222', 'two:4222'] }],
  ['nats://secret@one', { ...plain, token: 'secret', servers: ['one:4222'] }],
  [
    'nats://ann:a%40b@one/office',
    { ...plain, user: 'ann', password: 'a@b', space: 'office', servers: ['one:4222'] },
  ],
])('%s is read', (text, place) => {
  expect(natsPlace(text)).toEqual(place)
})

test.each([
  ['http://one', /'http:\/\/' is not nats/],
  ['nats://', /host is missing/],
  ['', /host is missing/],
  ['nats://one/a.b', /'\/a\.b' is no name/],
])('%s is refused', (text, reason) => {
  expect(() => natsPlace(text)).toThrow(reason)
})

test('what is said of a place has no secret in it', () => {
  expect(placeText(natsPlace('nats://ann:secret@one,two'))).toBe('nats://one:4222,two:4222')
})
