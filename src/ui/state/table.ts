/** Values in one chunk: changing one copies so many, and a list of all chunks. */
const CHUNK = 64

type Cell<V> = [key: string, value: V]
type Chunks<V> = readonly (readonly Cell<V>[])[]

/**
 * A map that is never changed, of which another one with one value more or changed is made without
 * copying it: ten thousand conversations, each message a change of one of them. Keys keep the order
 * in which they came.
 */
class Table<V> implements ReadonlyMap<string, V> {
  readonly size: number
  /** Where each key stands. Shared by tables that came of each other: what is beyond `size` is not this one's. */
  readonly #places: Map<string, number>
  readonly #chunks: Chunks<V>

  constructor(places: Map<string, number>, chunks: Chunks<V>, size: number) {
    this.#places = places
    this.#chunks = chunks
    this.size = size
  }

  static from<V>(values: Iterable<Cell<V>>): Table<V> {
    const cells = [...values]
    const places = new Map(cells.map(([key], place) => [key, place]))
    const count = Math.ceil(cells.length / CHUNK)
    const chunks = Array.from({ length: count }, (_, at) =>
      cells.slice(at * CHUNK, (at + 1) * CHUNK),
    )
    return new Table(places, chunks, cells.length)
  }

  get(key: string): V | undefined {
    const place = this.#placeOf(key)
    return place === undefined ? undefined : this.#cellAt(place)?.[1]
  }

  has(key: string): boolean {
    return this.#placeOf(key) !== undefined
  }

  with(key: string, value: V): Table<V> {
    const known = this.#placeOf(key)
    if (known !== undefined) {
      return new Table(this.#places, this.#chunksWith(known, [key, value]), this.size)
    }
    // Another table went on from this one: its keys are not for the one that is made now.
    if (this.#places.size > this.size) return Table.from(this).with(key, value)
    this.#places.set(key, this.size)
    return new Table(this.#places, this.#chunksWith(this.size, [key, value]), this.size + 1)
  }

  forEach(run: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this) run(value, key, this)
  }

  *keys(): Generator<string, undefined> {
    for (const [key] of this) yield key
    return undefined
  }

  *values(): Generator<V, undefined> {
    for (const [, value] of this) yield value
    return undefined
  }

  *entries(): Generator<[string, V], undefined> {
    for (const chunk of this.#chunks) yield* chunk
    return undefined
  }

  [Symbol.iterator](): Generator<[string, V], undefined> {
    return this.entries()
  }

  #placeOf(key: string): number | undefined {
    const place = this.#places.get(key)
    return place !== undefined && place < this.size ? place : undefined
  }

  #cellAt(place: number): Cell<V> | undefined {
    return this.#chunks[Math.floor(place / CHUNK)]?.[place % CHUNK]
  }

  #chunksWith(place: number, cell: Cell<V>): Chunks<V> {
    const at = Math.floor(place / CHUNK)
    const chunk = [...(this.#chunks[at] ?? [])]
    chunk[place % CHUNK] = cell
    const chunks = [...this.#chunks]
    chunks[at] = chunk
    return chunks
  }
}

/** `map` with that value under `key`; the map itself stays as it was. Cheap for maps that came of this. */
export function withValue<V>(
  map: ReadonlyMap<string, V>,
  key: string,
  value: V,
): ReadonlyMap<string, V> {
  const table = map instanceof Table ? (map as Table<V>) : Table.from(map)
  return table.with(key, value)
}
