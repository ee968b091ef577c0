import type { CommandLine } from './command-line.ts'
import { runInterface } from './interface.ts'
import { needTerminal } from './terminal.ts'

/** `tchat` alone: the start screen. Answers the exit code. */
export async function startCommand(_line: CommandLine): Promise<number> {
  needTerminal('start')
  return runInterface('menu')
}
