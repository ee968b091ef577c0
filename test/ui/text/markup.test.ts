import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaults } from '../../../src/ui/configuration/options.ts'
import { showsLinks } from '../../../src/ui/log/hyperlink.ts'
import { textRows } from '../../../src/ui/log/text-rows.ts'
import { linksIn } from '../../../src/ui/text/links.ts'
import {
  type MarkupLine,
  mayBeMarkup,
  parseLinks,
  parseMarkup,
} from '../../../src/ui/text/markup.ts'
import { widestWidth } from '../../../src/ui/text/widest.ts'
import { lookOf } from '../../support/look.ts'

/** '[strong:text]' for what is drawn otherwise, and the signs as they are. */
function drawn(lines: readonly MarkupLine[]): string {
  const line = ({ kind, marker, spans }: MarkupLine) => {
    const body = spans.map(({ text, styles, url }) => {
      const named = [
        ...styles.filter((style) => style !== 'sign'),
        ...(url === undefined ? [] : ['link']),
      ]
      return named.length === 0 ? text : `[${named.join('+')}:${text}]`
    })
    return (kind === 'text' ? '' : `${kind}(${marker})`) + body.join('')
  }
  return lines.map(line).join('\n')
}

function textOf(lines: readonly MarkupLine[]): string {
  return lines
    .map(({ marker, spans }) => marker + spans.map(({ text }) => text).join(''))
    .join('\n')
}

/** Full of signs, in every order. */
const hostile = fc
  .array(
    fc.constantFrom(
      ...['*', '**', '_', '~~', '`', '``', '```', ' ', '\n', 'a', '2', '汉', '👍🏽', '(', ')', '.'],
      ...['https://a.b/c', '> ', '- ', '1. ', '\n```\n', '\t', '\u0301', 'http://'],
    ),
    { maxLength: 80 },
  )
  .map((parts) => parts.join(''))

describe('Markdown', () => {
  test.each([
    ['*bold* and **bold**', '*[strong:bold]* and **[strong:bold]**'],
    ['_so_, ~~gone~~ and `code`', '_[emphasis:so]_, ~~[struck:gone]~~ and [code:`code`]'],
    ['**a _b_ c**', '**[strong:a ]_[strong+emphasis:b]_[strong: c]**'],
    ['``a ` b`` and `*x*`', '[code:``a ` b``] and [code:`*x*`]'],
    ['(*so*), "_so_"!', '(*[strong:so]*), "_[emphasis:so]_"!'],
    ['这是**重要**的', '这是**[strong:重要]**的'],
    ['*see https://a.b/c_d_e*', '*[strong:see ][strong+link:https://a.b/c_d_e]*'],
    ['> said\nI say', 'quote(> )said\nI say'],
    ['- one\n2. two', 'item(- )one\nitem(2. )two'],
    ['a\n```ts\n*x* = 1\n```\nb', 'a\nfence()```ts\ncode()*x* = 1\nfence()```\nb'],
  ])('%j is %j', (text, wanted) => {
    expect(drawn(parseMarkup(text))).toBe(wanted)
  })

  test.each([
    '2*3*4',
    '2 * 3 * 4',
    'snake_case_name and __init__',
    'a*b',
    '*',
    '**',
    '_ _',
    '~/foo ~ bar',
    '/usr/*_x_/y',
    '^_^ and -_-',
    '`',
    'it costs 5* or 6*',
    'f(*a, *b)',
    '/*comment*/',
    '***',
    '~~ ~~',
    '-1 is less than 0',
    '2.5 is more',
    '``` alone',
    '```\nnever ended',
  ])('%j is plain', (text) => {
    expect(drawn(parseMarkup(text))).toBe(text)
  })

  test('nothing of any text is lost or changed, with Markdown or without', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'grapheme' })), (text) => {
        expect(textOf(parseMarkup(text))).toBe(text)
        expect(textOf(parseLinks(text))).toBe(text)
        if (!mayBeMarkup(text)) expect(drawn(parseMarkup(text))).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  // What takes the square of its length would take hours here.
  test.each([
    '*a ',
    '**',
    '_a',
    '~~',
    '`',
    '`a``',
    '*_~~',
    '> ',
    '\n```',
    '```\na\n',
    'http://',
    'http://a.b',
    'http://a)',
    '(http://a.b',
    '* a* ',
    '汉*',
    ')',
  ])('a long text of %j takes time in proportion to its length', (part) => {
    const text = part.repeat(400_000 / part.length)
    expect(textOf(parseMarkup(text))).toBe(text)
  })
})

