import { parseAddress } from '../../net/address.ts'
import { messageOf } from '../../protocol/errors.ts'
import { nameFault } from '../../protocol/names.ts'
import { didYouMean } from '../../protocol/near-word.ts'
import { checkBinding, normalBindings } from '../input/rebinding.ts'
import {
  type Configuration,
  defaults,
  fileName,
  type Option,
  options,
  type SectionName,
  type ServerProfile,
  serverOptions,
} from './options.ts'
import {
  type Fault,
  type Path,
  parseToml,
  type Toml,
  type TomlHead,
  type TomlValue,
} from './toml.ts'
import { readValue } from './values.ts'

/** What a file says. Where it is wrong the default holds; the faults stand in the file's order. */
export type Reading = Readonly<{ configuration: Configuration; faults: readonly Fault[] }>

type Rows = Readonly<Record<string, Option>>
type Found = Record<string, unknown>

const SERVERS = 'servers'

/** Reads the text of a configuration file. Never throws for what stands in it. */
export function readConfiguration(text: string): Reading {
  const toml = parseToml(text)
  const faults = [...toml.faults]
  const complain = (line: number, words: string): void => {
    faults.push({ line, text: words })
  }
  const values = placedValues(toml, complain)
  const sections = Object.entries(options).map(([name, rows]) => {
    const found = readSection(name, rows, values, complain)
    return [name, { ...defaults[name as SectionName], ...found }] as const
  })
  const servers = readServers(values, toml.heads, complain)
  faults.sort((one, other) => one.line - other.line)
  const configuration = { ...Object.fromEntries(sections), servers } as unknown as Configuration
  return { configuration, faults }
}

type Complain = (line: number, words: string) => void

const sectionNames: readonly string[] = [...Object.keys(options), SERVERS]

/** The values in sections that there are. Of a section that is wrong only the head is told. */
function placedValues({ heads, values }: Toml, complain: Complain): readonly TomlValue[] {
  const wrong = heads.flatMap(({ path, line }) => {
    const fault = headFault(path)
    if (fault === undefined) return []
    complain(line, fault)
    return [path]
  })
  return values.filter(({ path, line }) => {
    if (wrong.some((head) => head.every((name, index) => path[index] === name))) return false
    if (sectionNames.includes(String(path[0]))) return true
    complain(line, homeless(String(path[0])))
    return false
  })
}

function headFault([section, name]: Path): string | undefined {
  if (section === SERVERS) {
    if (typeof name === 'number') return undefined
    return 'each server has a section [[servers]] of its own'
  }
  if (!sectionNames.includes(String(section))) {
    return `there is no section [${section}]${didYouMean(String(section), sectionNames)}`
  }
  if (name === undefined || (section === 'keys' && name === 'bind')) return undefined
  return `[${section}] has no section ${name}`
}

function homeless(name: string): string {
  const home = Object.entries<Rows>(options).find(([, rows]) =>
    Object.keys(rows).some((row) => fileName(row) === name),
  )
  const where = home === undefined ? '' : `: it belongs below [${home[0]}]`
  return `${name} stands in no section${where}`
}

function readSection(
  section: string,
  rows: Rows,
  values: readonly TomlValue[],
  complain: Complain,
): Found {
  const found: Found = {}
  const own: Readonly<{ key: string; action: unknown; line: number }>[] = []
  for (const { path, value, line } of values) {
    if (path[0] !== section) continue
    const name = String(path[1] ?? '')
    if (section === 'keys' && name === 'bind' && path.length === 3) {
      own.push({ key: String(path[2]), action: value, line })
      continue
    }
    const row = Object.entries(rows).find(([each]) => fileName(each) === name)
    if (row === undefined || path.length !== 2) {
      complain(line, unknownOption(section, path.slice(1).join('.'), rows))
      continue
    }
    const read = readValue(row[1], value)
    if ('fault' in read) complain(line, `${section}.${name}: ${read.fault}`)
    else found[row[0]] = read.value
  }
  if (own.length > 0) found['bind'] = readBindings(own, complain)
  return found
}

