import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { CopyProgress } from '../../server/store/copy/copy.ts'
import { shownUrl } from '../../server/store/shown-url.ts'
import type { FlagValues } from '../command-line.ts'
import { UsageError } from '../errors.ts'
import { storeOf } from '../server-settings.ts'
import { serverPlace } from '../settings.ts'
import { jsonLines, tables } from './output.ts'

/** `tchat admin copy --to postgres://…`. Answers what is to be printed. @throws StoreError */
export async function copied(values: FlagValues): Promise<string> {
  const { to } = values
  const url = to && storeOf({ store: to })
  if (url === undefined) {
    throw new UsageError('copy needs a database: --to postgres://USER@HOST/DATABASE')
  }
  const folder = resolve(serverPlace(values).folder)
  const { copyFolder } = await import('../../server/admin/folder.ts')
  const line = new ProgressLine(process.stderr, () => performance.now())
  const ending = new Ending(() => {
    line.say(`the copy was ended: ${line.place}; the same command goes on from there`)
  })
  try {
    const { faults, ...figures } = await copyFolder(folder, {
      url,
      onProgress: (progress) => {
        line.show(progress)
        // Before it, there is nothing in the database, and the check of the folder listens to nobody.
        ending.expect()
      },
      onCheck: (what) => line.say(`the ${what} is being checked`),
    })
    const row = { copied: folder, to: shownUrl(url), ...figures, faults: faults.length }
    line.end()
    return values.json === true ? jsonLines([row]) : `${tables([row])}\n${next(folder, url)}`
  } finally {
    ending.forget()
    line.end()
  }
}

/** Who ends it with Ctrl-C is told something before. */
class Ending {
  #tell: () => void
  #expected = false

  constructor(tell: () => void) {
    this.#tell = tell
  }

  expect(): void {
    if (this.#expected) return
    this.#expected = true
    for (const signal of SIGNALS) process.on(signal, this.#end)
  }

  forget(): void {
    for (const signal of SIGNALS) process.removeListener(signal, this.#end)
  }

  readonly #end = (signal: NodeJS.Signals): void => {
    this.forget()
    this.#tell()
    process.kill(process.pid, signal)
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

function next(folder: string, url: string): string {
  const key = existsSync(join(folder, 'tls.pem'))
    ? "The server's own key is there, too: clients notice nothing."
    : 'Give every node the --tls-cert and --tls-key that the server had: clients notice nothing then.'
  return `\
Every row was compared with the folder, of which nothing was changed, and the copy was verified.
Start each node on it with a folder of its own, an empty one:
tchat --serve --store ${shownUrl(url)} --data FOLDER
${key}
Search is complete some time after the first start.
Start no server on ${folder} any more: what is said there would be missing here.
`
}

/** A terminal's line is written over so often, milliseconds. */
const EVERY_MS = 200

/** How far it is: on a terminal in one line, elsewhere a line for each table that is done. */
class ProgressLine {
  #out: NodeJS.WriteStream
  #rewrites: boolean
  #monotonic: () => number
  #begun: number
  #shownAt = Number.NEGATIVE_INFINITY
  #task = ''
  #place = ''
  #open = false

  constructor(out: NodeJS.WriteStream, monotonic: () => number) {
    this.#out = out
    this.#rewrites = out.isTTY && process.env['TERM'] !== 'dumb'
    this.#monotonic = monotonic
    this.#begun = monotonic()
  }

  /** What it has come to. */
  get place(): string {
    return this.#place
  }

  show({ step, table, rows, of, before }: CopyProgress): void {
    if (of === 0) return
    const now = this.#monotonic()
    if (this.#task !== `${step} ${table}`) {
      this.#task = `${step} ${table}`
      this.#begun = now
    }
    const isDone = rows === of
    const count = isDone ? figure(rows) : `${figure(rows)} of ${figure(of)}`
    this.#place = `${table}: ${count} rows ${step}`
    if (!isDone && (!this.#rewrites || now - this.#shownAt < EVERY_MS)) return
    this.#shownAt = now
    const seconds = (now - this.#begun) / 1_000
    const rate = seconds < 1 ? '' : ` (${figure(Math.round((rows - before) / seconds))} a second)`
    this.#write(`${this.#place}${rate}`, isDone)
  }

  /** In a line of its own. */
  say(text: string): void {
    this.end()
    this.#place = text
    this.#write(text, true)
  }

  /** What is written next begins a line. */
  end(): void {
    if (this.#open) this.#out.write('\n')
    this.#open = false
  }

  #write(text: string, isWhole: boolean): void {
    this.#out.write(this.#rewrites ? `\r${text}\x1b[K` : text)
    this.#open = true
    if (isWhole) this.end()
  }
}

function figure(count: number): string {
  return count.toLocaleString('en')
}
