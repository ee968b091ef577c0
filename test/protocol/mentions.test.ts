import { expect, test } from 'vitest'
import { namesAfterAt } from '../../src/protocol/mentions.ts'

test.each<[string, string[][]]>([
  ['hi @bob, all well?', [['bob']]],
  ['@ann and @Bob!', [['ann'], ['Bob']]],
  ['ask @bob.', [['bob.', 'bob']]],
  ['@ann.lee-smith', [['ann.lee-smith', 'ann.lee', 'ann']]],
  ['@everyone', [['everyone']]],
  ['@张三你好', [['张三你好', '张三你', '张三', '张']]],
  ['你好@张三', [['张三', '张']]],
  ['@bob你', [['bob你', 'bob']]],
  ['＠ｂｏｂ', [['bob']]],
  ['write to ann@example.org', []],
  ['@ @. @_x', []],
  ['@@bob', [['bob']]],
])('%s', (text, names) => {
  expect([...namesAfterAt(text)]).toEqual(names)
})

test('a name is not looked for beyond its greatest length', () => {
  const [names = []] = namesAfterAt(`@${'字'.repeat(100)}`)
  expect(names[0]).toHaveLength(32)
  expect(names).toHaveLength(32)
  expect([...namesAfterAt(`@${'a'.repeat(33)}`)]).toEqual([[]])
})