describe('addresses', () => {
  test.each([
    ['see https://a.b/c.', 'https://a.b/c'],
    ['(https://a.b/c_(d))', 'https://a.b/c_(d)'],
    ['https://a.b/c?d=e&f#g, and', 'https://a.b/c?d=e&f#g'],
    ['见https://a.b/c。谢谢', 'https://a.b/c'],
    ['<http://[::1]:80/x>', 'http://[::1]/x'],
    ['HTTPS://A.b', 'https://a.b/'],
    ['https://xn--e1afmkfd.org/ü', 'https://xn--e1afmkfd.org/%C3%BC'],
  ])('in %j is %j', (text, url) => {
    expect(linksIn(text).map((link) => link.url)).toEqual([url])
  })

  test.each([
    'http://',
    'ftp://a.b',
    'javascript://a.b',
    'xhttp://a.b',
    'https://',
    'file:///etc',
    'a.b.c',
  ])('%j is none', (text) => expect(linksIn(text)).toEqual([]))

  test('what is given to a terminal has no control in it', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 60 }).map((rest) => `https://a.b/${rest}`)
    fc.assert(
      fc.property(texts, (text) => {
        for (const { url } of linksIn(text)) expect(url).toMatch(/^https?:[!-~]+$/)
      }),
    )
  })
})

describe('the rows of a text', () => {
  const look = lookOf()
  const plain = (text: string, width: number, bare = false) =>
    textRows(text, width, 'k', bare, look).map(({ row }) => stripVTControlCharacters(row))

  test('items hang, quotes and codes have a bar, codes break anywhere', () => {
    const text = '- one two three\n> said and done\n```\nlet abc = def\n```\nend'
    expect(plain(text, 10)).toEqual([
      '- one two',
      '  three',
      '▏ said and',
      '▏ done',
      '▏let abc =',
      '▏ def',
      'end',
    ])
  })

  test('bare rows are what was written, each filled', () => {
    expect(plain('- *one* two\n```\nx\n```', 6, true)).toEqual([
      '- *one',
      '* two',
      '```',
      'x',
      '```',
    ])
  })

  test('none is wider than it says, nor than the column, on any terminal', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 4, max: 60 }), fc.boolean(), (text, width, bare) => {
        for (const { row, cells } of textRows(text, width, 'k', bare, look)) {
          const shown = stripVTControlCharacters(row)
          expect(widestWidth(shown)).toBeLessThanOrEqual(cells)
          expect(cells).toBeLessThanOrEqual(width)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('the parts of a link are one link; another one is another', () => {
    const address = `https://a.b/${'x'.repeat(20)}`
    const rows = textRows(`${address} ${address}`, 12, 'k', false, look).map(({ row }) => row)
    const ids = rows.map((row) => /8;id=([^;]+);/.exec(row)?.[1])
    expect(ids).toEqual(['k.0', 'k.0', 'k.0', 'k.1', 'k.1', 'k.1'])
    expect(rows.every((row) => row.includes(`;${address}\x1b\\`))).toBe(true)
  })

  test('what is switched off is not drawn', () => {
    const off = lookOf({ configured: { ...defaults.look, markdown: false, links: false } })
    const rows = textRows('*x* `y`\n- https://a.b', 40, 'k', false, off).map(({ row }) => row)
    expect(rows[0]).toBe('*x* `y`')
    expect(rows[1]).not.toContain('\x1b]8')
  })
})

describe('terminals that draw what they do not know', () => {
  test.each([
    [{ TERM: 'xterm-256color' }, true],
    [{ TERM: 'linux' }, false],
    [{ TERM: 'screen.xterm' }, false],
    [{ TERM: 'screen-256color', TMUX: '/tmp/t,1,0' }, true],
    [{}, true],
  ])('with %j links are drawn: %s', (env, drawn) => expect(showsLinks(env)).toBe(drawn))
})
