import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { derivedReadme, readReadme } from '../../scripts/readme.ts'

test('README.md says what the program does: npm run docs writes it', () => {
  expect(readReadme()).toBe(derivedReadme(readReadme()))
})

test('README.md gives a reason for every package that is installed or built in, and for no other', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: Readonly<Record<string, string>>
    devDependencies: Readonly<Record<string, string>>
  }
  const [, table = ''] =
    /^## What it depends on\n([\s\S]*?)^What Node has/m.exec(readReadme()) ?? []
  const rows = [...table.matchAll(/^\| (?!package|---)([^|]+) \| (.+) \|$/gm)]
  const named = rows.flatMap(([, names = '']) => names.split(', '))
  expect(named.toSorted()).toEqual([...Object.keys(dependencies), ...BUILT_IN].toSorted())
  expect(Object.keys(devDependencies)).toEqual(expect.arrayContaining([...BUILT_IN]))
})

/** The program has these in it: they are not installed with the package. */
const BUILT_IN = ['ink', 'ink-text-input', 'meow', 'react', 'string-width']
