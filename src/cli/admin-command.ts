import { resolve } from 'node:path'
import { formatAddress, parseAddress } from '../net/address.ts'
import { PinFolder } from '../net/files/pins.ts'
import { PrivateFileError } from '../net/files/private-file.ts'
import { SessionFolder } from '../net/files/sessions.ts'
import { isFingerprint, parseFingerprint } from '../net/fingerprint.ts'
import type { LogIn } from '../net/session.ts'
import { ChatError, messageOf } from '../protocol/errors.ts'
import { INVITE_DAYS_MAX, INVITE_USES_MAX } from '../protocol/limits.ts'
import type { Report, Row } from '../server/admin/report.ts'
import type { Asked } from '../server/admin/verb.ts'
import { FolderServedError, StoreError } from '../server/store/store-error.ts'
import { isFolderVerb, parseAdminArguments, type Wanted } from './admin/arguments.ts'
import { copied } from './admin/copy.ts'
import { reachAccount, reachServer } from './admin/online.ts'
import { jsonLines, tables } from './admin/output.ts'
import type { Reach } from './admin/reach.ts'
import { askSecret, pipedSecret } from './admin/secrets.ts'
import type { CommandLine, FlagValues, Setting } from './command-line.ts'
import { Failure, UsageError } from './errors.ts'
import { folders } from './paths.ts'
import { storeOf } from './server-settings.ts'
import { serverPlace } from './settings.ts'

/** `tchat admin VERB …`. Answers the exit code: 1 also when `verify` found something. */
export async function adminCommand({ input, values }: CommandLine): Promise<number> {
  const wanted = parseAdminArguments(input)
  checkFlags(wanted, values)
  try {
    if (wanted.verb === 'restore') return await restore(wanted.target, values)
    if (wanted.verb === 'copy') return await copy(values)
    const asked = await askedFor(wanted, values)
    const reach = await reachFor(wanted, values)
    try {
      return await carryOut(reach, wanted, asked, values)
    } finally {
      await reach.close()
    }
  } catch (error) {
    throw isForPeople(error) ? new Failure(error.message) : error
  }
}

function isForPeople(error: unknown): error is Error {
  return (
    error instanceof ChatError || error instanceof StoreError || error instanceof PrivateFileError
  )
}

/** Exports are written as they come: nobody knows how much they are. */
async function carryOut(
  reach: Reach,
  { verb }: Wanted,
  asked: Asked,
  values: FlagValues,
): Promise<number> {
  if (isFolderVerb(verb)) return 0
  const rows: Row[] = []
  const asJson = values.json === true || verb === 'export'
  let report: Report = { rows: [], next: asked.after }
  do {
    report = await reach.ask(verb, { ...asked, after: report.next })
    if (asJson) await print(jsonLines(report.rows))
    rows.push(...(asJson ? report.rows.filter((row) => 'fault' in row) : report.rows))
  } while (report.next !== '')
  if (!asJson) await print(tables(verb === 'erase' ? summed(rows) : rows))
  if (!asJson && verb === 'invite') await print(howToUse(rows, reach))
  return rows.some((row) => 'fault' in row) ? 1 : 0
}

function print(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()))
}

/** What whoever is invited needs: a code alone is pasted nowhere. */
function howToUse([row]: readonly Row[], { lineWith }: Reach): string {
  const [code, group] = [String(row?.['code']), String(row?.['group'])]
  const line = lineWith?.(group, code)
  if (line !== undefined) return `\nThey connect with:\nnpx tchat connect ${line}\n`
  return (
    `\nThey connect with a line that the server printed at its start, with the code behind it:\n` +
    `npx tchat connect tchat://HOST:PORT/${group || 'lobby'}/KEY/${code}\n`
  )
}

/** The steps of an erasure are one to people. */
function summed(rows: readonly Row[]): readonly Row[] {
  const textsBlanked = rows.reduce((sum, row) => sum + Number(row['textsBlanked']), 0)
  return [{ user: rows[0]?.['user'], textsBlanked }]
}

function checkFlags({ verb }: Wanted, values: FlagValues): void {
  const { uses, days, server, user, trust, data, store, to } = values
  if ((uses ?? days) !== undefined && verb !== 'invite') {
    throw new UsageError("--uses and --days go with 'tchat admin invite'")
  }
  checkCount(uses, INVITE_USES_MAX)
  checkCount(days, INVITE_DAYS_MAX)
  if (server !== undefined && verb === 'restore') {
    throw new UsageError(
      'restore makes a folder on this machine: it goes with --data, not --server',
    )
  }
  if (server !== undefined && verb === 'copy') {
    throw new UsageError('copy reads a folder on this machine: it goes with --data, not --server')
  }
  if (to?.from === '--to' && verb !== 'copy') {
    throw new UsageError("--to goes with 'tchat admin copy'")
  }
  if (store?.from === '--store' && verb === 'copy') {
    throw new UsageError('copy reads a data folder, and writes into the database of --to')
  }
  if (server === undefined && (user ?? trust) !== undefined) {
    throw new UsageError('--user and --trust go with --server HOST[:PORT]')
  }
  if (server !== undefined && user === undefined) {
    throw new UsageError("--server needs the name of an operator's account: --user NAME")
  }
  if (store !== undefined && verb === 'restore') {
    throw new UsageError('restore makes a data folder: what is in PostgreSQL, pg_restore restores')
  }
  if (server !== undefined && store?.from === '--store') {
    throw new UsageError('--server and --store exclude each other')
  }
  if (server !== undefined && data?.from === '--data') {
    throw new UsageError('--server and --data exclude each other')
  }
}

