import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openIndexFile } from '../../../src/server/store/search/index-file.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('a folder where the index should be is said, and left alone', () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'search.db', 'theirs'), { recursive: true })
  expect(() => openIndexFile(folder)).toThrow(/search\.db is a folder: move it away/)
  expect(existsSync(join(folder, 'search.db', 'theirs'))).toBe(true)
})
