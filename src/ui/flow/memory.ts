import { type Cache, noCache } from '../../net/cache.ts'
import { type Drafts, noDrafts } from '../../net/drafts.ts'
import type { Account } from '../../net/files/account-folder.ts'
import { openCache, removeCaches } from '../../net/files/cache-folder.ts'
import { openDrafts, removeDrafts } from '../../net/files/draft-folder.ts'
import { messageOf } from '../../protocol/errors.ts'

/** What of an account this computer remembers. */
export type Memory = Readonly<{
  cache: Cache
  drafts: Drafts
  /** Why not all of it could be used, in words for people; undefined: it can. */
  fault: string | undefined
}>

/** What a person lets this computer remember. */
export type Keeps = Readonly<{ cache: boolean; drafts: boolean }>

export const KEEPS_ALL: Keeps = { cache: true, drafts: true }

/** What may not be kept is removed; what cannot be used is done without. */
export async function openMemory(account: Account, keeps: Keeps): Promise<Memory> {
  const { stateFolder } = account
  const faults: string[] = []
  const tried = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      faults.push(messageOf(error))
      return otherwise
    }
  }
  const cache = await tried(
    () => (keeps.cache ? openCache(account) : removeCaches(stateFolder).then(() => noCache)),
    noCache,
  )
  const drafts = await tried(
    () => (keeps.drafts ? openDrafts(account) : removeDrafts(stateFolder).then(() => noDrafts)),
    noDrafts,
  )
  return { cache, drafts, fault: faults[0] }
}

/** Remembers nothing. */
export const NO_MEMORY: Memory = { cache: noCache, drafts: noDrafts, fault: undefined }
