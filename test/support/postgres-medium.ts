import { openPostgresStore } from '../../src/server/store/postgres/postgres.ts'
import { emptySchema } from './postgres.ts'
import type { StoreMedium } from './store-contract.ts'

/** For the contract of stores: a schema of its own. */
export async function postgresMedium(): Promise<StoreMedium> {
  const url = await emptySchema()
  return { open: (onAppended) => openPostgresStore({ url, onAppended }) }
}
