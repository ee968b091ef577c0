/** Who is connected to a node, with a digest by which two nodes can tell whether they know the same. */
export class Roll implements Iterable<string> {
  #users = new Set<string>()
  #digest = 0

  constructor(users: Iterable<string> = []) {
    for (const user of users) this.add(user)
  }

  get size(): number {
    return this.#users.size
  }

  /** Of whom there is, in whatever order they came; 32 bits. */
  get digest(): number {
    return this.#digest
  }

  has(user: string): boolean {
    return this.#users.has(user)
  }

  add(user: string): void {
    if (this.#users.has(user)) return
    this.#users.add(user)
    this.#digest = (this.#digest + hashOf(user)) >>> 0
  }

  delete(user: string): void {
    if (this.#users.delete(user)) this.#digest = (this.#digest - hashOf(user)) >>> 0
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.#users.values()
  }
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  return hash >>> 0
}
