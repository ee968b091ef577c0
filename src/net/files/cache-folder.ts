import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Contact, Entry, Head } from '../../protocol/messages.ts'
import type { Cache, CacheChange, CachedConversation } from '../cache.ts'
import { type Account, accountFolder, removeAccounts, removeFolder } from './account-folder.ts'
import { CacheIndex } from './cache-index.ts'
import { CachedLog } from './cached-log.ts'
import { FolderClaim } from './folder-claim.ts'
import { isMissing, makePrivateFolder } from './private-file.ts'

/**
 * A cache in files: one of heads and contacts, one for each conversation. One client of the account
 * writes; others on this machine read what it wrote, and the next of them follows when it is gone.
 * @throws PrivateFileError
 */
export async function openCache(account: Account): Promise<Cache> {
  const folder = accountFolder('cache', account)
  await makePrivateFolder(folder)
  const index = await CacheIndex.open(join(folder, 'index'))
  return new FolderCache(folder, index, account.user)
}

/** Removes what is kept of all accounts. @throws PrivateFileError */
export function removeCaches(stateFolder: string): Promise<void> {
  return removeAccounts('cache', stateFolder)
}

class FolderCache implements Cache {
  readonly conversations: readonly CachedConversation[]
  readonly contacts: readonly Contact[]
  readonly #folder: string
  readonly #index: CacheIndex
  readonly #me: string
  readonly #claim: FolderClaim
  readonly #logs = new Map<string, CachedLog>()
  /** What writes, reads and removes: one after the other. */
  #last: Promise<unknown> = Promise.resolve()
  #over = false

  constructor(folder: string, index: CacheIndex, me: string) {
    this.#folder = folder
    this.#index = index
    this.#me = me
    this.#claim = new FolderClaim(folder)
    this.conversations = [...index.conversations.values()]
    this.contacts = [...index.contacts.values()]
  }

  read(conversation: string): Promise<readonly Entry[]> {
    return this.#next(async () => {
      const kept = this.#index.conversations.get(conversation)?.kept ?? 0
      if (this.#over || kept === 0) return []
      const entries = await this.#log(conversation)
        .read()
        .catch(() => [])
      // Less than was told to be there: what is missing is not fetched anew.
      return (entries.at(-1)?.seq ?? 0) < kept ? [] : entries
    })
  }

  write(change: CacheChange): Promise<boolean> {
    return this.#next(async () => {
      if (this.#over) return true
      try {
        if (!(await this.#claim.take())) return false
        await this.#keep(change)
        return true
      } catch (error) {
        this.#over = true
        // What cannot follow must not be believed later.
        await removeFolder(this.#folder).catch(() => undefined)
        // Somebody removed it: another client has logged out.
        if (isMissing(error)) return true
        throw error
      }
    })
  }

  remove(): Promise<void> {
    return this.#next(async () => {
      this.#over = true
      await removeFolder(this.#folder)
    })
  }

  close(): Promise<void> {
    return this.#next(async () => {
      if (this.#over) return
      this.#over = true
      await this.#claim.release()
    })
  }

  /** Entries first: the index never tells of more than there is. */
  async #keep({ heads, entries, gone, contacts, contactsGone }: CacheChange): Promise<void> {
    for (const id of gone) await this.#forget(id)
    for (const head of heads) await this.#follow(head)
    for (const [id, more] of entries) await this.#append(id, more)
    for (const contact of contacts) this.#index.setContact(contact)
    for (const id of contactsGone) this.#index.removeContact(id)
    await this.#index.flush()
  }

  async #forget(id: string): Promise<void> {
    await this.#log(id).remove()
    this.#logs.delete(id)
    this.#index.removeConversation(id)
  }

  /** What the server has no more, or has otherwise, is not kept here either. */
  async #follow(head: Head): Promise<void> {
    const id = head.conversation
    const before = this.#index.conversations.get(id)
    let kept = before?.kept ?? 0
    if (kept > head.last) {
      await this.#log(id).remove()
      kept = 0
    }
    const first = Math.max(head.first, head.from)
    const firstBefore = Math.max(before?.head.first ?? 0, before?.head.from ?? 0)
    if (kept > 0 && before !== undefined && first > firstBefore) await this.#log(id).compact(first)
    this.#index.setConversation({ head, kept })
  }

  async #append(id: string, entries: readonly Entry[]): Promise<void> {
    const known = this.#index.conversations.get(id)
    if (known === undefined) return
    await this.#log(id).append(entries, known.kept)
    const kept = Math.max(known.kept, entries.at(-1)?.seq ?? 0)
    if (kept !== known.kept) this.#index.setConversation({ ...known, kept })
  }

  #log(conversation: string): CachedLog {
    const known = this.#logs.get(conversation)
    if (known !== undefined) return known
    const name = createHash('sha256').update(conversation).digest('hex').slice(0, 32)
    const log = new CachedLog(join(this.#folder, `${name}.log`), this.#me)
    this.#logs.set(conversation, log)
    return log
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work)
    this.#last = done.catch(() => undefined)
    return done
  }
}
