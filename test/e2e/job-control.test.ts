import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Person, Stage } from '../support/stage.ts'

const CTRL_Z = '\x1a'

/** A shell with job control, that goes on when the client stops and, after Enter, lets it go on. */
const SHELL = '"$@"; echo "stopped: $?"; read -r; fg >/dev/null; echo "ended: $?"'
/** The same with a program in between that waits for the client, as npx does. */
const WRAPPED = SHELL.replace('"$@"', `sh -c '"$@"; exit $?' sh "$@"`)

let stage: Stage
let alice: Person

beforeEach(async () => {
  stage = await Stage.open()
  alice = stage.person('alice')
})

afterEach(async () => {
  await stage[Symbol.asyncDispose]()
})

describe.skipIf(process.platform === 'win32')('Ctrl-Z', () => {
  test.each([
    ['a shell', SHELL],
    ['a shell and npx', WRAPPED],
  ])('gives the terminal to %s until fg, and back then', async (_, script) => {
    await begin((command) => ['bash', '--norc', '-ic', script, 'bash', ...command])
    alice.screen.type(CTRL_Z)
    await alice.sees(/stopped: 14[68]/)
    expect(alice.screen.isFullScreen).toBe(false)
    expect(alice.screen.isCursorShown).toBe(true)
    expect(alice.screen.text).not.toContain('before the pause')
    alice.screen.type('\r')
    await alice.sees(/✓ before the pause/)
    expect(alice.screen.isFullScreen).toBe(true)
    await alice.say('after the pause')
    await alice.sees(/✓ after the pause/)
    await alice.quit()
    await alice.sees('ended: 0')
  })

  test('does nothing where there is no shell to go back to', async () => {
    await begin((command) => command)
    alice.screen.type(CTRL_Z)
    await alice.say('still here')
    await alice.sees(/✓ still here/)
    expect(alice.screen.isFullScreen).toBe(true)
  })

  test('from outside, too: what goes on is drawn again', async () => {
    await begin((command) => command)
    process.kill(alice.screen.pid, 'SIGSTOP')
    await expect.poll(() => stateOf(alice.screen.pid)).toBe('T')
    // What whoever had the terminal meanwhile left there.
    alice.screen.scribble('x'.repeat(2_000))
    await alice.sees('xxx')
    process.kill(alice.screen.pid, 'SIGCONT')
    await alice.sees(/✓ before the pause/)
    await alice.screen.waitFor(({ text }) => !text.includes('xxx'))
  })
})

async function begin(under: (command: readonly string[]) => readonly string[]): Promise<void> {
  alice.start({ under })
  await alice.register()
  await alice.say('before the pause')
  await alice.sees(/✓ before the pause/)
}

/** ps(1): 'T' is a stopped process. */
function stateOf(pid: number): string {
  const { stdout } = spawnSync('ps', ['-o', 'state=', '-p', `${pid}`], { encoding: 'utf8' })
  return stdout.trim().slice(0, 1)
}
