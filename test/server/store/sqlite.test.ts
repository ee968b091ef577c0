import { openSqliteStore } from '../../../src/server/store/sqlite.ts'
import { storeContract } from '../../support/store-contract.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

storeContract('SQLite', () => {
  const folder = temporaryFolder()
  return { open: (onAppended) => openSqliteStore({ folder, onAppended }) }
})
