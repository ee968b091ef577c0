/** A server that cannot start: one line that says what, where and what would be right. */
export class ServeError extends Error {
  override readonly name: string = 'ServeError'
}

/** Another port would do. */
export class PortTakenError extends ServeError {
  override readonly name = 'PortTakenError'
}
