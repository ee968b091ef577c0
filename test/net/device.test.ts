import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitDevice } from '../../src/net/device.ts'
import { DEVICE_BYTES_MAX } from '../../src/protocol/limits.ts'
import { Desk } from '../support/client.ts'

test.each([
  ['what fits', 'tchat 0.1.0 on desk (Linux)', 'tchat 0.1.0 on desk (Linux)'],
  ['ASCII', 'x'.repeat(70), 'x'.repeat(64)],
  ['letters of three bytes', '台'.repeat(30), '台'.repeat(21)],
  ['letters of four bytes', '𠮷'.repeat(30), '𠮷'.repeat(16)],
  ['letters with marks', 'e\u0301'.repeat(30), 'e\u0301'.repeat(21)],
  ['families', '👨‍👩‍👧'.repeat(4), '👨‍👩‍👧'.repeat(3)],
])('%s: a device name is cut between characters', (_, name, fitting) => {
  expect(fitDevice(name)).toBe(fitting)
})

test('whatever the name, it fits, and is a beginning of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (name) => {
      const fitting = fitDevice(name)
      expect(Buffer.byteLength(fitting)).toBeLessThanOrEqual(DEVICE_BYTES_MAX)
      expect(name.startsWith(fitting)).toBe(true)
    }),
  )
})

test('a computer with a long name can log in', async () => {
  const desk = new Desk({ device: 'tchat 0.1.0 on 会議室のとても長い名前のコンピューター (Linux)' })
  await desk.client.logIn('alice', 'correct horse')
  const [asked] = desk.server.askedFor('logIn')
  expect(asked?.device).toMatch(/^tchat 0\.1\.0 on 会議室/)
  await desk.client.close()
})
