import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openSqliteStore } from '../../../src/server/store/sqlite.ts'
import { storeContract } from '../../support/store-contract.ts'

storeContract('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tchat-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return { open: (onAppended) => openSqliteStore({ folder, onAppended }) }
})
