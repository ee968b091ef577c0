import { readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { ChatError } from '../../../protocol/errors.ts'
import { prepare } from '../statements.ts'

/** So long a look is good for, and when there is little room left: a fast disk takes 50 MB a second. */
const LOOK_MS = 20
const NEAR_LOOK_MS = 2
/** Little: so many times the reserve. */
const NEAR = 4
/** Free bytes of the disk below which nothing new is taken: for what is still to be written. */
const DISK_RESERVE_BYTES = 64 * 1_048_576
/** Of the most that the folder may have: so much before it nothing new is taken. */
const RESERVE_SHARE = 1 / 16
const RESERVE_BYTES_MAX = 32 * 1_048_576
/** New things are taken again when there is half as much room again as the reserve. */
const ENOUGH = 1.5
/** A longer write-ahead log is cut when there is no room. */
const WAL_BYTES = 1_048_576

/** What keeps new entries, accounts and groups out. */
export interface RoomCheck {
  /** @throws ChatError storageFull */
  check(): void
}

export const unlimitedRoom: RoomCheck = { check: () => {} }

/** Bytes that the data folder takes, and that its disk has free. */
export type Usage = Readonly<{ used: number; free: number }>

/** That it became full, or is no longer. `needed`: bytes to be freed until it is no longer. */
export type RoomChange = Usage &
  Readonly<{ full: boolean; because: 'maxDisk' | 'disk'; needed: number }>

export type RoomOptions = Readonly<{
  /** The most bytes that the folder may take; undefined: as many as there are. */
  maxBytes: number | undefined
  usage: () => Usage
  /** Makes the folder smaller where that costs nothing. */
  shrink: () => void
  monotonic: () => number
}>

/**
 * Whether there is room for more. Deletions, cursors and reads go on without; for them there is a
 * reserve.
 */
export class Room implements RoomCheck {
  #options: RoomOptions
  #full: RoomChange | undefined
  #nextLook = Number.NEGATIVE_INFINITY

  constructor(options: RoomOptions) {
    this.#options = options
  }

  check(): void {
    if (this.#full === undefined) return
    throw new ChatError('storageFull')
  }

  /** Once for many calls; cheap when the last look was just before. Answers what has changed. */
  look(): RoomChange | undefined {
    const time = this.#options.monotonic()
    if (time < this.#nextLook) return undefined
    const before = this.#options.usage()
    this.#nextLook = time + (this.#tight(before, NEAR) === undefined ? LOOK_MS : NEAR_LOOK_MS)
    const was = this.#full !== undefined
    if (!was && this.#tight(before, 1) === undefined) return undefined
    this.#options.shrink()
    const usage = this.#options.usage()
    const because = this.#tight(usage, was ? ENOUGH : 1)
    if ((because !== undefined) === was) return undefined
    const change = {
      ...usage,
      full: !was,
      because: because ?? this.#full?.because ?? 'disk',
      needed: Math.ceil(this.#lacking(usage, ENOUGH)),
    }
    this.#full = because === undefined ? undefined : change
    return change
  }

  /** What leaves less than the reserve, so many times. */
  #tight({ used, free }: Usage, times: number): RoomChange['because'] | undefined {
    if (this.#lackingInFolder(used, times) > 0) return 'maxDisk'
    return free < DISK_RESERVE_BYTES * times ? 'disk' : undefined
  }

  /** Bytes until there is the reserve, so many times. */
  #lacking({ used, free }: Usage, times: number): number {
    return Math.max(this.#lackingInFolder(used, times), DISK_RESERVE_BYTES * times - free, 0)
  }

  #lackingInFolder(used: number, times: number): number {
    const { maxBytes } = this.#options
    if (maxBytes === undefined) return 0
    const reserve = Math.min(maxBytes * RESERVE_SHARE, RESERVE_BYTES_MAX)
    return used - (maxBytes - reserve * times)
  }
}

/** The room of a data folder with that database. */
export function roomIn(folder: string, db: DatabaseSync, maxBytes: number | undefined): Room {
  const pages = prepare<{ page_count: number }>(db, 'PRAGMA page_count')
  const free = prepare<{ freelist_count: number }>(db, 'PRAGMA freelist_count')
  const size = prepare<{ page_size: number }>(db, 'PRAGMA page_size').get()?.page_size ?? 0
  const usage = () => {
    // Free pages are used again before the file grows; pages in the write-ahead log count here, too.
    const inDatabase = ((pages.get()?.page_count ?? 0) - (free.get()?.freelist_count ?? 0)) * size
    try {
      return { used: inDatabase + bytesBeside(folder), free: bytesFree(folder) }
    } catch {
      // A file system that does not tell.
      return { used: inDatabase, free: Number.POSITIVE_INFINITY }
    }
  }
  const shrink = () => {
    if (sizeOf(join(folder, 'tchat.db-wal')) <= WAL_BYTES) return
    try {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // A disk that is full to the last byte: then it stays as long as it is.
    }
  }
  return new Room({ maxBytes, usage, shrink, monotonic: () => performance.now() })
}

/** Of all files of the folder but the database. */
function bytesBeside(folder: string): number {
  const files = readdirSync(folder).filter((file) => file !== 'tchat.db')
  return files.reduce((sum, file) => sum + sizeOf(join(folder, file)), 0)
}

function bytesFree(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** 0 for one that has just gone. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
