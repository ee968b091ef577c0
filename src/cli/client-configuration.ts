import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { cleanText } from '../protocol/clean.ts'
import { messageOf } from '../protocol/errors.ts'
import {
  type Configuration,
  defaults,
  type Option,
  options,
  type SectionName,
} from '../ui/configuration/options.ts'
import type { Fault } from '../ui/configuration/toml.ts'
import type { FlagName, FlagValues, Setting } from './command-line.ts'
import { UsageError } from './errors.ts'
import { folders } from './paths.ts'

/** What holds for this run: the file, and the flags and variables over it. */
export type ClientConfiguration = Readonly<{
  configuration: Configuration
  /** Where the file is, or would be. */
  file: string
  exists: boolean
  /** What is wrong in it; there the defaults hold. */
  faults: readonly Fault[]
}>

const FILE = 'config.toml'

/** Flags and variables that say what an option says. */
const OVERRIDES: readonly Readonly<{
  flag: FlagName
  section: SectionName
  option: string
  /** Of a flag without a value: what it sets the option to. */
  value?: unknown
}>[] = [
  { flag: 'theme', section: 'look', option: 'theme' },
  { flag: 'colours', section: 'look', option: 'colours' },
  { flag: 'lang', section: 'look', option: 'language' },
  { flag: 'ascii', section: 'look', option: 'ascii', value: 'on' },
  { flag: 'keymap', section: 'keys', option: 'profile' },
  { flag: 'noCache', section: 'privacy', option: 'cache', value: false },
]

/**
 * A file that is wrong or cannot be read stops nothing, since who wants to chat wants that first; but
 * a file that was named must be there.
 * @throws UsageError
 */
export async function loadConfiguration(values: FlagValues): Promise<ClientConfiguration> {
  const { config } = values
  const file = config === undefined ? join(folders().config, FILE) : resolve(config.text)
  const loaded = await readFileOf(file, config)
  return { ...loaded, configuration: await overridden(loaded.configuration, values) }
}

async function readFileOf(file: string, named: Setting | undefined): Promise<ClientConfiguration> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (named !== undefined) {
      throw new UsageError(`${named.from} '${named.text}' cannot be read: ${messageOf(error)}`)
    }
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const fault = { line: 0, text: `it cannot be read: ${messageOf(error)}` }
    const faults = missing ? [] : [fault]
    return { configuration: defaults, file, exists: !missing, faults }
  }
  // Most people have no file: what reads it is loaded for those who do.
  const { readConfiguration } = await import('../ui/configuration/reader.ts')
  return { ...readConfiguration(text), file, exists: true }
}

/** @throws UsageError that names the flag or variable */
async function overridden(
  configuration: Configuration,
  values: FlagValues,
): Promise<Configuration> {
  let result = configuration
  for (const { flag, section, option, value } of OVERRIDES) {
    const given = values[flag]
    if (given === undefined) continue
    const set = value ?? (await overrideOf(given as Setting, section, option))
    result = { ...result, [section]: { ...result[section], [option]: set } }
  }
  return result
}

async function overrideOf(
  { text, from }: Setting,
  section: SectionName,
  option: string,
): Promise<unknown> {
  const { readText } = await import('../ui/configuration/values.ts')
  const rows: Readonly<Record<string, Option>> = options[section]
  const row = rows[option]
  if (row === undefined) throw new Error(`no option ${section}.${option}`)
  const read = readText(row, text)
  if ('fault' in read) throw new UsageError(`${from}: ${read.fault}`)
  return read.value
}

/** A fault as people and programs know it: 'FILE:LINE: what is wrong'. It may quote what stands there. */
export function faultLine(file: string, { line, text }: Fault): string {
  const said = cleanText(text).replace(/\s+/g, ' ')
  return line === 0 ? `${file}: ${said}` : `${file}:${line}: ${said}`
}
