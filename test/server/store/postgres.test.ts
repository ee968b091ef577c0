import { beforeEach } from 'vitest'
import { openPostgresStore } from '../../../src/server/store/postgres/postgres.ts'
import { emptySchema, postgresIsHere } from '../../support/postgres.ts'
import { POSTGRES_LACKS } from '../../support/postgres-server.ts'
import { storeContract } from '../../support/store-contract.ts'

beforeEach(({ skip }) => skip(!postgresIsHere, POSTGRES_LACKS))

storeContract('PostgreSQL', async () => {
  const url = await emptySchema()
  return { open: (onAppended) => openPostgresStore({ url, onAppended }) }
})