function checkCount(setting: Setting | undefined, most: number): void {
  if (setting === undefined) return
  const { text, from } = setting
  if (/^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return
  throw new UsageError(`${from} '${text}' is no number from 1 to ${most}`)
}

async function askedFor(
  { verb, target, value }: Wanted,
  { uses, days }: FlagValues,
): Promise<Asked> {
  if (verb === 'backup') return { target: resolve(target), value, after: '' }
  if (verb === 'invite') {
    return { target, value: `${uses?.text ?? ''} ${days?.text ?? ''}`, after: '' }
  }
  if (verb !== 'password') return { target, value, after: '' }
  return { target, value: await newPassword(target), after: '' }
}

/** Empty: the server makes one. */
async function newPassword(user: string): Promise<string> {
  if (!process.stdin.isTTY) return pipedSecret()
  const first = await askSecret(`New password of ${user} (empty: one is made): `)
  if (first !== '' && (await askSecret('The same again: ')) !== first) {
    throw new Failure('the two were different: nothing was changed')
  }
  return first
}

async function reachFor(wanted: Wanted, values: FlagValues): Promise<Reach> {
  if (values.server !== undefined) return reachByAccount(values.server.text, values)
  const { folder } = serverPlace(values)
  const store = storeOf(values)
  // The database is loaded only here.
  const { reachFolder, reachStore, reachToVerify } = await import('./admin/offline.ts')
  const { verb } = wanted
  // The folder is named for its node, the variable for all that is done here.
  const isNodes = values.data?.from === '--data' && values.store?.from !== '--store'
  try {
    if (store !== undefined && !isNodes) return await reachStore(store)
    return verb === 'verify' ? reachToVerify(folder) : await reachFolder(folder)
  } catch (error) {
    if (error instanceof FolderServedError) return reachHolder(folder, error)
    // No node has it now.
    if (store !== undefined && isNodes && error instanceof StoreError) return reachStore(store)
    throw error
  }
}

async function reachHolder(folder: string, held: FolderServedError): Promise<Reach> {
  const { address, key } = held
  // A server that is only just starting, or another command like this one.
  if (address === undefined || key === undefined || !isFingerprint(key)) throw held
  const { makeOwnerSecret } = await import('../server/admin/owner-secret.ts')
  try {
    // Who may write into the folder owns it, so a secret that was lost is made again.
    return await reachServer(address, key, makeOwnerSecret(folder))
  } catch (error) {
    throw new Failure(`the server of ${folder} cannot be reached: ${messageOf(error)}`)
  }
}

async function reachByAccount(server: string, values: FlagValues): Promise<Reach> {
  const address = orUsageError(() => parseAddress(server))
  const trust = values.trust && orUsageError(() => parseFingerprint(values.trust?.text ?? ''))
  const { state } = folders()
  const security = values.plaintext === true ? 'plaintext' : 'tls'
  const dialing = { security, pins: new PinFolder(state), trust } as const
  const name = values.user?.text ?? ''
  const password = process.env['TCHAT_PASSWORD'] ?? ''
  const kept = await new SessionFolder(state).find(formatAddress(address), name)
  if (password === '' && kept !== undefined) {
    const logIn: LogIn = { type: 'logIn', token: kept.token, device: DEVICE }
    return reachAccount(address, dialing, { logIn, logOut: false })
  }
  const logIn: LogIn = {
    type: 'logIn',
    name,
    password: password === '' ? await logInPassword(name) : password,
    device: DEVICE,
  }
  return reachAccount(address, dialing, { logIn, logOut: true })
}

const DEVICE = 'tchat admin'

async function logInPassword(name: string): Promise<string> {
  if (process.stdin.isTTY) return askSecret(`Password of ${name}: `)
  throw new Failure('no password: put it into the variable TCHAT_PASSWORD, or use a terminal')
}

async function copy(values: FlagValues): Promise<number> {
  await print(await copied(values))
  return 0
}

async function restore(file: string, values: FlagValues): Promise<number> {
  const { folder } = serverPlace(values)
  if (file === '') throw new UsageError("restore '': name the file of the backup")
  const { restoreBackup } = await import('../server/store/upkeep/restore.ts')
  const { faults, ...figures } = restoreBackup(resolve(file), folder)
  const row = { restored: folder, ...figures, faults: faults.length }
  await print(values.json === true ? jsonLines([row]) : tables([row]))
  return 0
}

function orUsageError<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error
  }
}