function unknownOption(section: string, name: string, rows: Rows): string {
  const known = Object.keys(rows).map(fileName)
  const elsewhere = Object.entries<Rows>(options).find(
    ([, others]) => others !== rows && Object.keys(others).some((each) => fileName(each) === name),
  )
  const where =
    elsewhere === undefined ? didYouMean(name, known) : `: it belongs below [${elsewhere[0]}]`
  return `[${section}] has no option ${name}${where}`
}

/** Keys as the keymap names them → actions; two lines for one key are a conflict. */
function readBindings(
  own: readonly Readonly<{ key: string; action: unknown; line: number }>[],
  complain: Complain,
): Readonly<Record<string, string>> {
  const lines = new Map<string, number>()
  const bindings: Record<string, string> = {}
  for (const { key, action, line } of own) {
    const checked = checkBinding(key, action)
    if ('fault' in checked) {
      complain(line, `keys.bind: ${checked.fault}`)
      continue
    }
    const before = lines.get(checked.key)
    if (before !== undefined) {
      complain(line, `keys.bind: "${key}" is the key of line ${before}, too: that one holds`)
      continue
    }
    lines.set(checked.key, line)
    bindings[checked.key] = checked.action
  }
  const { bindings: kept, faults } = normalBindings(bindings)
  for (const { key, text } of faults) complain(lines.get(key) ?? 1, `keys.bind: ${text}`)
  return kept
}

function readServers(
  values: readonly TomlValue[],
  heads: readonly TomlHead[],
  complain: Complain,
): readonly ServerProfile[] {
  const servers = new Map<number, Readonly<{ line: number; found: Found }>>()
  const at = (index: number, line: number): Found => {
    const known = servers.get(index) ?? { line, found: {} }
    servers.set(index, known)
    return known.found
  }
  for (const { path, line } of heads) {
    if (path[0] === SERVERS && typeof path[1] === 'number') at(path[1], line)
  }
  for (const { path, value, line } of values) {
    const [section, index, name] = path
    if (section !== SERVERS || typeof index !== 'number') continue
    const isOption = path.length === 3 && Object.hasOwn(serverOptions, String(name))
    const option = isOption ? (serverOptions as Rows)[String(name)] : undefined
    const read =
      option === undefined
        ? {
            fault: `a server has no ${name}${didYouMean(String(name), Object.keys(serverOptions))}`,
          }
        : readServerValue(String(name), option, value)
    if ('fault' in read) complain(line, read.fault)
    at(index, line)[String(name)] = 'fault' in read ? undefined : read.value
  }
  return wholeServers([...servers.values()], complain)
}

function readServerValue(name: string, option: Option, value: unknown) {
  const read = readValue(option, value)
  const fault = 'fault' in read ? read.fault : serverFaults[name]?.(String(read.value))
  return fault === undefined ? read : { fault: `servers.${name}: ${fault}` }
}

const serverFaults: Readonly<Record<string, (text: string) => string | undefined>> = {
  name: (text) =>
    /^[^\s/:]+$/.test(text) ? undefined : `"${text}": one word without / and : is wanted`,
  address: (text) => {
    try {
      parseAddress(text)
      return undefined
    } catch (error) {
      return messageOf(error)
    }
  },
  user: (text) => (text === '' ? undefined : nameFault(text)),
}

const WITH_ARTICLE: Readonly<Record<string, string>> = { name: 'a name', address: 'an address' }

function wholeServers(
  servers: readonly Readonly<{ line: number; found: Found }>[],
  complain: Complain,
): readonly ServerProfile[] {
  const seen = new Set<unknown>()
  return servers.flatMap(({ line, found }) => {
    const { name, address, user = '' } = found
    const missing = ['name', 'address'].find((wanted) => !Object.hasOwn(found, wanted))
    if (missing !== undefined)
      complain(line, `this server needs ${WITH_ARTICLE[missing]} to be used`)
    // What is there and wrong was told already.
    if (typeof name !== 'string' || typeof address !== 'string') return []
    if (seen.has(name)) complain(line, `another server is called ${name} already: that one holds`)
    if (seen.has(name)) return []
    seen.add(name)
    return [{ name, address, user: String(user) }]
  })
}
