/**
 * The store cannot be opened: for people, one line that says what is wrong, where, and what to do.
 */
export class StoreError extends Error {
  override readonly name: string = 'StoreError'
}

/** Another process serves this folder. */
export class FolderServedError extends StoreError {
  override readonly name = 'FolderServedError'
}
