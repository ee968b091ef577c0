/**
 * The store cannot be opened: for people, one line that says what is wrong, where, and what to do.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}
