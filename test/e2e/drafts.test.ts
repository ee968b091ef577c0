import { expect, test } from 'vitest'
import { KEYS } from '../support/pty.ts'
import { Stage } from '../support/stage.ts'

const LEFT = '\x1b[D'

test.each(['SIGKILL', 'SIGHUP', 'SIGTERM'] as const)(
  'what was being written outlives %s, and the cursor stands where it stood',
  async (signal) => {
    await using stage = await Stage.open()
    const alice = await stage.newcomer('alice')
    await alice.sees('> type a message')
    alice.screen.type(`half a thought${LEFT.repeat(7)}`)
    await alice.sees('> half a thought')
    await alice.screen.waitFor(({ cursor }) => cursor.column === 2 + 'half a '.length)
    if (signal === 'SIGKILL') await alice.keeps('half a thought', '.drafts')
    // The index is written after the log, and tells how much of it counts.
    await alice.keeps(/ h \S+ [1-9]\d*\n/, 'index')
    process.kill(alice.screen.pid, signal)
    await alice.screen.exited

    // Without a server, too.
    await stage.endServer('SIGTERM')
    alice.start()
    await alice.sees('> half a thought')
    expect(alice.screen.text).toContain('alice joined')
    await alice.screen.waitFor(({ cursor }) => cursor.column === 2 + 'half a '.length)
    alice.screen.type(`good ${KEYS.enter}`)
    await alice.sees('◷ half a good thought')
    await alice.quit()

    await stage.startServer()
    alice.start()
    await alice.sees('✓ half a good thought')
    expect(alice.screen.text).toContain('> type a message')
  },
)
