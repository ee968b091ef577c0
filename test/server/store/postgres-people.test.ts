import { beforeEach } from 'vitest'
import { postgresIsHere } from '../../support/postgres.ts'
import { postgresMedium } from '../../support/postgres-medium.ts'
import { POSTGRES_LACKS } from '../../support/postgres-server.ts'
import { storeContract } from '../../support/store-contract.ts'

beforeEach(({ skip }) => skip(!postgresIsHere, POSTGRES_LACKS))

storeContract('PostgreSQL', postgresMedium, ['people'])
