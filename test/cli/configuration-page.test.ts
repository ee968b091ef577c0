import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CONFIGURATION_PAGE, configurationPage } from '../../scripts/configuration.ts'

test('docs/CONFIGURATION.md says what the program reads: npm run docs writes it', () => {
  expect(readFileSync(CONFIGURATION_PAGE, 'utf8')).toBe(configurationPage())
})
