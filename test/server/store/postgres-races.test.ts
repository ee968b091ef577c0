import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { INVITES_MAX } from '../../../src/protocol/limits.ts'
import { openPostgresStore } from '../../../src/server/store/postgres/postgres.ts'
import { nextTime } from '../../support/counted.ts'
import { Gate } from '../../support/gate.ts'
import { emptySchema, postgresIsHere, runSql } from '../../support/postgres.ts'
import { POSTGRES_LACKS } from '../../support/postgres-server.ts'

beforeEach(({ skip }) => skip(!postgresIsHere, POSTGRES_LACKS))

/**
 * What no key of a table keeps right, but only that writers take turns: each of two nodes has read how
 * many there are before the other has written.
 */
test('two nodes together do not let anybody have more than the limit', async () => {
  const url = await emptySchema()
  const open = async () => {
    const store = await openPostgresStore({ url, onAppended: () => undefined })
    onTestFinished(() => store.close())
    return store
  }
  const [one, other] = [await open(), await open()]
  const time = nextTime()
  const account = { name: 'ann', passwordHash: 'hash', time, joins: undefined }
  const ann = await one.createAccount(account)
  const expires = time + 1_000_000
  await runSql(
    url,
    `INSERT INTO invites (code, conversation, maker, uses, used, created, expires)
     SELECT 'code' || n, NULL, (SELECT id FROM users), 1, 0, ${time}, ${expires}
     FROM generate_series(1, ${INVITES_MAX - 1}) AS n`,
  )
  const gate = await Gate.shut(url)
  const making = Promise.allSettled(
    [one, other].map((store, at) => {
      return store.createInvite({
        by: ann.id,
        code: `new ${at}`,
        group: '',
        uses: 1,
        time,
        expires,
      })
    }),
  )
  await gate.holds(2)
  await gate.open()
  const outcomes = (await making).map((each) => {
    return each.status === 'fulfilled' ? 'made' : each.reason.code
  })
  expect(outcomes.sort()).toEqual(['made', 'tooMany'])
})
