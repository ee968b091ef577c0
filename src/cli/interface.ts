import type { UiOptions } from '../ui/options.ts'
import { hostServer } from './host.ts'
import { folders } from './paths.ts'
import { version } from './version.ts'

/** Runs the full-screen client until a person leaves it. Answers the exit code. */
export async function runInterface(start: UiOptions['start']): Promise<number> {
  // Before React is loaded: its development build is several times slower.
  process.env['NODE_ENV'] ??= 'production'
  const { runUi } = await import('../ui/run.tsx')
  const { state } = folders()
  const exitCode = await runUi({
    start,
    host: ({ port }) => hostServer(port, state),
    stateFolder: state,
    version: version(),
    stdin: process.stdin,
    stdout: process.stdout,
    env: process.env,
  })
  return exitCode
}
