import { DEFAULT_PORT } from '../net/address.ts'
import type { UiOptions } from '../ui/options.ts'
import { type ClientConfiguration, faultLine } from './client-configuration.ts'
import { hostServer } from './host.ts'
import { folders } from './paths.ts'
import type { ServerPlace } from './settings.ts'
import { version } from './version.ts'

/**
 * Runs the full-screen client until a person leaves it. Answers the exit code.
 * @param place of a server that is hosted from here
 */
export async function runInterface(
  start: UiOptions['start'],
  place: ServerPlace,
  { configuration, file, faults }: ClientConfiguration,
): Promise<number> {
  // Before React is loaded: its development build is several times slower.
  process.env['NODE_ENV'] ??= 'production'
  const { runUi } = await import('../ui/run.tsx')
  const { state } = folders()
  const exitCode = await runUi({
    start,
    host: ({ port = place.port ?? DEFAULT_PORT }) => hostServer({ ...place, port }, state),
    stateFolder: state,
    version: version(),
    stdin: process.stdin,
    stdout: process.stdout,
    env: process.env,
    configuration,
    configurationFaults: faults.map((fault) => faultLine(file, fault)),
  })
  return exitCode
}
