import { administer } from '../../server/admin/administer.ts'
import { verdictReport } from '../../server/admin/data.ts'
import { openFolder, openShared, verifyOffline } from '../../server/admin/folder.ts'
import type { Reach } from './reach.ts'

/**
 * The data folder itself, while no server has it.
 * @throws StoreError; FolderServedError when one has
 */
export async function reachFolder(folder: string): Promise<Reach> {
  const services = await openFolder(folder)
  const context = { ...services, operator: undefined }
  return {
    ask: (verb, asked) => administer(context, verb, asked),
    close: () => services.close(),
  }
}

/** A database that several nodes share: beside those that run. @throws StoreError */
export async function reachStore(url: string): Promise<Reach> {
  const services = await openShared(url)
  const context = { ...services, operator: undefined }
  return {
    ask: (verb, asked) => administer(context, verb, asked),
    close: () => services.close(),
  }
}

/** Only to check it: nothing is written, also when much is damaged. @throws as reachFolder */
export function reachToVerify(folder: string): Reach {
  const report = verdictReport(verifyOffline(folder))
  return { ask: async () => report, close: async () => undefined }
}
