import { release, type } from 'node:os'
import { formatAddress, parseAddress } from '../net/address.ts'
import { SessionFolder } from '../net/files/sessions.ts'
import { messageOf } from '../protocol/errors.ts'
import { type ClientConfiguration, loadConfiguration } from './client-configuration.ts'
import type { CommandLine } from './command-line.ts'
import { configurationFindings } from './doctor/configuration.ts'
import { configurationRights, filesFindings } from './doctor/files.ts'
import { type Finding, findingLines, ok } from './doctor/finding.ts'
import { probeTerminal } from './doctor/probe.ts'
import { serverFindings } from './doctor/server.ts'
import { environmentFindings, probeFindings, SAMPLES } from './doctor/terminal.ts'
import { UsageError } from './errors.ts'
import { folders } from './paths.ts'
import { version } from './version.ts'

/**
 * `tchat doctor [HOST[:PORT]]`: looks at everything that people have trouble with; of servers at the
 * one that is named, else at TCHAT_SERVER, else at the one used last. Answers 0, or 1 where something
 * fails.
 */
export async function doctorCommand({ input, values }: CommandLine): Promise<number> {
  const [server, extra] = input
  if (extra !== undefined) {
    throw new UsageError(`doctor takes one address, but '${extra}' was given, too`)
  }
  const loaded = await loadConfiguration(values)
  const stateFolder = folders().state
  const place = await serverOf(server, values.plaintext ?? false, stateFolder)
  const findings = [
    ok('versions', `tchat ${version()}, Node.js ${process.versions.node}, ${type()} ${release()}`),
    ...(await terminalFindings(loaded)),
    ...configurationFindings(loaded),
    ...(await configurationRights(loaded.file)),
    ...(await filesFindings(stateFolder, process.getuid?.())),
    ...(place === undefined
      ? []
      : await serverFindings({ ...place, address: addressOf(place.address, loaded), stateFolder })),
  ]
  print(findings, values.json ?? false)
  return findings.some(({ level }) => level === 'fail') ? 1 : 0
}

/** undefined: none is named, and none was used yet. */
async function serverOf(
  named: string | undefined,
  plaintext: boolean,
  stateFolder: string,
): Promise<Readonly<{ address: string; plaintext: boolean }> | undefined> {
  const address = named ?? (process.env['TCHAT_SERVER'] || undefined)
  if (address !== undefined) return { address, plaintext }
  // A folder that cannot be read is a finding of its own.
  const [last] = await new SessionFolder(stateFolder).list().catch(() => [])
  return last && { address: last.server, plaintext: last.plaintext }
}

async function terminalFindings({
  configuration,
}: ClientConfiguration): Promise<readonly Finding[]> {
  const { stdin, stdout, env } = process
  const isTerminal = stdin.isTTY && stdout.isTTY
  const { columns, rows } = stdout
  const around = environmentFindings(env, isTerminal ? { columns, rows } : undefined, configuration)
  if (!isTerminal || env['TERM'] === 'dumb') return around
  const probe = await probeTerminal(stdin, stdout, SAMPLES)
  return [...around, ...probeFindings(probe, configuration)]
}

/** @throws UsageError */
function addressOf(text: string, { configuration }: ClientConfiguration): string {
  const server = configuration.servers.find(({ name }) => name === text)
  try {
    return formatAddress(parseAddress(server?.address ?? text))
  } catch (error) {
    throw new UsageError(messageOf(error))
  }
}

function print(findings: readonly Finding[], json: boolean): void {
  const lines = findings.map(json ? (finding) => JSON.stringify(finding) : findingLines)
  process.stdout.write(`${lines.join('\n')}\n`)
}
