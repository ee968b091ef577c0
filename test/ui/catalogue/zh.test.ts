import { expect, test } from 'vitest'
import { en as full } from '../../../src/ui/catalogue/en.ts'
import { lineWords } from '../../../src/ui/catalogue/en-line.ts'
import { everyText } from '../../../src/ui/catalogue/live-keys.ts'
import { zh as fullChinese } from '../../../src/ui/catalogue/zh.ts'
import { zhLineWords } from '../../../src/ui/catalogue/zh-line.ts'

/** Line mode has words of its own. */
const en = { ...full, line: lineWords }
const zh = { ...fullChinese, line: zhLineWords }

import { actionNames } from '../../../src/ui/commands/action-names.ts'

/** What words are made with; none of it is a word. */
const SAMPLES: readonly (readonly unknown[])[] = [
  ['§1', '§2', '§3', '§4'],
  [2, 3, 4, 5],
  [1, 1, 1, 1],
  [0, 0, 0, 0],
  [undefined, undefined, undefined],
  [true, true],
  [false, false],
  [['§1', '§2', '§3']],
  [['§1', '§2']],
  [['§1']],
  [{ joined: ['§1'], added: ['§2'], left: [], passed: [], returned: [] }],
  [{ joined: [], added: [], left: ['§1'], passed: ['§2', '§3'], returned: ['§4'] }],
  [{ joined: ['§1', '§2', '§3', '§4', '§5'], added: [], left: [], passed: [], returned: [] }],
]

/** A text of both catalogues: where it stands, and how it reads. */
type Pair = Readonly<{ path: string; english: string; chinese: string }>

/** They say nothing of their own, or are tested with what they are for. */
const WITHOUT_WORDS =
  /^(?:faults\.|usage$|locale$|logIn\.ended$|start\.recent$|line\.(?:yes|once|entry\.inGroup|oneOnline|logOutWaiting))/

const pairs: readonly Pair[] = pairsOf(en, zh).filter(({ path }) => !WITHOUT_WORDS.test(path))

function pairsOf(english: unknown, chinese: unknown, path: readonly string[] = []): Pair[] {
  const name = path.join('.')
  if (typeof english === 'string') {
    return typeof chinese === 'string' ? [{ path: name, english, chinese }] : []
  }
  if (typeof english === 'function' && typeof chinese === 'function') {
    return SAMPLES.flatMap((values) => {
      const said = [attempt(english as Make, values), attempt(chinese as Make, values)]
      return said.every((each) => typeof each === 'string')
        ? [{ path: name, english: said[0] as string, chinese: said[1] as string }]
        : []
    })
  }
  if (typeof english !== 'object' || english === null) return []
  return Object.entries(english).flatMap(([key, each]) =>
    pairsOf(each, (chinese as Record<string, unknown>)[key], [...path, key]),
  )
}

type Make = (...values: readonly unknown[]) => unknown

/** undefined: it does not take such values. */
function attempt(make: Make, values: readonly unknown[]): unknown {
  try {
    const made = make(...values)
    return typeof made === 'string' && /\[object|undefined|true|false/.test(made) ? undefined : made
  } catch {
    return undefined
  }
}

/** Texts that are the same in every language: signs, names, what is typed. */
const SAME =
  /^(?:product|composer\.prompt|lists\.refused|preferences\.mutedNarrow|attention\.inGroup|members\.(?:classic|roles\..*)|status\.(?:short|own|done)\.available|windows\.group\.access\.unknown|log\.(?:online|you))$/

/** Of a key. */
const [MARK_START, MARK_END] = ['\u0002', '\u0003']
const MARK = new RegExp(`${MARK_START}[^${MARK_END}]*${MARK_END}`, 'g')
const HAN = /\p{Script=Han}/u

test('there is a catalogue to look at', () => {
  expect(pairs.length).toBeGreaterThan(700)
})

test('every function of the English catalogue was called with something that it takes', () => {
  const seen = new Set(pairs.map(({ path }) => path))
  const all = new Set<string>()
  const walk = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) walk(each, [...path, key])
    } else all.add(path.join('.'))
  }
  walk(en, [])
  expect([...all].filter((path) => !seen.has(path) && !WITHOUT_WORDS.test(path))).toEqual([])
})

test('both catalogues have the same lists, as long as each other', () => {
  const lengths = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.length
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, lengths(each)]))
        : typeof value
  // Line mode takes answers in both languages.
  const answers = { yes: [], no: [], once: [] }
  const compared = (words: typeof zh) => lengths({ ...words, line: { ...words.line, ...answers } })
  expect(compared(zh)).toEqual(compared(en))
})

