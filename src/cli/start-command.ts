import { loadConfiguration } from './client-configuration.ts'
import type { CommandLine } from './command-line.ts'
import { runInterface } from './interface.ts'
import { lastStart, runLineHere } from './line-command.ts'
import { serverPlace } from './settings.ts'
import { isDumbTerminal, needTerminal } from './terminal.ts'

/**
 * `tchat` alone: the start screen; where there is no screen, line by line to where one was last. Answers the
 * exit code.
 */
export async function startCommand({ values }: CommandLine): Promise<number> {
  const place = serverPlace(values)
  const loaded = await loadConfiguration(values)
  const last = isDumbTerminal() ? await lastStart(undefined) : undefined
  if (last !== undefined) return runLineHere(last, loaded)
  needTerminal('start')
  return runInterface('menu', place, loaded)
}
