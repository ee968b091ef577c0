import { setTimeout } from 'node:timers/promises'
import type { FakeTerminal } from './fake-terminal.ts'

/** Greek, which nothing on the screen is written in: what is seen of it was pressed. */
const LETTERS = Array.from({ length: 17 }, (_, at) => String.fromCharCode(0x3b1 + at))
const CTRL_U = '\x15'
/** A quick typist; the pause differs, so that no rhythm of the screen is hit. */
const PAUSE_MS = 25
const PAUSE_SPREAD_MS = 30
/** Presses before those that count: V8 compiles what is called often. */
const WARM_UP = 40

/** Presses keys one by one; answers how long each took to be written to the terminal, milliseconds. */
export async function pressKeys(terminal: FakeTerminal, presses: number): Promise<number[]> {
  const times: number[] = []
  for (let press = -WARM_UP; press < presses; press++) {
    const letter = LETTERS[(press + WARM_UP) % LETTERS.length] ?? ''
    if (letter === LETTERS[0]) {
      terminal.stdin.write(CTRL_U)
      await setTimeout(100)
    }
    await setTimeout(PAUSE_MS + Math.random() * PAUSE_SPREAD_MS)
    const start = performance.now()
    const written = terminal.written(letter)
    terminal.stdin.write(letter)
    const time = (await written) - start
    if (press >= 0) times.push(time)
  }
  return times
}
