import { join } from 'node:path'
import { type Address, formatAddress } from '../address.ts'
import type { Pins } from '../dial.ts'
import { type Fingerprint, isFingerprint } from '../fingerprint.ts'
import { RecordFolder } from './record-folder.ts'

/** A server whose key is known. */
export type Pin = Readonly<{
  /** HOST:PORT */
  address: string
  fingerprint: Fingerprint
  /** When it was trusted, milliseconds since 1970. */
  time: number
}>

/** Known servers' keys, in a folder. */
export class PinFolder implements Pins {
  #records: RecordFolder<Pin>
  #now: () => number

  /** @param stateFolder `$XDG_STATE_HOME/tchat` */
  constructor(stateFolder: string, now: () => number = Date.now) {
    this.#records = new RecordFolder(join(stateFolder, 'pins'), readPin)
    this.#now = now
  }

  async find(address: Address): Promise<Fingerprint | undefined> {
    const pin = await this.#records.get(formatAddress(address))
    return pin?.fingerprint
  }

  async trust(address: Address, fingerprint: Fingerprint): Promise<void> {
    const key = formatAddress(address)
    await this.#records.set(key, { address: key, fingerprint, time: this.#now() })
  }

  async forget(address: Address): Promise<void> {
    await this.#records.remove(formatAddress(address))
  }

  /** By address. */
  async list(): Promise<readonly Pin[]> {
    const pins = await this.#records.list()
    return pins.toSorted((one, other) => one.address.localeCompare(other.address))
  }
}

/** Lasts as long as the program: for bots and tests. */
export function memoryPins(): Pins {
  const pins = new Map<string, Fingerprint>()
  return {
    find: (address) => Promise.resolve(pins.get(formatAddress(address))),
    trust: (address, fingerprint) => {
      pins.set(formatAddress(address), fingerprint)
      return Promise.resolve()
    },
  }
}

function readPin(value: unknown): Pin | undefined {
  const { address, fingerprint, time } = (value ?? {}) as Record<keyof Pin, unknown>
  if (typeof address !== 'string' || typeof fingerprint !== 'string') return undefined
  if (!isFingerprint(fingerprint)) return undefined
  return { address, fingerprint, time: typeof time === 'number' ? time : 0 }
}
