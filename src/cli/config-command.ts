import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { defaultFile } from '../ui/configuration/default-file.ts'
import { faultLine, loadConfiguration } from './client-configuration.ts'
import type { CommandLine } from './command-line.ts'
import { UsageError } from './errors.ts'
import { quoted } from './quoted.ts'

/**
 * `tchat config`: where the file is, and every fault of it; with `--defaults` a file with all options.
 * Answers 0, or 1 where the file is wrong.
 */
export async function configCommand({ input, values }: CommandLine): Promise<number> {
  const [extra] = input
  if (extra !== undefined)
    throw new UsageError(`config takes no argument, but '${extra}' was given`)
  if (values.defaults === true) {
    process.stdout.write(defaultFile())
    return 0
  }
  const { file, exists, faults } = await loadConfiguration(values)
  process.stdout.write(`${file}\n`)
  if (!exists) {
    process.stderr.write(
      `there is no such file yet; this makes one with every option: ${making(file)}\n`,
    )
  }
  for (const fault of faults) process.stderr.write(`${faultLine(file, fault)}\n`)
  return faults.length === 0 ? 0 : 1
}

/** What one types to a shell, in a folder with blanks in its name, too. */
function making(file: string): string {
  const folder = dirname(file)
  const first = existsSync(folder) ? '' : `mkdir -p ${shellWord(folder)} && `
  return `${first}tchat config --defaults > ${shellWord(file)}`
}

function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : quoted(path)
}
