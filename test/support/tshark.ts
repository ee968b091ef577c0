import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { dissector } from '../../src/cli/dissector-command.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Whether there is a tshark that runs plugins in Lua. */
export const tsharkIsHere = / with Lua/.test(
  `${spawnSync('tshark', ['--version']).stdout}`.replaceAll('\n', ' '),
)
export const TSHARK_LACKS = 'needs tshark with Lua (Debian: tshark): see .ci/run'

/** Whether this user may see what goes over loopback. */
export const mayCapture = spawnSync('dumpcap', ['-i', 'lo', '-L']).status === 0
export const CAPTURE_LACKS =
  'needs dumpcap (Debian: tshark), root or its group, and the interface lo'

/** What really goes over loopback, to and from a port, from when this has resolved. */
export async function captured(port: number): Promise<Captured> {
  const file = join(temporaryFolder(), 'capture.pcapng')
  const args = ['-q', '-i', 'lo', '-f', `tcp port ${port}`, '-w', file]
  const dumpcap = spawn('dumpcap', args, { stdio: 'ignore' })
  const ended = once(dumpcap, 'close')
  onTestFinished(() => {
    dumpcap.kill('SIGKILL')
  })
  const bytes = () => (existsSync(file) ? readFileSync(file) : Buffer.alloc(0))
  // It captures when it has seen somebody knock.
  await expect.poll(() => knock(port).then(() => bytes().includes(LOOPBACK_IP))).toBe(true)
  return {
    bytes,
    stop: async () => {
      dumpcap.kill('SIGINT')
      await ended
      return bytes()
    },
  }
}

type Captured = Readonly<{
  /** What is in the file by now. */
  bytes: () => Buffer
  /** Ends it; the whole file. */
  stop: () => Promise<Buffer>
}>

/** From 127.0.0.1 to 127.0.0.1. */
const LOOPBACK_IP = Buffer.from('7f0000017f000001', 'hex')

async function knock(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.destroy()
}

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
