import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseAddress } from '../../../src/net/address.ts'
import { DialError, type DialErrorKind } from '../../../src/net/dial-error.ts'
import { GoodbyeError } from '../../../src/net/session.ts'
import { parseShareLine } from '../../../src/net/share-line.ts'
import { ChatError, type ErrorCode, errorCodes } from '../../../src/protocol/errors.ts'
import { nameFault } from '../../../src/protocol/names.ts'
import { zh } from '../../../src/ui/catalogue/zh.ts'
import { inWords } from '../../../src/ui/flow/refusal.ts'
import { lookOf } from '../../support/look.ts'

const { faults } = zh
const look = lookOf({ words: zh })

/** Latin words that are no names: 7 stands for every name and number. */
const LATIN = /(?!\b(?:TLS|IPv[46]|tchat|XDG_STATE_HOME)\b)\b[A-Za-z]{2,}/

test('every code has Chinese words', () => {
  for (const code of Object.keys(errorCodes) as ErrorCode[]) {
    for (const error of [new ChatError(code), new GoodbyeError(code, errorCodes[code].meaning)]) {
      expect(faults.of(error)).toMatch(/^[\p{Script=Han}，、 ]+(?:tchat|$)/u)
    }
    expect(faults.text(errorCodes[code].meaning)).toBe(faults.of(new ChatError(code)))
  }
})

/** What only operators ask for, and clients of version 1, is said in English: no screen shows it. */
const NOT_SHOWN =
  /admin|classic|nonce\.ts|upkeep\/(?:backup|standings)|handlers\/administer|postgres/

test('what the server says of refusals is known, word by word', () => {
  const said = refusalsIn('src/server')
  expect(said.length).toBeGreaterThan(30)
  const unknown = said.filter(([code, text]) => LATIN.test(faults.of(new ChatError(code, text))))
  expect(unknown).toEqual([])
  // Of what was refused only the words are kept.
  expect(said.filter(([, text]) => LATIN.test(faults.text(text)))).toEqual([])
})

/** Values become 7; those of a role, a role. */
function refusalsIn(folder: string): readonly (readonly [ErrorCode, string])[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => name.endsWith('.ts') && !NOT_SHOWN.test(name))
    .flatMap((name) => {
      const source = readFileSync(join(folder, name), 'utf8')
      const found = source.matchAll(/new ChatError\(\s*'(\w+)',\s*(['`])(.*?)\2/gs)
      return Array.from(
        found,
        ([, code, , text = '']) => [code as ErrorCode, sampled(text)] as const,
      )
    })
    .filter(([, text]) => !PROTOCOL_ONLY.test(text))
}

function sampled(text: string): string {
  return text.replace(/\$\{[^}]*role\}/g, 'admin').replace(/\$\{[^}]*\}/g, '7')
}

/** What no screen can ask for. */
const PROTOCOL_ONLY =
  /^command 7 is not known|^a request id|^at most one of|continues no search$|^7 came with version 1: /

test.each([
  'you are connected 7 times already',
  '#ops needs an owner: make somebody else one first',
  'alice is owner of #ops: that is for owners',
  'a search takes at most 8 different words',
  'the search index is still being made: try again in a little while',
  'you are banned from this server',
])('%s', (text) => {
  expect(faults.text(text).replace(/alice|#ops/g, '')).toMatch(/^[^A-Za-z]+$/)
})

test('a name, a number and a reason are kept', () => {
  expect(faults.of(new ChatError('unknownUser', 'there is no user 小明'))).toBe('没有用户 小明')
  const late = new ChatError('rateLimited', 'too many attempts; try again in 12 s', 12_000)
  expect(faults.of(late)).toBe('尝试次数过多，请在 12 秒后再试')
  const banned = new ChatError('banned', 'you are banned from this server: spam')
  expect(faults.of(banned)).toBe('你已被此服务器封禁：spam')
})

test('words that are not known stand behind those of their code', () => {
  expect(faults.of(new ChatError('tooMany', 'no more of these'))).toBe(
    '数量已达上限（no more of these）',
  )
  expect(faults.text('no more of these')).toBe('no more of these')
})

test('a refusal is a sentence, with what would help behind it', () => {
  expect(inWords(new ChatError('badInvite'), look)).toBe(
    '邀请无效、已用完或已过期。请向邀请你的人要一个新的。',
  )
  expect(inWords(new Error('已经说完了。'), look)).toBe('已经说完了。')
})

const KINDS: readonly DialErrorKind[] = [
  'refused',
  'notFound',
  'unreachable',
  'timedOut',
  'notTls',
  'closed',
  'aborted',
  'failed',
]

test.each(KINDS)('no way to a server: %s', (kind) => {
  const text = faults.of(new DialError(kind, { host: '10.0.0.7', port: 8000 }))
  expect(text).toContain('10.0.0.7')
  expect(text).not.toMatch(LATIN)
})

test.each(['', 'a:b:c', '[x', '[x]', ':1', '1.2.3', 'a b', 'h:99999'])('no address: %s', (text) => {
  const said = faults.of(thrown(() => parseAddress(text)))
  expect(said).toMatch(/^「.*」不是地址：/)
  expect(said.replace(`「${text}」`, '').replace('chat.example.org', '')).not.toMatch(LATIN)
})

test.each([
  'http:tchat',
  'tchat://h&/',
  'tchat://h/a/b/c/d/e',
  `tchat://h//${'x'.repeat(43)}/`,
  'tchat://h//short',
  `tchat://h//${'x'.repeat(43)}/cut`,
  `tchat://h//${'x'.repeat(43)}/%2F`,
  'tchat://h/-x',
  'tchat://h/%FF',
  'tchat://h:99999',
  `tchat://${'h'.repeat(300)}`,
])('no share line: %s', (text) => {
  const said = faults.of(thrown(() => parseShareLine(text)))
  expect(said).toMatch(/分享链接/)
  expect(said.replace(/「.*?」|tchat:\/\/|chat\.example\.org|%FF/g, '')).not.toMatch(LATIN)
})

test.each(['', 'x'.repeat(33), '-x'])('no name: %s', (name) => {
  expect(faults.text(nameFault(name) ?? '')).not.toMatch(/[A-Za-z]/)
})

function thrown(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}
