import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fingerprint } from '../../src/net/fingerprint.ts'
import { looksLikeShareLine, parseShareLine, shareLine } from '../../src/net/share-line.ts'
import { INVITE_CHARS } from '../../src/protocol/limits.ts'
import { nameFault, nameOf } from '../../src/protocol/names.ts'
import { newInviteCode } from '../../src/server/invite-code.ts'

const KEY: Fingerprint = `sha256:${'0f'.repeat(32)}`
const KEY_PART = 'Dw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8'
const CODE = 'k7xwk7xwk7xwk7xw'
const host = 'chat.example.org'
const port = 8000

describe('a share line', () => {
  test.each([
    [shareLine({ host, port }), 'tchat://chat.example.org:8000'],
    [shareLine({ host, port }, 'lobby'), 'tchat://chat.example.org:8000/lobby'],
    [shareLine({ host, port }, 'ops', KEY), `tchat://chat.example.org:8000/ops/${KEY_PART}`],
    [
      shareLine({ host, port }, 'ops', KEY, CODE),
      `tchat://chat.example.org:8000/ops/${KEY_PART}/${CODE}`,
    ],
    [shareLine({ host, port }, '', undefined, CODE), `tchat://chat.example.org:8000///${CODE}`],
    [shareLine({ host: '::1', port }, '张三'), 'tchat://%5B::1%5D:8000/%E5%BC%A0%E4%B8%89'],
  ])('is written %s', (line, expected) => {
    expect(line).toBe(expected)
  })

  const names = fc
    .stringMatching(/^[\p{L}\p{Nd}][\p{L}\p{Nd}._-]{0,31}$/u)
    .map(nameOf)
    .filter((name) => nameFault(name) === undefined)
  const lines = fc.record({
    address: fc.record({
      host: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()).map((name) => name.toLowerCase()),
      port: fc.integer({ min: 1, max: 65_535 }),
    }),
    group: fc.oneof(fc.constant(''), names),
    fingerprint: fc.option(
      fc
        .uint8Array({ minLength: 32, maxLength: 32 })
        .map((bytes): Fingerprint => `sha256:${Buffer.from(bytes).toString('hex')}`),
      { nil: undefined },
    ),
    invite: fc.stringMatching(new RegExp(`^(?:[A-Za-z0-9_-]{${INVITE_CHARS}})?$`)),
  })

  test('is the same after being written and read', () => {
    fc.assert(
      fc.property(lines, (line) => {
        const { address, group, fingerprint, invite } = line
        expect(parseShareLine(shareLine(address, group, fingerprint, invite))).toEqual(line)
      }),
    )
  })

  test('has no character to which a shell gives a meaning', () => {
    fc.assert(
      fc.property(lines, ({ address, group, fingerprint, invite }) => {
        const written = shareLine(address, group, fingerprint, invite)
        expect(written).toMatch(/^[A-Za-z0-9._:/%-]+$/)
        expect(written.startsWith('tchat://')).toBe(true)
      }),
    )
  })

  test('that was read is written in one form', () => {
    fc.assert(
      fc.property(hostile(), (text) => {
        const line = tryParse(text)
        if (line instanceof TypeError) return
        const { address, group, fingerprint, invite } = line
        const written = shareLine(address, group, fingerprint, invite)
        expect(parseShareLine(written)).toEqual(line)
      }),
    )
  })

  test.each([
    [' TCHAT://Chat.Example.org ', { host, port }, ''],
    ['tchat://chat.example.org:8000/', { host, port }, ''],
    ['tchat://chat.example.org:8000/%23ops///', { host, port }, 'ops'],
    ['tchat://[2001:DB8::7]:9/ops', { host: '2001:db8::7', port: 9 }, 'ops'],
  ])('may be written by hand: %s', (text, address, group) => {
    expect(parseShareLine(text)).toEqual({ address, group, fingerprint: undefined, invite: '' })
  })
})

test.each([
  `npx tchat connect tchat://host/ops/${KEY_PART}/${CODE}`,
  ` npx tchat connect\n tchat://host/o\r\n  ps/${KEY_PART.slice(0, 9)}\n${KEY_PART.slice(9)}/${CODE} \n`,
  `npx tchat connect tcha\n t://host/ops/${KEY_PART}/${CODE}`,
])('as it was copied from a terminal it is the same line: %j', (text) => {
  expect(looksLikeShareLine(text)).toBe(true)
  const address = { host: 'host', port }
  expect(parseShareLine(text)).toEqual({ address, group: 'ops', fingerprint: KEY, invite: CODE })
})

