import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  expressionOf,
  fold,
  hasAll,
  indexed,
  wantedIn,
} from '../../../src/server/store/search/words.ts'

test.each([
  ['Héllo WORLD', 'hello world'],
  ['数据库', '数据 据库 库'],
  ['数据 据库', '数据 据 据库 库'],
  ['我', '我'],
  ['iPhone手机', 'iphone 手机 机'],
  ['ｶﾞ１２', 'ガ 12'],
  ['コーヒー', 'コー ーヒ ヒー ー'],
  ['C++ foo_bar', 'c foo bar'],
  ['👍🏽🇩🇪', '👍 🇩🇪'],
  ['..."*()', ''],
])('the index has %s as %s', (text, terms) => {
  expect(indexed(text)).toBe(terms)
})

test.each([
  ['数据库 Foo 我 👍', '"数据 据库" AND "foo" * AND "我" * AND "👍"'],
  ['NEAR("a" OR b*) -c', '"near" * AND "a" * AND "or" * AND "b" * AND "c" *'],
])('%s is looked for as %s', (query, expression) => {
  expect(expressionOf(wantedIn(query))).toBe(expression)
})

test('folding twice is folding once, and every text has its own words', () => {
  const texts = fc.string({ unit: 'grapheme', maxLength: 40 })
  const property = fc.property(texts, (text) => {
    expect(fold(fold(text))).toBe(fold(text))
    expect(hasAll(wantedIn(text), text)).toBe(true)
    expect(expressionOf(wantedIn(text)).match(/"/g)?.length ?? 0).toBe(2 * wantedIn(text).length)
  })
  fc.assert(property, { numRuns: 2_000 })
})

test('FTS5 finds by the expression what has all the words', () => {
  const db = new DatabaseSync(':memory:')
  db.exec("CREATE VIRTUAL TABLE lookup USING fts5(words, content='', tokenize='ascii')")
  const insert = db.prepare('INSERT INTO lookup (rowid, words) VALUES (?, ?)')
  const match = db.prepare('SELECT rowid AS id FROM lookup WHERE lookup MATCH ? ORDER BY rowid')
  const unit = fc.constantFrom(...'abA é数据库かがカﾞ요ท👍🏽🇩🇪€+"*-\u0301\u3099𠮷1 ', '👨‍👩‍👧', 'ß')
  const text = fc.oneof(
    fc.string({ unit, maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 12 }),
  )
  const property = fc.property(fc.array(text, { maxLength: 12 }), text, (texts, query) => {
    const wanted = wantedIn(query)
    fc.pre(wanted.length > 0)
    db.exec("INSERT INTO lookup (lookup) VALUES ('delete-all')")
    for (const [at, each] of texts.entries()) insert.run(at, indexed(each))
    const found = match.all(expressionOf(wanted)).map((row) => row['id'])
    const expected = [...texts.keys()].filter((at) => hasAll(wanted, texts[at] ?? ''))
    expect(found).toEqual(expected)
  })
  fc.assert(property, { numRuns: 2_000 })
})
