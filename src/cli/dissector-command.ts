import type { CommandLine } from './command-line.ts'
import { head, program } from './dissector/program.ts'
import { luaTables } from './dissector/tables.ts'
import { UsageError } from './errors.ts'

/** `tchat dissector`: prints a plugin for Wireshark. Answers the exit code. @throws UsageError */
export function dissectorCommand({ input }: CommandLine): number {
  const [first] = input
  if (first !== undefined) {
    throw new UsageError(`'tchat dissector' takes no argument, but '${first}' was given`)
  }
  process.stdout.write(dissector())
  return 0
}

/** The whole plugin, in Lua. */
export function dissector(): string {
  return `${[head, luaTables(), program].join('\n\n')}\n`
}
