import { join } from 'node:path'
import { nameKey } from '../../protocol/names.ts'
import { RecordFolder } from './record-folder.ts'

type LastOpen = Readonly<{ target: string }>

/** The conversation that each account of this machine had open last. */
export class LastOpenFolder {
  readonly #records: RecordFolder<LastOpen>

  /** @param stateFolder `$XDG_STATE_HOME/tchat` */
  constructor(stateFolder: string) {
    this.#records = new RecordFolder(join(stateFolder, 'open'), readLastOpen)
  }

  /** @param server HOST:PORT, as `formatAddress` writes it */
  async find(server: string, userName: string): Promise<string | undefined> {
    return (await this.#records.get(keyOf(server, userName)))?.target
  }

  async keep(server: string, userName: string, target: string): Promise<void> {
    await this.#records.set(keyOf(server, userName), { target })
  }

  async forget(server: string, userName: string): Promise<void> {
    await this.#records.remove(keyOf(server, userName))
  }
}

function keyOf(server: string, userName: string): string {
  return `${server} ${nameKey(userName)}`
}

function readLastOpen(value: unknown): LastOpen | undefined {
  const { target } = (value ?? {}) as Record<keyof LastOpen, unknown>
  return typeof target === 'string' ? { target } : undefined
}
