/// <reference types="node" preserve="true" />
import { createHash, createPublicKey, timingSafeEqual, X509Certificate } from 'node:crypto'
import { wordlist } from '@scure/bip39/wordlists/english.js'

/**
 * What names a server's key: SHA-256 of the certificate's SubjectPublicKeyInfo (DER), so that a
 * renewed certificate on the same key keeps its pin (rule 15). Canonical form: `sha256:` and 64
 * lower-case hex digits.
 */
export type Fingerprint = `sha256:${string}`

const PREFIX = 'sha256:'
const HEX_DIGITS = 64
/** 8 words of 11 bits: 88 bits, beyond what someone could search a second key for. */
const WORDS = 8
const WORD_BITS = 11

/** Of a certificate: PEM text, DER bytes, or what a TLS socket gave. */
export function certificateFingerprint(
  certificate: string | Uint8Array | X509Certificate,
): Fingerprint {
  const parsed =
    certificate instanceof X509Certificate ? certificate : new X509Certificate(certificate)
  return keyFingerprint(parsed.publicKey.export({ type: 'spki', format: 'der' }))
}

/** Of a SubjectPublicKeyInfo in DER. */
export function keyFingerprint(spki: Uint8Array): Fingerprint {
  return `sha256:${createHash('sha256').update(spki).digest('hex')}`
}

/** Of a private key in PEM: what its certificates will be pinned by. */
export function privateKeyFingerprint(pem: string): Fingerprint {
  return keyFingerprint(createPublicKey(pem).export({ type: 'spki', format: 'der' }))
}

/** For reading aloud: the leading 88 bits as eight words of the BIP-39 English list. */
export function fingerprintWords(fingerprint: Fingerprint): readonly string[] {
  const bits = BigInt(`0x${fingerprint.slice(PREFIX.length)}`)
  return Array.from({ length: WORDS }, (_, index) => {
    const shift = BigInt(HEX_DIGITS * 4 - WORD_BITS * (index + 1))
    return wordlist[Number((bits >> shift) & 0x7ffn)] ?? ''
  })
}

/**
 * What a person typed or pasted: with or without the prefix, in either case, with colons or spaces
 * between the digits. The eight words are not enough to trust a key by.
 * @throws TypeError that says what is wrong and what would be right
 */
export function parseFingerprint(text: string): Fingerprint {
  const digits = text
    .trim()
    .toLowerCase()
    .replace(/^sha256[:\s]/, '')
    .replace(/[\s:]/g, '')
  if (!/^[0-9a-f]*$/.test(digits)) {
    throw new TypeError(`'${text}' is not a fingerprint: ${SHAPE}`)
  }
  if (digits.length !== HEX_DIGITS) {
    throw new TypeError(`'${text}' has ${digits.length} of ${HEX_DIGITS} digits: ${SHAPE}`)
  }
  return `sha256:${digits}`
}

/** Whether the text is a fingerprint in canonical form. */
export function isFingerprint(text: string): text is Fingerprint {
  return /^sha256:[0-9a-f]{64}$/.test(text)
}

const SHAPE = "it should be 'sha256:' and 64 hexadecimal digits, as the server printed it"

/** In constant time. */
export function sameFingerprint(one: Fingerprint, other: Fingerprint): boolean {
  const left = Buffer.from(one)
  const right = Buffer.from(other)
  return left.length === right.length && timingSafeEqual(left, right)
}
