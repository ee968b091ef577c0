import type { CommandName } from './command-line.ts'
import { UsageError } from './errors.ts'

/** A terminal that only knows lines, like an editor's or one behind a screen reader. */
export function isDumbTerminal(): boolean {
  return process.stdin.isTTY && process.env['TERM'] === 'dumb'
}

/** @throws UsageError unless a person sits at a terminal */
export function needTerminal(command: CommandName): void {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY
  if (isTerminal && process.env['TERM'] !== 'dumb') return
  const why = isTerminal
    ? 'this terminal (TERM=dumb) cannot show a full screen'
    : 'this needs a terminal for input and output'
  const otherwise = command === 'keys' ? '' : "; 'tchat connect --line HOST[:PORT]' needs none"
  throw new UsageError(`${why}${otherwise}`)
}
