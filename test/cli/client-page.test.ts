import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CLIENT_PAGE, clientPage } from '../../scripts/client.ts'
import { DEFAULT_BINDINGS } from '../../src/ui/input/bindings.ts'
import { keyLabel } from '../../src/ui/input/keymap.ts'

test('docs/CLIENT.md says which keys and commands there are: npm run docs writes it', () => {
  const page = readFileSync(CLIENT_PAGE, 'utf8')
  expect(page).toBe(clientPage())
})

test('every key is in it, and no mark of one is left', () => {
  const page = clientPage()
  const labels = DEFAULT_BINDINGS.flatMap(({ keys }) => keys).map(keyLabel)
  const missing = labels.filter((label) => !page.includes(label) && !/[1-9]$/.test(label))
  expect(missing).toEqual([])
  expect(page).not.toContain('\u0002')
})
