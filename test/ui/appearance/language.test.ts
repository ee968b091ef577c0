import { expect, test } from 'vitest'
import { languageOf } from '../../../src/ui/appearance/language.ts'
import { wordsFor } from '../../../src/ui/appearance/words.ts'
import { defaults } from '../../../src/ui/configuration/options.ts'

test.each([
  ['zh_CN.UTF-8', 'zh'],
  ['zh_CN.utf8', 'zh'],
  ['zh_SG.UTF-8', 'zh'],
  ['zh_TW.UTF-8', 'zh'],
  ['zh_HK.UTF-8', 'zh'],
  ['zh-Hans', 'zh'],
  ['zh-Hans-CN.UTF-8', 'zh'],
  ['zh_CN.UTF-8@pinyin', 'zh'],
  ['zh_CN', 'zh'],
  ['zh', 'zh'],
  ['zh_CN.GB18030', 'en'],
  ['zha_CN.UTF-8', 'en'],
  ['en_GB.UTF-8', 'en'],
  ['C.UTF-8', 'en'],
  ['', 'en'],
] as const)('a locale of %s speaks %s', (LANG, language) => {
  expect(languageOf('auto', { LANG })).toBe(language)
})

test('LC_ALL comes before LC_MESSAGES, that before LANG; an empty one is not there', () => {
  const [zh, en] = ['zh_CN.UTF-8', 'en_GB.UTF-8']
  expect(languageOf('auto', { LC_ALL: zh, LC_MESSAGES: en, LANG: en })).toBe('zh')
  expect(languageOf('auto', { LC_MESSAGES: zh, LANG: en })).toBe('zh')
  expect(languageOf('auto', { LC_MESSAGES: en, LANG: zh })).toBe('en')
  expect(languageOf('auto', { LC_ALL: '', LC_MESSAGES: '', LANG: zh })).toBe('zh')
})

test('what cannot show Chinese is not spoken to in it, unless the person says so', () => {
  expect(languageOf('auto', { TERM: 'linux', LANG: 'zh_CN.UTF-8' })).toBe('en')
  expect(languageOf('auto', { LC_CTYPE: 'zh_CN.GBK', LC_MESSAGES: 'zh_CN.UTF-8' })).toBe('en')
  expect(languageOf('zh', { TERM: 'linux', LANG: 'C' })).toBe('zh')
  expect(languageOf('en', { LANG: 'zh_CN.UTF-8' })).toBe('en')
})

test('the words are those of the language', async () => {
  const { look } = defaults
  const words = await wordsFor({ look }, { LANG: 'zh_CN.UTF-8' })
  expect(words.start.connect).toBe('连接到…')
  expect((await wordsFor({ look }, {})).start.connect).toBe('Connect to…')
  const wished = { ...look, language: 'zh' } as const
  expect((await wordsFor({ look: wished }, {})).start.connect).toBe('连接到…')
})
