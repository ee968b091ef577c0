import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyEditor } from '../../../src/ui/input/editor.ts'
import { layoutEditor, rowOfCursor } from '../../../src/ui/input/editor-layout.ts'
import { sureText } from '../../../src/ui/text/fit.ts'
import { graphemeWidth, textWidth } from '../../../src/ui/text/width.ts'
import { anyText } from '../text/texts.ts'

function layout(text: string, cursor: number, width: number, maxRows = 6) {
  return layoutEditor({ ...emptyEditor({ text }), cursor }, width, maxRows)
}

describe('layoutEditor', () => {
  it('is one row when there is no text', () => {
    expect(layout('', 0, 10)).toEqual({
      rows: [''],
      cursorRow: 0,
      cursorColumn: 0,
      rowsAbove: 0,
      rowsBelow: 0,
    })
  })

  it.each<[string, number, number, string[], [number, number]]>([
    ['hello', 5, 10, ['hello'], [0, 5]],
    ['日本👍x', 3, 10, ['日本👍x'], [0, 6]],
    ['👍🏽🇩🇪❤️x', 3, 10, ['👍DE❤x'], [0, 5]],
    ['e\u0301x', 1, 10, ['e\u0301x'], [0, 1]],
    ['one two three', 13, 9, ['one two ', 'three'], [1, 5]],
    ['one two three', 8, 9, ['one two ', 'three'], [1, 0]],
    ['one two three', 7, 9, ['one two ', 'three'], [0, 7]],
    ['12345678', 8, 9, ['12345678'], [0, 8]],
    ['123456789', 9, 9, ['12345678', '9'], [1, 1]],
    ['12345678  ', 10, 9, ['12345678'], [0, 8]],
    ['a\nb', 2, 9, ['a', 'b'], [1, 0]],
    ['a\n', 2, 9, ['a', ''], [1, 0]],
    ['\n\n', 1, 9, ['', '', ''], [1, 0]],
    ['a\tb', 2, 9, ['a    b'], [0, 5]],
    ['日本語日本語', 6, 6, ['日本', '語日', '本語'], [2, 4]],
    ['日', 1, 1, ['…'], [0, 0]],
  ])('draws %j with the cursor at %i in %i cells', (text, cursor, width, rows, place) => {
    const drawn = layout(text, cursor, width)
    expect(drawn.rows).toEqual(rows)
    expect([drawn.cursorRow, drawn.cursorColumn]).toEqual(place)
  })

  it('scrolls so that the cursor is in view', () => {
    const text = '1\n2\n3\n4\n5\n6\n7'
    expect(layout(text, 13, 10, 3)).toMatchObject({
      rows: ['5', '6', '7'],
      cursorRow: 2,
      rowsAbove: 4,
    })
    expect(layout(text, 0, 10, 3)).toMatchObject({
      rows: ['1', '2', '3'],
      cursorRow: 0,
      rowsBelow: 4,
    })
    expect(layout(text, 6, 10, 3)).toMatchObject({
      rows: ['3', '4', '5'],
      cursorRow: 1,
      rowsAbove: 2,
    })
  })

  it('never draws outside its cells, wherever the cursor is', () => {
    fc.assert(
      fc.property(
        anyText(),
        fc.nat(),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 6 }),
        (text, pick, width, maxRows) => {
          const state = emptyEditor({ text })
          const cursor = pick % (state.clusters.length + 1)
          const drawn = layoutEditor({ ...state, cursor }, width, maxRows)
          for (const row of drawn.rows) expect(textWidth(row)).toBeLessThanOrEqual(width)
          expect(drawn.rows.length).toBeLessThanOrEqual(maxRows)
          expect(drawn.cursorRow).toBeLessThan(drawn.rows.length)
          expect(drawn.cursorRow).toBeGreaterThanOrEqual(0)
          expect(drawn.cursorColumn).toBeLessThan(width)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('draws every cluster that has room once', () => {
    fc.assert(
      fc.property(anyText(), fc.integer({ min: 5, max: 30 }), (text, width) => {
        const state = emptyEditor({ text })
        fc.pre(state.clusters.every((cluster) => graphemeWidth(cluster) < width))
        const drawn = layoutEditor(state, width, Number.MAX_SAFE_INTEGER)
        expect(drawn.rows.join('').replace(/\s/g, '')).toBe(
          sureText(state.clusters.join('')).replace(/\s/g, ''),
        )
      }),
    )
  })
})

describe('a text that was laid out before', () => {
  it('is not laid out again while only the cursor moves', () => {
    const { clusters } = emptyEditor({ text: 'x'.repeat(8192) })
    const first = rowOfCursor({ clusters, cursor: 0 }, 80)
    const second = rowOfCursor({ clusters, cursor: 5000 }, 80)
    expect(second.rows).toBe(first.rows)
    expect(second.row).toBe(Math.floor(5000 / 79))
    expect(rowOfCursor({ clusters, cursor: 5000 }, 50).row).toBe(Math.floor(5000 / 49))
  })
})