test('nothing is left in English', () => {
  const left = pairs.filter(
    ({ path, english, chinese }) =>
      !SAME.test(path) && english === chinese && /\p{L}/u.test(words(english)),
  )
  expect(left).toEqual([])
})

/** Keys, commands, programs, options, units: what stays as it is in every language. */
const LATIN = new RegExp(
  [
    '/[a-z-]+(?: (?:off|everywhere|history|NAME|GROUP))?',
    '(?:npx )?tchat(?: (?:connect|config|doctor|login|send|--serve))?(?: --trust)?(?:://)?',
    '--[a-z]+',
    String.raw`\b(?:Ctrl-[A-Z]|Enter|Esc|Tab|Shift|End|q)\b`,
    String.raw`\b(?:tmux|set-clipboard|set-clipboard on|IPv6|UTF-8|TCHAT_PASSWORD|kill|fg|v1)\b`,
    String.raw`\$EDITOR|compose\.editor|notify\.command|hooks\.`,
    String.raw`\b(?:all|mentions|none|default|owner|admin|member|on|off)\b`,
    String.raw`:tada:|\dms\b`,
  ].join('|'),
  'g',
)

/** What is said, without keys and samples. */
function words(text: string): string {
  return text.replace(MARK, '').replace(/§\d/g, '1').replace(LATIN, '')
}

test('no Latin word is left but commands, keys and names', () => {
  const left = pairs
    .filter(({ chinese }) => /[A-Za-z]/.test(words(chinese)))
    .map(({ path, chinese }) => `${path}: ${chinese}`)
  expect(left).toEqual([])
})

test('what has words has Chinese ones', () => {
  const without = pairs.filter(
    ({ english, chinese }) =>
      /[A-Za-z]{2}/.test(words(english)) && !HAN.test(chinese) && chinese !== '',
  )
  expect(without.map(({ path }) => path).filter((path) => !SAME.test(path))).toEqual([])
})

test('the same values appear in both languages', () => {
  const valuesIn = (text: string) => [...new Set(text.match(/§\d/g))].toSorted()
  const wrong = pairs.filter(
    ({ english, chinese }) => valuesIn(english).join() !== valuesIn(chinese).join(),
  )
  expect(wrong).toEqual([])
})

test('the same keys are named in both languages', () => {
  const marksIn = (text: string) => (text.match(MARK) ?? []).toSorted().join()
  expect(pairs.filter(({ english, chinese }) => marksIn(english) !== marksIn(chinese))).toEqual([])
})

/** A form of input, quoted: its colons are typed. */
const TYPED = /:名称:|:tada:|主机:端口|\]:端口|、:表情/g

test('sentences have punctuation of full width', () => {
  const half = /[\p{Script=Han}§]\s?[,;!?()":]|[,;!?(":]\s?\p{Script=Han}|\p{Script=Han}\.(?:\s|$)/u
  const wrong = pairs.filter(({ chinese }) =>
    half.test(chinese.replace(MARK, '').replace(TYPED, '')),
  )
  expect(wrong.map(({ path, chinese }) => `${path}: ${chinese}`)).toEqual([])
})

test('a blank stands between Chinese and Latin letters or digits, on both sides', () => {
  const joined = /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u
  const wrong = pairs.filter(({ chinese }) =>
    joined.test(chinese.replace(MARK, 'K').replace(/§\d/g, 'x')),
  )
  expect(wrong.map(({ path, chinese }) => `${path}: ${chinese}`)).toEqual([])
})

test('what stands behind a command is said in Chinese, but what is typed as it stands', () => {
  const typed = /\b(?:on|off|owner|admin|member|all|mentions|none|default|history|everywhere)\b/g
  const left = Object.values(actionNames).flatMap(({ usage = '' }) =>
    /[a-z]/.test(zh.usage(usage).replace(typed, '')) ? [zh.usage(usage)] : [],
  )
  expect(left).toEqual([])
  expect(zh.usage('[group [first members…]]')).toBe('[群组 [首批成员…]]')
  expect(zh.usage('name owner|admin|member')).toBe('名字 owner|admin|member')
})

test('no character of traditional Chinese, and none that no font has', () => {
  const texts: string[] = []
  everyText(zh, (text) => {
    texts.push(text)
    return text
  })
  expect(texts.join('')).not.toMatch(/[個開關說對話請設為連線檔訊還發員組\ufffd]/)
})
