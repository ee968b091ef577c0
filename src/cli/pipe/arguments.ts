import { parseTarget } from '../../net/library/target.ts'
import { type CommandName, commands, type Setting } from '../command-line.ts'
import { UsageError } from '../errors.ts'

/** @throws UsageError for what a command does not take */
export function noArguments(command: CommandName, input: readonly string[]): void {
  const [first] = input
  if (first === undefined) return
  throw new UsageError(`'${first}' is too much: ${commands[command].usage}`)
}

/** As it was written, once it can be read. @throws UsageError */
export function targetOf(text: string): string {
  try {
    parseTarget(text)
    return text
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error
  }
}

/** @throws UsageError */
export function countOf({ text, from }: Setting, most: number): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text)
  throw new UsageError(`${from} '${text}' is no number from 1 to ${most}`)
}
