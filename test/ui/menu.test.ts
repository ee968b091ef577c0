import { describe, expect, test } from 'vitest'
import { en } from '../../src/ui/catalogue/en.ts'
import { zh } from '../../src/ui/catalogue/zh.ts'
import { menuLines } from '../../src/ui/commands/help.ts'
import { keymapOf } from '../../src/ui/input/rebinding.ts'
import type { Look } from '../../src/ui/look.ts'
import { menuPane } from '../../src/ui/panes/menu.ts'
import { overlayPane } from '../../src/ui/panes/overlay.ts'
import { initialState } from '../../src/ui/state/model.ts'
import { textWidth } from '../../src/ui/text/width.ts'
import { lookOf } from '../support/look.ts'

const state = initialState({ columns: 80, rows: 24 })

describe.each([
  ['English', en],
  ['Chinese', zh],
])('the menu in %s', (_, words) => {
  const bind = { 'ctrl+x ctrl+alt+pagedown': 'goTo', 'ctrl+x F1': 'goTo', 'ctrl+x f7': 'share' }
  const looks = [
    lookOf({ words }),
    lookOf({ words, keymap: keymapOf({ profile: 'default', bind }) }),
  ]

  test('has every row whole, on one page or the other, wherever there is room for it', () => {
    for (const look of looks) {
      const lines = menuLines(look)
      for (let width = 46; width <= 130; width += 3) {
        for (const height of [1, 3, 13, 17, 21, 43, 60]) {
          const rows = everyPage(look, { width, height })
          expect(rows.every((row) => textWidth(row) <= width)).toBe(true)
          const cells = rows.flatMap((row) => row.split(/ {2,}/))
          for (const [, meaning] of lines) expect(cells).toContain(meaning)
        }
      }
    }
  })

  test('cuts what has no room with an ellipsis, and says on which page it is', () => {
    const look = lookOf({ words })
    const size = { width: 12, height: 2 }
    const { title, body } = menuPane(state, { type: 'menu', page: 2 }, size, look)
    const pages = Math.ceil(menuLines(look).length / size.height)
    expect(title).toBe(look.words.menu.page(3, pages))
    expect(body).toHaveLength(size.height)
    const whole = menuLines(look).map(([key, meaning]) => `${key}  ${meaning}`)
    for (const row of everyPage(look, size)) {
      expect(textWidth(row)).toBeLessThanOrEqual(size.width)
      if (!row.endsWith('…')) expect(whole).toContain(row.replace(/^(\S+(?:, \S+)*) +/, '$1  '))
    }
  })
})

function everyPage(
  look: Look,
  size: Readonly<{ width: number; height: number }>,
): readonly string[] {
  const first = menuPane(state, { type: 'menu', page: 0 }, size, look)
  const pages = Number(/\/(\d+)$/.exec(first.title)?.[1] ?? 1)
  return Array.from({ length: pages }, (_, page) => page).flatMap(
    (page) => menuPane(state, { type: 'menu', page }, size, look).body,
  )
}

test('the help names all keys of an action, one row after the other where there are many', () => {
  const bind = { 'ctrl+o': 'nextUnread', f6: 'nextUnread', f7: 'nextUnread' }
  const look = lookOf({ keymap: keymapOf({ profile: 'default', bind }) })
  const size = { width: 59, height: 60 }
  const { rows } = overlayPane(state, { type: 'help', top: 0 }, size, look)
  const at = rows.findIndex((row) => row.endsWith(' next unread'))
  const keys = rows.slice(at, at + 2).map((row) => row.slice(1, 23).trim())
  expect(keys.join(' ')).toBe('Alt-A, Ctrl-X n, Ctrl-O, F6, F7')
})
