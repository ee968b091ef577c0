import { expect, test } from 'vitest'
import { derivedReadme, readReadme } from '../../scripts/readme.ts'

test('README.md says what the program does: npm run docs writes it', () => {
  expect(readReadme()).toBe(derivedReadme(readReadme()))
})
