import type { CommandLine } from './command-line.ts'
export function keysCommand(_: CommandLine): number {
  return 1
}
