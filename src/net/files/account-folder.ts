import { createHash } from 'node:crypto'
import { rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { using } from './private-file.ts'

/** Whose files these are: an account is known by the server's key and the user's id. */
export type Account = Readonly<{
  /** `$XDG_STATE_HOME/tchat` */
  stateFolder: string
  /** Fingerprint of the server's key; HOST:PORT where no key must be known. */
  server: string
  /** The user's id. */
  user: string
}>

const kinds = ['cache', 'drafts'] as const

type Kind = (typeof kinds)[number]

export function accountFolder(kind: Kind, account: Account): string {
  const { stateFolder, server, user } = account
  const key = createHash('sha256').update(`${server} ${user}`).digest('hex')
  return join(stateFolder, kind, key.slice(0, 32))
}

/** Removes what is kept of that account, of every kind. @throws PrivateFileError */
export async function removeAccount(account: Account): Promise<void> {
  for (const kind of kinds) await removeFolder(accountFolder(kind, account))
}

/** Removes what is kept of all accounts. @throws PrivateFileError */
export function removeAccounts(kind: Kind, stateFolder: string): Promise<void> {
  const folder = join(stateFolder, kind)
  return using(folder, rm(folder, { recursive: true, force: true }))
}

/** Removes the folder and all that is in it, and the one around it when that was the last. */
export async function removeFolder(folder: string): Promise<void> {
  await using(folder, rm(folder, { recursive: true, force: true }))
  await removeIfEmpty(dirname(folder))
}

export async function removeIfEmpty(folder: string): Promise<void> {
  // Others may have put something there, or removed it.
  await rmdir(folder).catch(() => undefined)
}
