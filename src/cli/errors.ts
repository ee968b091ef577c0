/** Wrong use of the command line: one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What was asked for cannot be done: one line, exit code 1. Other errors are faults, with a stack. */
export class Failure extends Error {
  override readonly name = 'Failure'
}
