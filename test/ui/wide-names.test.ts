import { expect, test } from 'vitest'
import { graphemes } from '../../src/ui/text/graphemes.ts'
import { cellsOf, textWidth } from '../../src/ui/text/width.ts'
import { Screen } from '../support/screen.ts'
import { ME, person, ScriptedWorld } from '../support/scripted-world.ts'

const GROUP = '汉字读书会'.repeat(6)
const LEFT = { 140: 26, 80: 20, 60: 14 }

/** The columns in which a row has a line. */
function lines(row: string): readonly number[] {
  const clusters = graphemes(row)
  return clusters.flatMap((one, index) => (one === '│' ? [cellsOf(clusters, 0, index)] : []))
}

test.each([
  { columns: 140, rows: 40 },
  { columns: 80, rows: 24 },
  { columns: 60, rows: 20 },
  { columns: 50, rows: 20 },
])('wide names keep everything in its column, $columns×$rows', async (size) => {
  const world = new ScriptedWorld()
  const members = ['王小明', '한국사람', 'ひらがなのなまえ', '李'.repeat(32)].map(person)
  const group = world.group(GROUP, ...members)
  for (const member of members) {
    world.direct(member)
    world.say(group, member, 1, `${'日本語と絵文字👨‍👩‍👧‍👦👍🏽🇩🇪'.repeat(4)} ❤️ 1️⃣`)
  }
  world.say(group, ME, 2, '完了しました👍🏽'.repeat(9))
  const screen = Screen.open(size, {}, { connector: world })
  await screen.waitFor('Log in to')
  screen.type('secret\r')
  await screen.waitFor('完了しました')
  const left = LEFT[size.columns as keyof typeof LEFT]
  for (const row of screen.rows) {
    expect(textWidth(row)).toBeLessThanOrEqual(size.columns)
    if (left !== undefined && row.includes('│')) expect(lines(row)[0]).toBe(left)
  }
  if (size.columns === 140) {
    // This terminal draws joined emoji wider than they are counted; the line stands where it should.
    for (let y = 1; y < size.rows - 5; y++) expect(screen.cell(y, 115)).toBe('│')
  } else expect(screen.rows.flatMap((row) => lines(row).slice(1))).toEqual([])
  if (size.columns === 140) expect(screen.text).toContain('读书会 · 5/5 online')
})
