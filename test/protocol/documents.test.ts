import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generated } from '../../scripts/docs/generated.ts'
import { limitRows } from '../../scripts/docs/limits-table.ts'
import { errorCodes } from '../../src/protocol/errors.ts'
import { messages } from '../../src/protocol/messages.ts'

const page = read('docs/PROTOCOL.md')

test.each(Object.entries(generated))('%s is up to date (else: npm run docs)', (path, make) => {
  expect(read(path)).toBe(make())
})

test('the page names every message and its fields, every error code and every limit', () => {
  for (const [type, { fields }] of Object.entries(messages)) {
    const section = page.split(`\n### ${type}\n`)[1]?.split('\n### ')[0]
    for (const name of Object.keys(fields)) expect(section).toContain(`| \`${name}\` |`)
  }
  for (const [code, { number }] of Object.entries(errorCodes)) {
    expect(page).toContain(`| ${number} | \`${code}\` |`)
  }
  for (const { name } of limitRows()) expect(page).toContain(`| \`${name}\` |`)
})

test('every limit has a figure and says what it bounds', () => {
  expect(limitRows().length).toBeGreaterThan(15)
  for (const { name, value, meaning } of limitRows()) {
    expect(value, name).toBeGreaterThan(0)
    expect(meaning, name).not.toBe('')
  }
})

test('every link within the page has one target', () => {
  const targets = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))
  expect(targets).toEqual([...new Set(targets)])
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor)
  expect(links.length).toBeGreaterThan(50)
  expect(links.filter((anchor) => !targets.includes(anchor ?? ''))).toEqual([])
})

/** As GitHub makes anchors of headings. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-')
}

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
}
