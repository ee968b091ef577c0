import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dissector } from '../../src/cli/dissector-command.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Whether there is a tshark that runs plugins in Lua. */
export const tsharkIsHere = / with Lua/.test(
  `${spawnSync('tshark', ['--version']).stdout}`.replaceAll('\n', ' '),
)
export const TSHARK_LACKS = 'needs tshark with Lua (Debian: tshark): see .ci/run'

/** Between the values of one field. */
const BETWEEN = '|'

/** What tshark with the dissector sees in a capture: for each packet the values of these fields. */
export function dissected(
  capture: Buffer,
  fields: readonly string[],
  more: readonly string[] = [],
): readonly Readonly<Record<string, readonly string[]>>[] {
  const folder = temporaryFolder()
  const file = join(folder, 'capture.pcap')
  const plugin = join(folder, 'tchat.lua')
  writeFileSync(file, capture)
  writeFileSync(plugin, dissector())
  const shown = fields.flatMap((field) => ['-e', field])
  const format = ['-T', 'fields', '-E', 'occurrence=a', '-E', `aggregator=${BETWEEN}`]
  const args = ['-X', `lua_script:${plugin}`, '-r', file, ...format, ...shown, ...more]
  const options = { maxBuffer: 64 * 1_048_576, env: { ...process.env, HOME: folder } }
  const { stdout, stderr, status } = spawnSync('tshark', args, options)
  const faults = `${stderr}`.split('\n').filter((line) => !/^$|^Running as user/.test(line))
  if (status !== 0 || faults.length > 0) throw new Error(`tshark: ${status} ${faults.join('\n')}`)
  const lines = `${stdout}`.split('\n').slice(0, -1)
  return lines.map((line) => {
    const values = line.split('\t').map((value) => (value === '' ? [] : value.split(BETWEEN)))
    return Object.fromEntries(fields.map((field, at) => [field, values[at] ?? []]))
  })
}
