import { expect, test } from 'vitest'
import { ChatError } from '../../src/protocol/errors.ts'
import { WAITING_HASHES_MAX } from '../../src/server/limits.ts'
import { defaultPasswordCost, Passwords } from '../../src/server/passwords.ts'
import { CHEAP } from '../support/server.ts'

test('only the password itself fits its hash; the same one never hashes the same', async () => {
  const passwords = new Passwords(CHEAP)
  const hash = await passwords.hash('correct horse')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  expect(await passwords.check('correct horse', hash)).toBe(true)
  expect(await passwords.check('Correct horse', hash)).toBe(false)
  expect(await passwords.check('', hash)).toBe(false)
  expect(await passwords.hash('correct horse')).not.toBe(hash)
})

test('a hash by another implementation is understood', async () => {
  // A test vector of the reference implementation (P-H-C/phc-winner-argon2, src/test.c).
  const reference =
    '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'
  expect(await new Passwords(CHEAP).check('password', reference)).toBe(true)
})

test('no password fits an account that does not exist, nor a hash that is none', async () => {
  const passwords = new Passwords(CHEAP)
  expect(await passwords.check('anything', undefined)).toBe(false)
  expect(await passwords.check('anything', '')).toBe(false)
})

test('a hash of another cost is outdated, and still checked at its own', async () => {
  const hash = await new Passwords(CHEAP).hash('correct horse')
  const dearer = new Passwords({ ...CHEAP, passes: 2 })
  expect(await dearer.check('correct horse', hash)).toBe(true)
  expect(dearer.outdated(hash)).toBe(true)
  expect(dearer.outdated(await dearer.hash('correct horse'))).toBe(false)
})

test('composed and decomposed letters are one password', async () => {
  const passwords = new Passwords(CHEAP)
  const hash = await passwords.hash('caf\u00e9 cr\u00e8me')
  expect(await passwords.check('cafe\u0301 cre\u0300me', hash)).toBe(true)
})

test('too many at once are told to come back; those in line are served', async () => {
  const passwords = new Passwords(CHEAP)
  const all = await Promise.allSettled(
    Array.from({ length: WAITING_HASHES_MAX * 2 }, () => passwords.hash('correct horse')),
  )
  const refused = all.filter((one) => one.status === 'rejected')
  expect(refused.length).toBeGreaterThan(0)
  expect(all.length - refused.length).toBeGreaterThan(WAITING_HASHES_MAX)
  const [first] = refused
  expect(first?.reason).toBeInstanceOf(ChatError)
  expect(first?.reason).toMatchObject({ code: 'rateLimited', retryMs: 1_000 })
  expect(await passwords.hash('correct horse')).toContain('argon2id')
})

test('the cost as shipped is OWASP’s least or more', () => {
  expect(defaultPasswordCost.memoryKiB).toBeGreaterThanOrEqual(19 * 1024)
  expect(defaultPasswordCost.passes).toBeGreaterThanOrEqual(2)
})
