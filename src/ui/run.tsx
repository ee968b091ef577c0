import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { NONCE_BYTES } from '../protocol/limits.ts'
import { en } from './catalogue/en.ts'
import { createWallClock } from './clock.ts'
import { type Connector, FileConnector } from './connector.ts'
import type { Context } from './context.ts'
import { run } from './actions.ts'
import { Effects } from './effects.ts'
import { Flow } from './flow.ts'
import { Frames } from './frame.ts'
import { DEFAULT_BINDINGS } from './input/bindings.ts'
import { createKeymap } from './input/keymap.ts'
import { FilteredStdin, inkStdin } from './input/stdin-filter.ts'
import { MODES_OFF, MODES_ON, restoreAtEnd } from './input/terminal-modes.ts'
import { Keys } from './keys.ts'
import type { Look } from './look.ts'
import type { UiOptions } from './options.ts'
import { RowCache } from './rows.ts'
import { initialState } from './state/model.ts'
import { reduce } from './state/reduce.ts'
import { Store, systemClock } from './state/store.ts'
import { createTheme } from './theme.ts'

/** What tests put in place of the world. */
export type UiParts = Readonly<{
  connector?: Connector
  now?: () => number
  /** The time zone that times are shown in; the system's by default. */
  zone?: string
}>

/**
 * The full-screen client, until the person leaves it. Resolves with the exit code; the terminal is
 * as it was, whatever happened. Needs a terminal on both sides.
 */
export async function runUi(options: UiOptions, parts: UiParts = {}): Promise<number> {
  // React decides when it is loaded, and its development build is slow.
  process.env['NODE_ENV'] ??= 'production'
  const { mount } = await import('./view/mount.tsx')
  const { stdout } = options
  const keymap = createKeymap(DEFAULT_BINDINGS)
  const look: Look = {
    theme: createTheme(options.env),
    words: en,
    clock: createWallClock(parts.zone),
    keymap,
  }
  const now = parts.now ?? Date.now
  const store = new Store(reduce, initialState(sizeOf(stdout)), systemClock)
  const connector = parts.connector ?? new FileConnector(options.stateFolder, options.version)
  const flow = new Flow({ store, connector, host: options.host, env: options.env, look })
  const cache = new RowCache()
  const frames = new Frames(cache, look)
  const leaving = Promise.withResolvers<number>()
  const terminal: { suspend: (during: () => Promise<void>) => Promise<void> } = {
    suspend: (during) => during(),
  }
  const context: Context = {
    store,
    flow,
    connector,
    look,
    keymap,
    cache,
    frames,
    clock: systemClock,
    randomNonce: () => randomBytes(NONCE_BYTES),
    exit: leaving.resolve,
    suspend: () => run(context, () => suspendWith(terminal.suspend, stdout)),
    redraw: () => run(context, () => terminal.suspend(() => Promise.resolve())),
  }
  const keys = new Keys(context)
  const effects = new Effects(context, now)
  const unsubscribe = store.subscribe(() => effects.look())
  const stdin = new FilteredStdin(options.stdin, (report) => {
    if (report.kind === 'focus') store.dispatch({ type: 'focused', focused: report.focused })
  })
  stdin.on('end', () => leaving.resolve(0))
  const resized = () => store.dispatch({ type: 'resized', ...sizeOf(stdout) })
  stdout.on('resize', resized)
  const restored = restoreAtEnd(process, () => writeNow(stdout, MODES_OFF))
  stdout.write(MODES_ON)
  const mounted = mount(
    {
      store,
      frames,
      look,
      version: options.version,
      onKey: (key) => keys.press(key),
      onPaste: (text) => keys.paste(text),
      onSubmitAddress: () => submitAddress(context),
      onSubmitPassword: () => run(context, () => flow.logIn(false)),
      onTerminal: (suspend) => {
        terminal.suspend = suspend
      },
    },
    { stdin: inkStdin(stdin), stdout },
  )
  try {
    run(context, () => begin(flow, options))
    await Promise.race([leaving.promise, mounted.ended])
    return await leaving.promise
  } finally {
    unsubscribe()
    effects.stop()
    keys.stop()
    stdout.off('resize', resized)
    await flow.close()
    mounted.unmount()
    await mounted.ended.catch(() => undefined)
    stdin.destroy()
    writeNow(stdout, MODES_OFF)
    restored()
  }
}

function begin(flow: Flow, { start }: UiOptions): Promise<void> {
  return start === 'menu' ? flow.showStart() : flow.connect(start)
}

function submitAddress(context: Context): void {
  const { screen } = context.store.getSnapshot()
  if (screen.type !== 'address' || screen.text.trim() === '') return
  run(context, () => context.flow.connect({ address: screen.text.trim() }))
}

function sizeOf(stdout: NodeJS.WriteStream): Readonly<{ columns: number; rows: number }> {
  return { columns: stdout.columns || 80, rows: stdout.rows || 24 }
}

/** The shell has the terminal until `fg`. */
async function suspendWith(
  suspend: (during: () => Promise<void>) => Promise<void>,
  stdout: NodeJS.WriteStream,
): Promise<void> {
  await suspend(async () => {
    writeNow(stdout, MODES_OFF)
    const continued = once(process, 'SIGCONT')
    process.kill(process.pid, 'SIGTSTP')
    await continued
    writeNow(stdout, MODES_ON)
  })
}

/** At an end there is no later: what is not written at once may never be. */
function writeNow(stdout: NodeJS.WriteStream, text: string): void {
  try {
    if ('fd' in stdout && typeof stdout.fd === 'number') writeSync(stdout.fd, text)
    else stdout.write(text)
  } catch {
    // The terminal is gone.
  }
}
