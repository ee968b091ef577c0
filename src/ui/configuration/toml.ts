import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser'

/** A value of the file and what leads to it: ['look', 'theme'], ['servers', 0, 'name']. */
export type TomlValue = Readonly<{ path: Path; value: unknown; line: number }>
/** A section's head: ['look'], ['servers', 0]. */
export type TomlHead = Readonly<{ path: Path; line: number }>
export type Path = readonly (string | number)[]

/** What is wrong in a line of the file, and what would be right. Lines count from 1. */
export type Fault = Readonly<{ line: number; text: string }>

export type Toml = Readonly<{
  values: readonly TomlValue[]
  heads: readonly TomlHead[]
  faults: readonly Fault[]
}>

/** Beyond so many broken lines nobody meant to write TOML. */
const FAULTS_MAX = 20

/**
 * Reads TOML and goes on behind what is wrong: a line that cannot be read is told and counts as
 * empty, or as what it must have meant, so that one slip costs one option.
 */
export function parseToml(text: string): Toml {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const faults: Fault[] = []
  while (faults.length < FAULTS_MAX) {
    try {
      return { ...flatten(parseTOML(lines.join('\n'))), faults }
    } catch (error) {
      if (!(error instanceof ParseError)) throw error
      const fault = faultOf(error, lines)
      faults.push(fault)
      // What is empty already cannot be what stops it.
      const line = lines[fault.line - 1] ?? ''
      if (line.trim() === '') break
      lines[fault.line - 1] = OPEN_HEAD.test(line) ? `${line}]` : ''
    }
  }
  return { values: [], heads: [], faults }
}

function flatten({ body: [top] }: AST.TOMLProgram): Omit<Toml, 'faults'> {
  const values: TomlValue[] = []
  const heads: TomlHead[] = []
  for (const node of top.body) {
    if (node.type === 'TOMLKeyValue') addPair([], node, values)
    else {
      heads.push({ path: node.resolvedKey, line: node.loc.start.line })
      for (const pair of node.body) addPair(node.resolvedKey, pair, values)
    }
  }
  return { values, heads }
}

function addPair(above: Path, { key, value }: AST.TOMLKeyValue, values: TomlValue[]): void {
  const names = key.keys.map((one) => (one.type === 'TOMLBare' ? one.name : one.value))
  addValue([...above, ...names], value, key.loc.start.line, values)
}

function addValue(path: Path, node: AST.TOMLContentNode, line: number, values: TomlValue[]): void {
  if (node.type === 'TOMLInlineTable') {
    for (const pair of node.body) addPair(path, pair, values)
  } else if (node.type === 'TOMLArray' && node.elements.some(isTable)) {
    node.elements.forEach((one, index) => {
      addValue([...path, index], one, one.loc.start.line, values)
    })
  } else {
    values.push({ path, value: getStaticTOMLValue(node), line })
  }
}

function isTable({ type }: AST.TOMLContentNode): boolean {
  return type === 'TOMLInlineTable'
}

function faultOf({ lineNumber, message }: ParseError, lines: readonly string[]): Fault {
  const before = lines[lineNumber - 2] ?? ''
  // Only behind it the parser sees that a head was not closed.
  const line = OPEN_HEAD.test(before) ? lineNumber - 1 : lineNumber
  const written = (lines[line - 1] ?? '').trim()
  for (const [pattern, words] of SLIPS) {
    const match = pattern.exec(written)
    if (match !== null && !message.includes('multiple')) return { line, text: words(match) }
  }
  const name = /^[^=\s]+/.exec(written)?.[0] ?? ''
  if (message.includes('multiple')) return { line, text: `${name} is there a second time` }
  return { line, text: `this is not TOML (${message.toLowerCase()}): ${written}` }
}

const OPEN_HEAD = /^\s*\[[^\]]*$/

/** How a line is usually wrong, and what is said about it. */
const SLIPS: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [OPEN_HEAD, ([head]) => `a section's name stands in brackets: ${head}]`],
  [
    /^(\w+[+^][^="']*?)\s*=\s*(.*)$/,
    ([, key, value]) => `a key stands in quotes: "${key}" = ${value}`,
  ],
  [
    /^([\w.-]+)\s*=\s*(?:true|yes|on)\s*(?:#.*)?$/i,
    ([, name]) => `yes is written true: ${name} = true`,
  ],
  [
    /^([\w.-]+)\s*=\s*(?:false|no|off)\s*(?:#.*)?$/i,
    ([, name]) => `no is written false: ${name} = false`,
  ],
  [
    /^([\w.-]+)\s*=\s*([^\s"'[{0-9+-][^"'#]*?)\s*(?:#.*)?$/,
    ([, name, value]) => `a text stands in quotes: ${name} = "${value}"`,
  ],
  [/^([\w.-]+)\s*=\s*(?:#.*)?$/, ([, name]) => `there is no value behind ${name} =`],
  [
    /^([\w.-]+)\s+([^=\s].*)$/,
    ([, name, value]) => `there is no = between name and value: ${name} = ${value}`,
  ],
  [/^([\w.-]+)\s*=\s*"[^"]*$/, ([written]) => `the quote at the end is missing: ${written}"`],
]
