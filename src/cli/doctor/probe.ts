import { systemTimers, type Timers } from '../../net/timers.ts'

/** What a terminal said when it was asked; undefined: it did not answer that. */
export type Probe = Readonly<{
  /** It answered at all. */
  answers: boolean
  /** Its own name: 'tmux 3.4', 'XTerm(388)'. */
  name: string | undefined
  /** Cells that each sample took, in their order. */
  cells: readonly number[]
  /** By DEC private mode: whether it knows it. */
  modes: ReadonlyMap<number, boolean>
  kittyKeys: boolean
  /** `rgb:ffff/ffff/ffff` */
  background: string | undefined
}>

/** Private modes that tchat uses or could. */
export const MODES = { mouse: 1006, focus: 1004, paste: 2004, wholeFrames: 2026 } as const

/**
 * Longer than the slowest line takes: what comes later the shell would take for keys. Nearly every
 * terminal answers, and then it is over at once.
 */
const ANSWER_MS = 2_000

/** An answer that every terminal gives, and so the end of the others. */
const ASK_ATTRIBUTES = '\x1b[c'
const ASK_NAME = '\x1b[>0q'
const ASK_KITTY = '\x1b[?u'
const ASK_BACKGROUND = '\x1b]11;?\x1b\\'
const ASK_CURSOR = '\x1b[6n'
const CLEAR_ROW = '\r\x1b[2K'

/* biome-ignore-start lint/suspicious/noControlCharactersInRegex: terminals answer with them. */
const ATTRIBUTES = /\x1b\[\?[\d;]*c/
const CURSOR = /\x1b\[\d+;(\d+)R/g
const MODE = /\x1b\[\?(\d+);(\d)\$y/g
const NAME = /\x1bP>\|([^\x1b]*)\x1b\\/
const KITTY = /\x1b\[\?\d+u/
const BACKGROUND = /\x1b\]11;(rgba?:[\da-f/]+)/i
/* biome-ignore-end lint/suspicious/noControlCharactersInRegex: terminals answer with them. */

type Keyboard = Pick<NodeJS.ReadStream, 'on' | 'off' | 'setRawMode' | 'resume' | 'pause'>

/** Asks the terminal, within two seconds, and leaves its row empty. `samples`: texts to be measured. */
export async function probeTerminal(
  stdin: Keyboard,
  stdout: Pick<NodeJS.WriteStream, 'write'>,
  samples: readonly string[],
  timers: Timers = systemTimers,
): Promise<Probe> {
  let answer = ''
  const whole = Promise.withResolvers<void>()
  const take = (chunk: Buffer | string): void => {
    answer += chunk.toString()
    if (ATTRIBUTES.test(answer)) whole.resolve()
  }
  stdin.setRawMode(true)
  stdin.on('data', take)
  stdin.resume()
  const cancel = timers.after(ANSWER_MS, whole.resolve)
  try {
    stdout.write(questions(samples))
    await whole.promise
  } finally {
    cancel()
    stdin.off('data', take)
    stdin.pause()
    stdin.setRawMode(false)
    stdout.write(CLEAR_ROW)
  }
  return readAnswer(answer)
}

function questions(samples: readonly string[]): string {
  const measured = samples.map((sample) => `${CLEAR_ROW}${sample}${ASK_CURSOR}`)
  const modes = Object.values(MODES).map((mode) => `\x1b[?${mode}$p`)
  return [
    ...measured,
    CLEAR_ROW,
    ...modes,
    ASK_NAME,
    ASK_KITTY,
    ASK_BACKGROUND,
    ASK_ATTRIBUTES,
  ].join('')
}

/** What such an answer says. */
function readAnswer(answer: string): Probe {
  return {
    answers: ATTRIBUTES.test(answer),
    name: NAME.exec(answer)?.[1],
    cells: [...answer.matchAll(CURSOR)].map(([, column]) => Number(column) - 1),
    // 0: never heard of it; 4: it is off for good.
    modes: new Map(
      [...answer.matchAll(MODE)].map(([, mode, state]) => [
        Number(mode),
        state !== '0' && state !== '4',
      ]),
    ),
    kittyKeys: KITTY.test(answer),
    background: BACKGROUND.exec(answer)?.[1],
  }
}
