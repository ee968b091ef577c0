import { createHash, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  fingerprintWords,
  keyFingerprint,
  parseFingerprint,
  privateKeyFingerprint,
  sameFingerprint,
} from '../../src/net/fingerprint.ts'

const ZEROS = `sha256:${'0'.repeat(64)}` as const
const ONES = `sha256:${'f'.repeat(64)}` as const

test('a fingerprint is the SHA-256 of the SubjectPublicKeyInfo', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const expected = `sha256:${createHash('sha256').update(spki).digest('hex')}`
  expect(keyFingerprint(spki)).toBe(expected)
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  expect(privateKeyFingerprint(pem)).toBe(expected)
})

test('eight words tell the leading 88 bits', () => {
  expect(fingerprintWords(ZEROS)).toEqual(Array(8).fill('abandon'))
  expect(fingerprintWords(ONES)).toEqual(Array(8).fill('zoo'))
  // 00000000001 00000000010 …: the words with the numbers 1 and 2, then 0.
  expect(fingerprintWords(`sha256:0020080${'0'.repeat(57)}`).slice(0, 3)).toEqual([
    'ability',
    'able',
    'abandon',
  ])
})

test('what a person pastes is understood in every usual form', () => {
  const digits = '0123456789abcdef'.repeat(4)
  const pairs = digits.match(/../g) ?? []
  for (const text of [
    `sha256:${digits}`,
    ` SHA256:${digits.toUpperCase()}\n`,
    digits,
    pairs.join(':'),
    `SHA256 ${pairs.join(' ')}`,
    `sha256:${pairs.join(':')}`,
  ]) {
    expect(parseFingerprint(text)).toBe(`sha256:${digits}`)
  }
})

test('what is no fingerprint is refused with what would be right', () => {
  expect(() => parseFingerprint('sha256:12')).toThrow(/has 2 of 64 digits.*as the server printed/)
  expect(() => parseFingerprint('zoo zoo')).toThrow(/is not a fingerprint.*64 hexadecimal/)
  expect(() => parseFingerprint('')).toThrow(TypeError)
})

test('two fingerprints are the same only when every digit is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 63 }), (place) => {
      const changed = `sha256:${'0'.repeat(place)}1${'0'.repeat(63 - place)}` as const
      return !sameFingerprint(ZEROS, changed) && sameFingerprint(changed, changed)
    }),
  )
})
