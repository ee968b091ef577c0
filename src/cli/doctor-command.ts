import type { CommandLine } from './command-line.ts'
export function doctorCommand(_: CommandLine): number {
  return 1
}
