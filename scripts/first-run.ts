/**
 * `npm run first-run`: takes the first run of somebody who has never used tchat, in a real terminal, and
 * prints how many key presses and seconds it takes until the server has their first message.
 */
import {
  type FirstRun,
  firstRunAsGuest,
  firstRunAsHost,
  inWords,
  outerAddress,
} from '../test/support/first-run.ts'

report('tchat, a server of one’s own', await firstRunAsHost())
const host = outerAddress()
if (host === undefined) process.stdout.write('tchat connect HOST: this machine has no address\n')
else report('tchat connect HOST, not known', await firstRunAsGuest(host))

function report(way: string, run: FirstRun): void {
  process.stdout.write(`${way}: ${inWords(run)}\n`)
}
