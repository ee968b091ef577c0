import { DEFAULT_BINDINGS } from '../../ui/input/bindings.ts'
import { keyLabel } from '../../ui/input/keymap.ts'
import { keymapOf } from '../../ui/input/rebinding.ts'
import { type ClientConfiguration, faultLine } from '../client-configuration.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** The file, each of its faults, and what the person's keys took from others. */
export function configurationFindings({
  configuration,
  file,
  exists,
  faults,
}: ClientConfiguration): readonly Finding[] {
  const found = faults.map((fault) =>
    fail('configuration', faultLine(file, fault), 'the default holds there until it is mended'),
  )
  const servers = configuration.servers.length
  const whole = exists ? `${file}, servers in it: ${servers}` : `none; it would be ${file}`
  return [
    ...(found.length > 0 ? found : [ok('configuration', whole)]),
    ...keysFindings(configuration.keys),
  ]
}

function keysFindings(keys: ClientConfiguration['configuration']['keys']): readonly Finding[] {
  const { bindings } = keymapOf(keys)
  const bound = new Set(bindings.map(({ action }) => action))
  const lost = DEFAULT_BINDINGS.filter(({ action }) => !bound.has(action))
  const own = Object.keys(keys.bind).length
  return [
    ok('keys', `profile ${keys.profile}, ${own} of your own`),
    ...new Map(lost.map(({ action, keys: [key = ''] }) => [action, key]))
      .entries()
      .map(([action, key]) =>
        warn(
          'keys',
          `${action} has no key any more (it was ${keyLabel(key)})`,
          'give it another one',
        ),
      ),
  ]
}
