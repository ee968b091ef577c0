import { expect, test } from 'vitest'
import { administer } from '../../../src/server/admin/administer.ts'
import { openShared } from '../../../src/server/admin/folder.ts'
import type { AdminVerb } from '../../../src/server/admin/verb.ts'
import type { Services } from '../../../src/server/services.ts'
import { startNodes } from '../../support/nodes.ts'
import { emptySchema, postgresIsHere } from '../../support/postgres.ts'
import { POSTGRES_LACKS } from '../../support/postgres-server.ts'
import { serveHere } from '../../support/sockets.ts'

/** What the owner of the data is told. */
async function told(services: Services, verb: AdminVerb): Promise<readonly unknown[]> {
  const context = { ...services, operator: undefined }
  return (await administer(context, verb, { target: '', value: '', after: '' })).rows
}

test('who is online is counted at all nodes, each user once, and for the node that is asked', async () => {
  const nodes = await startNodes(3)
  const [one, other, third] = nodes.servers
  if (!one || !other || !third) throw new Error('too few')
  await one.register('ann')
  await other.register('bob')
  await third.logIn('bob')
  await third.logIn('ann')
  await other.register('cleo')
  await nodes.pass(3)
  const at = async ({ services }: typeof one) => (await told(services, 'status'))[0]
  expect(await at(one)).toMatchObject({ online: 3, onlineHere: 1, nodes: 3 })
  expect(await at(third)).toMatchObject({ online: 3, onlineHere: 2, nodes: 3 })
  expect(await told(one.services, 'users')).toMatchObject([
    { user: 'ann', online: true },
    { user: 'bob', online: true },
    { user: 'cleo', online: true },
  ])
})

test('a node that hears of no other one says that it does not know who is online', async () => {
  const nodes = await startNodes(1)
  const [one] = nodes.servers
  if (one === undefined) throw new Error('none')
  await one.register('ann')
  const bob = await one.register('bob')
  await bob.ask({ type: 'logOut' })
  const services = { ...one.services, busIsUp: () => false }
  expect(await told(services, 'status')).toMatchObject([{ online: 'unknown', onlineHere: 1 }])
  expect(await told(services, 'users')).toMatchObject([
    { user: 'ann', online: true },
    { user: 'bob', online: 'unknown' },
  ])
})

test('who asks the database beside its nodes is not told that nobody is online', async ({
  skip,
}) => {
  skip(!postgresIsHere, POSTGRES_LACKS)
  const url = await emptySchema()
  await serveHere({ store: url })
  const beside = await openShared(url)
  expect(await told(beside, 'status')).toMatchObject([{ online: 'unknown', onlineHere: 0 }])
  await beside.close()
})
