import type { User } from '../../protocol/messages.ts'
import type { Fingerprint } from '../fingerprint.ts'
import { removeAccount } from './account-folder.ts'
import { LastOpenFolder } from './last-open.ts'
import { removeOutbox } from './outbox-file.ts'
import { SessionFolder } from './sessions.ts'

/** An account by all that its files are found by. */
export type AccountPlace = Readonly<{
  /** `$XDG_STATE_HOME/tchat` */
  stateFolder: string
  /** HOST:PORT, as `formatAddress` writes it. */
  server: string
  /** The key that is known of the server; undefined: none is. */
  key: Fingerprint | undefined
  user: User
}>

/**
 * Removes what a session leaves behind: its token, what was open last, and the empty outbox. What a
 * person wrote stays: drafts, and what waits to be sent.
 * @throws PrivateFileError
 */
export async function removeSessionFiles(
  stateFolder: string,
  server: string,
  userName: string,
): Promise<void> {
  await new SessionFolder(stateFolder).forget(server, userName)
  await new LastOpenFolder(stateFolder).forget(server, userName)
  await removeOutbox({ stateFolder, server, userName })
}

/**
 * Removes every kind of file that an account has on this machine: after a log-out nothing tells what
 * was said there, or was about to be. Only what waits to be sent must be dropped before.
 * @throws PrivateFileError
 */
export async function removeAccountFiles(place: AccountPlace): Promise<void> {
  const { stateFolder, server, key, user } = place
  await removeSessionFiles(stateFolder, server, user.name)
  // Before its key was known the server went by its address.
  const names = key === undefined ? [server] : [server, key]
  for (const name of names) await removeAccount({ stateFolder, server: name, user: user.id })
}
