import { expect, test } from 'vitest'
import { hasShell, type Place } from '../../src/ui/job.ts'

const OWN = process.pid
/** Higher than the number of any process. */
const [NPX, SHELL, WINDOW] = [2 ** 30, 2 ** 30 + 1, 2 ** 30 + 2]
const OUTSIDE = at(1, WINDOW, WINDOW)
const LOG_IN = at(WINDOW, SHELL, SHELL)

test.each<[string, Record<number, Place>, boolean]>([
  ['a shell', { [OWN]: at(SHELL, OWN, SHELL), [SHELL]: LOG_IN }, true],
  [
    'npx from a shell',
    { [OWN]: at(NPX, NPX, SHELL), [NPX]: at(SHELL, NPX, SHELL), [SHELL]: LOG_IN },
    true,
  ],
  ['a window', { [OWN]: at(WINDOW, OWN, OWN), [WINDOW]: OUTSIDE }, false],
  [
    'npx in a window',
    { [OWN]: at(NPX, NPX, NPX), [NPX]: at(WINDOW, NPX, NPX), [WINDOW]: OUTSIDE },
    false,
  ],
  ['nobody', { [OWN]: at(0, OWN, OWN) }, false],
  ['somebody who is hidden', { [OWN]: at(SHELL, OWN, SHELL) }, true],
  ['whom the system does not show', {}, true],
])('started by %s', (_, places, isThere) => {
  expect(hasShell((pid) => places[pid])).toBe(isThere)
})

function at(parent: number, job: number, session: number): Place {
  return { parent, job, session }
}
