import { expect, test } from 'vitest'
import {
  type FirstRun,
  firstRunAsGuest,
  firstRunAsHost,
  inWords,
  outerAddress,
} from '../support/first-run.ts'

/** Besides those that write name, password and text. */
const PRESSES_MAX = 12

test('from nothing to the first message in a server of one’s own', async () => {
  judge(await firstRunAsHost())
})

const host = outerAddress()

// A server on this computer's own addresses is known: a machine without others has no unknown one.
test.skipIf(host === undefined)(
  'from nothing to the first message on a server that is not known',
  async () => {
    judge(await firstRunAsGuest(host ?? ''))
  },
)

/** The seconds are only told: what else a machine does is in them. */
function judge(run: FirstRun): void {
  process.stdout.write(`${inWords(run)}\n`)
  expect(run.presses).toBeLessThanOrEqual(PRESSES_MAX)
  expect(run.screen).toContain('#lobby')
}
