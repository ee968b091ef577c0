import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { ServeError } from '../../serve-error.ts'
import { makeFile } from '../folder.ts'

/**
 * All nodes of a server show one key and know one operator's secret: they are in the database, and
 * each node has copies in its folder.
 */
const NAMES: readonly string[] = ['tls.pem', 'operator.secret']
/** Two nodes that start at once make them once. Any number that nothing else locks. */
const LOCK = 0x74636877

/**
 * Puts what the other nodes have into the folder, lets `make` make what is missing there, and shares
 * that. @throws ServeError when the folder has others
 */
export async function withSharedFiles<T>(
  url: string,
  folder: string,
  make: () => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'tchat' })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    await client.query(TABLE)
    const { rows } = await client.query<Shared>('SELECT name, content FROM server_files')
    for (const shared of rows) copy(shared, folder)
    const made = await make()
    await shareAll(client, folder)
    return made
  } finally {
    await client.end()
  }
}

const TABLE =
  'CREATE TABLE IF NOT EXISTS server_files (name text PRIMARY KEY, content bytea NOT NULL)'

/** What a folder has of them is in the database before the first node starts. */
export async function shareFiles(client: Client, folder: string): Promise<void> {
  await client.query(TABLE)
  await shareAll(client, folder)
}

type Shared = Readonly<{ name: string; content: Buffer }>

function copy({ name, content }: Shared, folder: string): void {
  const path = join(folder, name)
  if (!existsSync(path)) return writeFileSync(makeFile(path), content)
  if (readFileSync(path).equals(content)) return
  throw new ServeError(
    `${path} is another server's than the one in the database: choose another folder with --data, ` +
      'or move the file away for that of the database',
  )
}

async function shareAll(client: Client, folder: string): Promise<void> {
  for (const name of NAMES) await share(client, folder, name)
}

async function share(client: Client, folder: string, name: string): Promise<void> {
  const path = join(folder, name)
  if (!existsSync(path)) return
  await client.query('INSERT INTO server_files VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    name,
    readFileSync(path),
  ])
}
