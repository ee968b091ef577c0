import type { CommandLine } from '../command-line.ts'
import { UsageError } from '../errors.ts'
import { bashCompletions } from './bash.ts'
import { fishCompletions } from './fish.ts'
import { type Shell, shells } from './shells.ts'
import { type CommandWords, completionTree } from './tree.ts'
import { zshCompletions } from './zsh.ts'

const writers: Readonly<Record<Shell, (tree: readonly CommandWords[]) => string>> = {
  bash: bashCompletions,
  zsh: zshCompletions,
  fish: fishCompletions,
}

/** `tchat completions SHELL`: prints what the shell reads. Answers the exit code. */
export function completionsCommand({ input: [name = '', ...more] }: CommandLine): number {
  const shell = shells.find((one) => one === name)
  if (shell === undefined || more.length > 0) {
    throw new UsageError("for which shell? 'tchat completions bash', zsh or fish")
  }
  process.stdout.write(completionsFor(shell))
  return 0
}

/** What that shell reads to complete the words of a command line. */
export function completionsFor(shell: Shell): string {
  return writers[shell](completionTree())
}
