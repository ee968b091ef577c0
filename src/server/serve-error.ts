/** A server that cannot start: one line that says what, where and what would be right. */
export class ServeError extends Error {
  override readonly name = 'ServeError'
}
