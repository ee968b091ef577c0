import { loadConfiguration } from './client-configuration.ts'
import type { CommandLine } from './command-line.ts'
import { UsageError } from './errors.ts'
import { needTerminal } from './terminal.ts'

/** `tchat keys`: what each key press sends, and what it does. Answers the exit code. */
export async function keysCommand({ input, values }: CommandLine): Promise<number> {
  const [extra] = input
  if (extra !== undefined) throw new UsageError(`keys takes no argument, but '${extra}' was given`)
  const { configuration } = await loadConfiguration(values)
  needTerminal('keys')
  process.env['NODE_ENV'] ??= 'production'
  const [{ logKeys }, { createLook }, { wordsFor }] = await Promise.all([
    import('../ui/view/key-log.tsx'),
    import('../ui/look-of.ts'),
    import('../ui/appearance/words.ts'),
  ])
  const words = await wordsFor(configuration, process.env)
  await logKeys(process, createLook(configuration, process.env, { words }))
  return 0
}
