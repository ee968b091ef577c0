import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const FOLDERS = /^(src|test|docs|bench|scripts|examples|cli|net|protocol|server|ui)\//

const DOCUMENTS = [
  'README.md',
  'DEVELOPMENT.md',
  'docs/ARCHITECTURE.md',
  'docs/LIBRARY.md',
  'docs/CLIENT.md',
  'docs/CONFIGURATION.md',
  'docs/OPERATIONS.md',
  'docs/PRIVACY.md',
]

describe.each(DOCUMENTS)('%s', (document) => {
  const text = readFileSync(document, 'utf8')

  test('names files and folders that exist', () => {
    const named = [...text.matchAll(/`([\w./-]+)`/g)].map(([, name = '']) => name)
    const paths = named.filter((name) => FOLDERS.test(name))
    expect(paths.filter((path) => !isThere(path))).toEqual([])
  })

  test('links to pages that exist', () => {
    const folder = document.includes('/') ? 'docs/' : ''
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link)
    expect(links.filter((link) => !existsSync(folder + link))).toEqual([])
  })

  test('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }
    const named = [...text.matchAll(/npm run ([\w-]+)/g)].map(([, name = '']) => name)
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
  })
})

test('the documents name enough for these tests to mean something', () => {
  const text = readFileSync('docs/ARCHITECTURE.md', 'utf8')
  expect([...text.matchAll(/`((net|server|ui)\/[\w./-]+)`/g)].length).toBeGreaterThan(12)
})

/** A path below the checkout or below src, with or without its ending. */
function isThere(path: string): boolean {
  const places = [path, `src/${path}`]
  return places.some((place) =>
    ['', '.ts', '.tsx'].some((ending) => existsSync(`${place.replace(/\/$/, '')}${ending}`)),
  )
}

test('the table of the profile readline has the key that means something else only while one writes', () => {
  const page = readFileSync('docs/CONFIGURATION.md', 'utf8')
  const [, table = ''] = page.split('What the profile `readline` changes')
  expect(table).toContain(
    '| go to anyone, any group | `Ctrl-G, Ctrl-X g, Ctrl-K` | `Ctrl-G, Ctrl-X g` |',
  )
})
