import { expect, test } from 'vitest'
import { parseAdminArguments, verbRows } from '../../src/cli/admin/arguments.ts'
import { jsonLines, tables } from '../../src/cli/admin/output.ts'
import { parseCommandLine } from '../../src/cli/command-line.ts'
import { verbs } from '../../src/server/admin/verbs.ts'

test.each([
  ['status', { verb: 'status', target: '', value: '' }],
  ['sessions', { verb: 'sessions', target: '', value: '' }],
  ['sessions ann', { verb: 'sessions', target: 'ann', value: '' }],
  ['operator ann on', { verb: 'operator', target: 'ann', value: 'on' }],
  ['ban ann too much spam', { verb: 'ban', target: 'ann', value: 'too much spam' }],
  ['end-group ops', { verb: 'endGroup', target: 'ops', value: '' }],
  ['export', { verb: 'export', target: '', value: '' }],
  ['export group ops', { verb: 'export', target: 'group', value: 'ops' }],
  ['restore file', { verb: 'restore', target: 'file', value: '' }],
  ['copy', { verb: 'copy', target: '', value: '' }],
])('tchat admin %s', (line, wanted) => {
  expect(parseAdminArguments(line.split(' '))).toEqual(wanted)
})

test.each([
  ['', /what is to be done\?\n {4}status /],
  ['frob', /^unknown verb 'frob'; 'tchat admin' lists/],
  ['kik ann', /unknown verb 'kik' \(did you mean 'kick'\?\)/],
  ['endGroup ops', /unknown verb/],
  ['kick', /something is missing: 'tchat admin kick USER'/],
  ['operator ann', /something is missing/],
  ['status now', /an argument too many/],
  ['export user ann x', /an argument too many/],
])('tchat admin %s is wrong use', (line, words) => {
  const input = line === '' ? [] : line.split(' ')
  expect(() => parseAdminArguments(input)).toThrow(words)
})

test('a password on the command line is refused and not repeated', () => {
  const input = ['password', 'ann', 'my secret']
  expect(() => parseAdminArguments(input)).toThrow(/an argument too many/)
  expect(() => parseAdminArguments(input)).not.toThrow(/my secret/)
})

test('every verb of the server has a command, and can be said in one way only', () => {
  const usages = verbRows().map(({ usage }) => usage.split(' ')[0] ?? '')
  expect(usages).toHaveLength(Object.keys(verbs).length + 2)
  for (const word of usages) {
    expect(() => parseAdminArguments([word, 'x', 'y', 'z'])).not.toThrow(/unknown verb/)
  }
})

test('the flags of admin stand anywhere, and foreign ones are refused', () => {
  const line = parseCommandLine(['admin', '--json', 'users', '--data', '/x'], {})
  expect(line).toMatchObject({ command: 'admin', input: ['users'] })
  expect(line.values).toMatchObject({ json: true, data: { text: '/x' } })
  expect(() => parseCommandLine(['admin', 'users', '--port', '1'], {})).toThrow(/--port goes with/)
})

test('several rows are a table, one is a list, each kind of rows by itself', () => {
  const users = [
    { user: 'ann', online: true, created: Date.UTC(2026, 0, 2) },
    { user: '张三', online: false, created: 0 },
  ]
  const [head, first, second] = tables(users).split('\n')
  expect(head).toMatch(/^user {2}online {2}created$/)
  expect(first).toMatch(/^ann {3}yes {5}2026-01-0\d \d\d:\d\d$/)
  expect(second).toBe('张三  no      0')
  expect(tables([{ users: 2, faults: 1 }, { fault: 'a' }])).toBe(
    'users   2\nfaults  1\n\nfault  a\n',
  )
  expect(tables([])).toBe('')
})

test('what strangers say moves no cursor, neither in tables nor in JSON', () => {
  const rows = [{ device: 'a\x1b[2J\u009b\u202eb' }]
  for (const text of [tables(rows), jsonLines(rows)]) {
    expect(text.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(text).toContain('\\u009b')
  }
  expect(JSON.parse(jsonLines(rows))).toEqual(rows[0])
})
