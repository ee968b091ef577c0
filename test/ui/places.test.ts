import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placedBeside, placingStdout, steady, withPlaces } from '../../src/ui/view/places.ts'

const FAMILY = '👨‍👩‍👧‍👦'
const LINK = '\x1b]8;id=1.0;https://a.example/\x1b\\'
const parts = fc.constantFrom(
  'a',
  ' ',
  '汉',
  FAMILY,
  '🇩🇪',
  '\x1b[2m',
  '\x1b[22m',
  LINK,
  '\x1b]8;;\x1b\\',
)

test('the mark of a row leaves nothing behind on its way to the terminal', () => {
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 12 }), (row) => {
      expect(withPlaces(steady(row.join('')))).toBe(row.join(''))
    }),
  )
})

test('what stands right of such emoji is placed; what Ink put between is not written', () => {
  const right = placedBeside(`ann ${FAMILY}`, '│● bob', 115)
  expect(withPlaces(`ann ${FAMILY}        ${right}`)).toBe(`ann ${FAMILY}\x1b[116G│● bob`)
  expect(placedBeside('ann 汉', '│● bob', 115)).toBe('│● bob')
})

test('the other screen is drawn from its corner, wherever the cursor stood in the shell', () => {
  const written: string[] = []
  const terminal = Object.assign(new PassThrough(), {
    write: (text: string) => written.push(text) > 0,
  }) as unknown as NodeJS.WriteStream
  placingStdout(terminal, (text) => text).write('\x1b[?1049hnothing before it')
  expect(written).toEqual(['\x1b[?1049h\x1b[Hnothing before it'])
})
