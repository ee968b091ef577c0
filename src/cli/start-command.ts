import { loadConfiguration } from './client-configuration.ts'
import type { CommandLine } from './command-line.ts'
import { runInterface } from './interface.ts'
import { serverPlace } from './settings.ts'
import { needTerminal } from './terminal.ts'

/** `tchat` alone: the start screen. Answers the exit code. */
export async function startCommand({ values }: CommandLine): Promise<number> {
  const place = serverPlace(values)
  const loaded = await loadConfiguration(values)
  needTerminal('start')
  return runInterface('menu', place, loaded)
}
