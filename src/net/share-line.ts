import { cleanText } from '../protocol/clean.ts'
import { INVITE_CHARS } from '../protocol/limits.ts'
import { nameFault, nameOf } from '../protocol/names.ts'
import { type Address, formatAddress, parseAddress } from './address.ts'
import type { Fingerprint } from './fingerprint.ts'

/**
 * A share line is all that somebody needs to get in, in one word that can be pasted into any shell:
 * `tchat://HOST:PORT/GROUP/FINGERPRINT/INVITE`. Each part is percent-encoded; one in the middle may
 * be empty, empty ones at the end are left out. Whoever has a line with an invite can use it.
 */
export type ShareLine = Readonly<{
  address: Address
  /** Name of a group, without #; '': none. */
  group: string
  /** Of the server's key; undefined: the line does not vouch for it. */
  fingerprint: Fingerprint | undefined
  /** A code; '': none. */
  invite: string
}>

const SCHEME = 'tchat://'
/** What a line is made of; no shell gives a meaning to any of it within a word. */
const LINE = /^[A-Za-z0-9._~:/%[\]-]*$/
/** Base64url of 32 bytes. */
const FINGERPRINT = /^[A-Za-z0-9_-]{43}$/
const INVITE = /^[A-Za-z0-9_-]+$/
/** The longest host name, and a port. */
const ADDRESS_CHARS_MAX = 253 + 6
/** A line that is wrong is quoted so far, in characters. */
const QUOTED_MAX = 80

/**
 * Whether the text is meant to be a share line, well-formed or not. As people copy it: with the
 * command in front, broken by the rows of a terminal.
 */
export function looksLikeShareLine(text: string): boolean {
  const joined = withoutBlanks(text).toLowerCase()
  return joined.startsWith('tchat:') || joined.includes(SCHEME)
}

/** The line, from its parts; `group` is a name, '' where a part is not there. */
export function shareLine(
  address: Address,
  group = '',
  fingerprint?: Fingerprint,
  invite = '',
): string {
  const digest = fingerprint === undefined ? '' : base64Of(fingerprint)
  const parts = [encodePart(formatAddress(address)), encodePart(group), digest, encodePart(invite)]
  while (parts.at(-1) === '') parts.pop()
  return `${SCHEME}${parts.join('/')}`
}

/**
 * The parts of a line. What stands before it is left out, and so are blanks and line ends in it: no
 * line has any, but what was copied over several rows of a terminal has.
 *
 * @throws TypeError that says what is wrong and what would be right
 */
export function parseShareLine(text: string): ShareLine {
  const joined = withoutBlanks(text)
  const begin = joined.toLowerCase().indexOf(SCHEME)
  if (begin === -1) throw wrong(text, `it does not begin with ${SCHEME}`)
  const line = joined.slice(begin)
  if (!LINE.test(line)) throw wrong(text, 'it has characters that no such line has')
  const encoded = line.slice(SCHEME.length).split('/')
  const [host = '', group = '', fingerprint = '', invite = '', ...more] = encoded.map((part) =>
    decodePart(text, part),
  )
  if (more.some((part) => part !== '')) throw wrong(text, 'it has more than four parts')
  if (fingerprint !== '' && invite === '' && line.endsWith('/')) {
    throw wrong(text, 'it is cut short: its invite is missing')
  }
  return {
    address: addressOf(text, host),
    group: groupOf(text, group),
    fingerprint: fingerprint === '' ? undefined : fingerprintOf(text, fingerprint),
    invite: inviteOf(text, invite),
  }
}

function addressOf(text: string, host: string): Address {
  // The words for a wrong address quote it, and here it may hold anything.
  if (host !== cleanText(host) || /[\t\n]/.test(host))
    throw wrong(text, 'its address has characters that none has')
  if (host.length > ADDRESS_CHARS_MAX) throw wrong(text, 'its address is too long')
  try {
    return parseAddress(host)
  } catch (error) {
    throw error instanceof TypeError ? new TypeError(`in the share line, ${error.message}`) : error
  }
}

function groupOf(text: string, part: string): string {
  const name = nameOf(part)
  const fault = part === '' ? undefined : nameFault(name)
  if (fault !== undefined) throw wrong(text, `its group is no name: ${fault}`)
  return name
}

function fingerprintOf(text: string, part: string): Fingerprint {
  const bytes = Buffer.from(part, 'base64url')
  // The last character has bits to spare: only one way to write a key is right.
  if (!FINGERPRINT.test(part) || bytes.toString('base64url') !== part) {
    throw wrong(text, 'its fingerprint is not 43 characters of base64url: it is cut short')
  }
  return `sha256:${bytes.toString('hex')}`
}

function inviteOf(text: string, part: string): string {
  if (part === '') return part
  if (!INVITE.test(part) || part.length > INVITE_CHARS) throw wrong(text, 'its invite is no code')
  if (part.length < INVITE_CHARS) {
    throw wrong(
      text,
      `it is cut short: its invite has ${part.length} of the ${INVITE_CHARS} characters`,
    )
  }
  return part
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '')
}

function base64Of(fingerprint: Fingerprint): string {
  return Buffer.from(fingerprint.slice('sha256:'.length), 'hex').toString('base64url')
}

/** Colons stay as they are: they are no trouble, and an address is read by people. */
function encodePart(part: string): string {
  return encodeURIComponent(part)
    .replace(/[!~*'()]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':')
}

function decodePart(text: string, part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw wrong(text, `'${part.slice(0, QUOTED_MAX)}' is not percent-encoded UTF-8`)
  }
}

function wrong(text: string, why: string): TypeError {
  const quoted = cleanText(text).replace(/\s+/g, ' ').trim()
  const short = quoted.length > QUOTED_MAX ? `${quoted.slice(0, QUOTED_MAX)}…` : quoted
  return new TypeError(
    `'${short}' is not a share line: ${why}. It should be ${SCHEME}HOST:PORT/GROUP/FINGERPRINT/INVITE, as it was given to you`,
  )
}