test('the codes that servers make are as long as a line wants them', () => {
  expect(newInviteCode()).toHaveLength(INVITE_CHARS)
})

describe('what is no share line', () => {
  test.each([
    ['', /does not begin with tchat:\/\//],
    ['chat.example.org:8000', /does not begin with tchat:\/\//],
    ['tchat:chat.example.org', /does not begin with tchat:\/\//],
    ['tchat://', /it is empty/],
    ['tchat:///ops', /it is empty/],
    ['tchat://host:0/ops', /the port '0' is not a number/],
    ['tchat://two%20words/ops', /'two words' is not a host name/],
    [`tchat://${'a'.repeat(500)}/ops`, /its address is too long/],
    ['tchat://host/ops;rm', /characters that no such line has/],
    ['tchat://host/ops/$(reboot)', /characters that no such line has/],
    ['tchat://host/two%20words', /its group is no name: a name has letters/],
    [`tchat://host/${'a'.repeat(33)}`, /its group is no name: a name has at most 32/],
    ['tchat://host/%F', /'%F' is not percent-encoded/],
    ['tchat://host/%FF', /'%FF' is not percent-encoded/],
    [`tchat://host/ops/${KEY_PART.slice(1)}`, /fingerprint is not 43 characters.*cut short/],
    [`tchat://host/ops/${KEY_PART.slice(0, -1)}9`, /fingerprint is not 43 characters/],
    [`tchat://host/ops/${KEY_PART}/two%20words`, /its invite is no code/],
    [`tchat://host/ops/${KEY_PART}/${'a'.repeat(33)}`, /its invite is no code/],
    [`tchat://host/ops/${KEY_PART}/${CODE.slice(1)}`, /cut short: its invite has 15 of the 16/],
    [`tchat://host/ops/${KEY_PART}/`, /cut short: its invite is missing/],
    [`tchat://host/ops/${KEY_PART}/${CODE} and more`, /its invite is no code/],
    [`tchat://host/ops/${KEY_PART}/${CODE}/more`, /more than four parts/],
    ['tchat://ho%1B%5D0;x%07st/ops', /no such line has/],
    ['tchat://ho%1B%5B31mst/ops', /its address has characters that none has/],
  ])('%s', (text, why) => {
    const error = tryParse(text)
    expect(error).toBeInstanceOf(TypeError)
    expect((error as TypeError).message).toMatch(why)
    expect((error as TypeError).message).toMatch(/It should be tchat:|Write HOST, HOST:PORT/)
  })

  test('a tab in the address is not quoted', () => {
    expect(() => parseShareLine('tchat://%09')).toThrow('characters that none has')
  })

  test('is refused in one short line without control characters, whatever it is', () => {
    fc.assert(
      fc.property(hostile(), (text) => {
        const parsed = tryParse(text)
        if (!(parsed instanceof TypeError)) return
        expect(parsed.message).not.toMatch(/\p{Cc}/u)
        expect(parsed.message.length).toBeLessThan(700)
      }),
      { numRuns: 500 },
    )
  })
})

test.each([
  ['tchat://host', true],
  [' TCHAT:host', true],
  ['tchat', false],
  ['tchat.example.org:8000', false],
])('%s is meant as a share line: %s', (text, expected) => {
  expect(looksLikeShareLine(text)).toBe(expected)
})

function hostile(): fc.Arbitrary<string> {
  const part = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'binary' }).map(percentEncoded),
    fc.constantFrom(
      '',
      KEY_PART,
      'lobby',
      '%00',
      '%1b[2J',
      'host:8000',
      '[::1]:8000',
      'a'.repeat(500),
    ),
  )
  return fc.array(part, { maxLength: 6 }).map((parts) => `tchat://${parts.join('/')}`)
}

function percentEncoded(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
}

function tryParse(text: string): ReturnType<typeof parseShareLine> | TypeError {
  try {
    return parseShareLine(text)
  } catch (error) {
    if (error instanceof TypeError) return error
    throw error
  }
}
