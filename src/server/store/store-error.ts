/**
 * The store cannot be opened: for people, one line that says what is wrong, where, and what to do.
 */
export class StoreError extends Error {
  override readonly name: string = 'StoreError'
}

/** Another process serves this folder. */
export class FolderServedError extends StoreError {
  override readonly name = 'FolderServedError'
  /** HOST:PORT where that one is found on this machine, once it listens. */
  readonly address: string | undefined
  /** Fingerprint of the key that it shows there. */
  readonly key: string | undefined

  constructor(text: string, address: string | undefined, key: string | undefined) {
    super(text)
    this.address = address
    this.key = key
  }
}
