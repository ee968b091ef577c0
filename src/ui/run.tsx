import { randomBytes } from 'node:crypto'
import { userInfo } from 'node:os'
import { systemTimers, type Timers } from '../net/timers.ts'
import { NONCE_BYTES } from '../protocol/limits.ts'
import type { Background } from './appearance/background.ts'
import { BackgroundQuestion } from './appearance/background-question.ts'
import { wordsFor } from './appearance/words.ts'
import { type Opened, openInBrowser } from './browser.ts'
import { run } from './commands/actions.ts'
import { type Configuration, defaults } from './configuration/options.ts'
import type { Context } from './context.ts'
import { editInEditor } from './external-editor.ts'
import { complainOnce, complaintOf } from './flow/complaint.ts'
import { type Connector, FileConnector } from './flow/connector.ts'
import { Effects } from './flow/effects.ts'
import { Flow } from './flow/flow.ts'
import { Frames } from './frame.ts'
import { Hooks } from './hooks/hooks.ts'
import { clipboardSequence } from './input/clipboard.ts'
import type { TerminalReport } from './input/input-splitter.ts'
import { parseMouse } from './input/mouse.ts'
import { FilteredStdin, inkStdin } from './input/stdin-filter.ts'
import { restoreAtEnd } from './input/terminal-modes.ts'
import { Keys } from './keys/keys.ts'
import { mousePress } from './keys/mouse.ts'
import { RowCache } from './log/rows.ts'
import type { LiveLook } from './look.ts'
import { createLook } from './look-of.ts'
import { Notifier } from './notify/notifier.ts'
import type { UiOptions } from './options.ts'
import type { StateEvent } from './state/events.ts'
import { type ClientState, initialState } from './state/model.ts'
import { takesMouse } from './state/reading.ts'
import { reduce } from './state/reduce.ts'
import { Store, systemClock } from './state/store.ts'
import { Terminal } from './terminal.ts'
import { windowTitle } from './title.ts'
import type { AppProps } from './view/App.tsx'
import type { Mounted } from './view/mount.tsx'
import { YoungSpace } from './young-space.ts'

/** What tests put in place of the world. */
export type UiParts = Readonly<{
  connector?: Connector
  /** Milliseconds since 1970. */
  now?: () => number
  /** What countdowns and tries wait by. */
  timers?: Timers
  /** 0 ≤ value < 1; spreads the tries. */
  random?: () => number
  /** The time zone that times are shown in; the system's by default. */
  zone?: string
  /** How long closing the outbox and the connection may take, milliseconds. */
  closeMs?: number
  openUrl?: (url: string) => Promise<Opened>
  /** The name of the account that this runs in; the system's by default. */
  accountName?: () => string
  /** What holds the state; it sees every event. */
  store?: Store<ClientState, StateEvent>
  /** What keeps the rows that were made. */
  cache?: RowCache
}>

/** As long as a slow disk may take for the outbox; who leaves does not want to wait longer. */
const CLOSE_MS = 3_000

/**
 * The full-screen client, until the person leaves it. Resolves with the exit code; the terminal is
 * as it was, whatever happened. Needs a terminal on both sides.
 */
export async function runUi(options: UiOptions, parts: UiParts = {}): Promise<number> {
  // React decides when it is loaded, and its development build is slow.
  process.env['NODE_ENV'] ??= 'production'
  const { stdout, env, configuration = defaults } = options
  const [{ mount }, words] = await Promise.all([
    import('./view/mount.tsx'),
    wordsFor(configuration, env),
  ])
  const leaving = Promise.withResolvers<number>()
  const terminal = new Terminal(stdout)
  const look = createLook(configuration, env, { words, zone: parts.zone })
  const write = (text: string): void => void stdout.write(text)
  const question = new BackgroundQuestion({ write, ...systemClock })
  const context = createContext(options, parts, { terminal, look, question }, leaving.resolve)
  const keys = new Keys(context)
  const stop = follow(context, terminal, parts.now ?? Date.now)
  const notifier = new Notifier(context, options.env, {
    write,
    isAway: () => terminal.isAway,
  })
  const hooks = new Hooks(context)
  const ignore = context.flow.listen((event) => {
    notifier.take(event)
    hooks.take(event)
  })
  // The start screen says it itself.
  const complaint = options.start === 'menu' ? '' : complaintOf(options, context.look)
  const silence = complainOnce(context, complaint)
  const stdin = openStdin(options, context, { keys, notifier, question }, () => {
    question.giveUp()
    leaving.resolve(0)
  })
  const faults = catchFaults()
  const forget = restoreAtEnd(
    process,
    () => {
      terminal.restore()
      context.flow.remembrance.saveNow()
    },
    () => terminal.isAway,
  )
  let mounted: Mounted | undefined
  try {
    terminal.begin()
    if (context.look.isByBackground) question.ask()
    // First, so that the first frame is the right screen.
    run(context, () => begin(context.flow, options))
    const props = appProps(context, { keys, notifier }, terminal, options)
    mounted = mount(props, { stdin: inkStdin(stdin), stdout })
    // A view that throws ends it, too, and so does whatever nobody else has caught.
    await Promise.race([leaving.promise, mounted.ended, faults.first])
    return await leaving.promise
  } finally {
    stop()
    ignore()
    notifier.stop()
    hooks.stop()
    silence()
    keys.stop()
    await question.settle()
    // First of all, the terminal: what comes after may fail, or take its time.
    mounted?.unmount()
    await mounted?.ended.catch(() => undefined)
    stdin.destroy()
    terminal.restore()
    forget()
    await closeFlow(context, stdout, parts.closeMs ?? CLOSE_MS)
    sayGoesOn(context, stdout)
    faults.stop()
  }
}

/** A client that cannot be closed is said on the shell's screen, and keeps nobody waiting. */
async function closeFlow(
  { flow, clock, look }: Context,
  stdout: NodeJS.WriteStream,
  closeMs: number,
): Promise<void> {
  const { closing, faults } = look.words
  const late = Promise.withResolvers<never>()
  const cancel = clock.after(closeMs, () => late.reject(new Error(closing.late)))
  try {
    await Promise.race([flow.close(), late.promise])
  } catch (error) {
    stdout.write(`${closing.failed(faults.of(error))}\n`)
  } finally {
    cancel()
  }
}

/** Who keeps a server going must be able to stop it later. */
function sayGoesOn({ flow, look }: Context, stdout: NodeJS.WriteStream): void {
  const { goesOn } = flow.hosting
  if (goesOn === undefined) return
  stdout.write(`${look.words.closing.goesOn(goesOn.address, goesOn.pid)}\n`)
}

/** An error that nobody caught must leave the terminal first, and be told on the shell's screen. */
function catchFaults(): Readonly<{ first: Promise<never>; stop: () => void }> {
  const { promise: first, reject } = Promise.withResolvers<never>()
  first.catch(() => undefined)
  const events = ['uncaughtException', 'unhandledRejection']
  for (const event of events) process.on(event, reject)
  return {
    first,
    stop: () => {
      for (const event of events) process.off(event, reject)
    },
  }
}

/** What only the terminal itself has a say in. */
type LiveContext = Context &
  Readonly<{ look: LiveLook; setBackground: (background: Background) => void }>

type TerminalParts = Readonly<{
  terminal: Terminal
  look: LiveLook
  question: BackgroundQuestion
}>

function createContext(
  options: UiOptions,
  parts: UiParts,
  { terminal, look, question }: TerminalParts,
  exit: (code: number) => void,
): LiveContext {
  const { configuration = defaults } = options
  const { env, host } = options
  const store = parts.store ?? createStore(terminal.size, configuration)
  const { start, stateFolder, version } = options
  const place = start === 'menu' ? {} : start
  const { privacy } = configuration
  const connector = parts.connector ?? new FileConnector(stateFolder, version, place, privacy)
  const { accountName = systemAccount, now = Date.now, random = Math.random } = parts
  const { timers = systemTimers } = parts
  const waiting = { now: systemClock.now, after: timers.after.bind(timers) }
  const { servers } = configuration
  const given = { store, connector, host, env, servers, look, accountName, timers, now, random }
  const { cache = new RowCache() } = parts
  const recolour = (): void => {
    cache.forget()
    // As after a change of the window, everything is drawn anew.
    store.dispatch({ type: 'resized', ...store.getSnapshot().size })
  }
  const context: LiveContext = {
    store,
    configuration,
    connector,
    flow: new Flow({ ...given, clock: waiting }),
    look,
    keymap: look.keymap,
    cache,
    frames: new Frames(cache, look),
    clock: waiting,
    randomNonce: () => randomBytes(NONCE_BYTES),
    exit,
    suspend: () => run(context, () => terminal.stopProgram()),
    editText: async (text) => {
      const { words } = look
      const place = { configured: configuration.compose.editor, env, words: words.editor }
      // What comes meanwhile is not seen.
      store.dispatch({ type: 'focused', focused: false })
      const edited = await editInEditor(text, { ...place, lend: (run) => terminal.lend(run) })
      store.dispatch({ type: 'focused', focused: true })
      return edited
    },
    openUrl: parts.openUrl ?? ((url) => openInBrowser(url, env)),
    copy: (text) => void options.stdout.write(clipboardSequence(text, env)),
    setTheme: (name) => {
      look.setTheme(name)
      if (look.isByBackground) question.ask()
      recolour()
    },
    setBackground: (background) => {
      if (look.setBackground(background)) recolour()
    },
    redraw: () => run(context, () => terminal.redraw()),
  }
  return context
}

/** Holds the state from the first screen on. */
export function createStore(
  size: ClientState['size'],
  { look }: Configuration = defaults,
): Store<ClientState, StateEvent> {
  return new Store(reduce, { ...initialState(size), mouse: look.mouse }, systemClock)
}

/** Nobody is called root in a chat. */
function systemAccount(): string {
  try {
    const { username } = userInfo()
    return username === 'root' ? '' : username
  } catch {
    // An account without an entry in the system's list.
    return ''
  }
}

/** What has to happen with each state, and when the window changes. The answer ends it. */
function follow(context: Context, terminal: Terminal, now: () => number): () => void {
  const { store } = context
  const effects = new Effects(context, now)
  const youngSpace = new YoungSpace()
  const unsubscribe = store.subscribe(() => {
    effects.look()
    youngSpace.look(context.clock.now())
    const { title: counts } = context.configuration.notify
    terminal.showTitle(windowTitle(store.getSnapshot(), context.look, counts))
    terminal.takeMouse(takesMouse(store.getSnapshot()))
  })
  const unwatch = terminal.onResize((size) => store.dispatch({ type: 'resized', ...size }))
  // Stopped from outside: whoever had the terminal meanwhile may have written to it.
  process.on('SIGCONT', context.redraw)
  return () => {
    process.off('SIGCONT', context.redraw)
    unsubscribe()
    unwatch()
    effects.stop()
  }
}

/** Whom it concerns what a person does at the terminal. */
type Hearers = Readonly<{ keys: Keys; notifier: Notifier; question: BackgroundQuestion }>

function openStdin(
  options: UiOptions,
  context: LiveContext,
  { keys, notifier, question }: Hearers,
  onEnd: () => void,
): FilteredStdin {
  const { store, setBackground } = context
  const onReport = (report: TerminalReport): void => {
    if (report.kind === 'focus') {
      notifier.focus(report.focused)
      store.dispatch({ type: 'focused', focused: report.focused })
    }
    if (report.kind === 'key' || report.kind === 'mouse') notifier.pressed()
    if (report.kind === 'key') keys.press({ name: report.name, text: '' })
    const press = report.kind === 'mouse' ? parseMouse(report.text) : undefined
    if (press !== undefined) mousePress(context, keys, press)
    if (report.kind === 'reply') {
      const background = question.take(report.text)
      if (background !== undefined) setBackground(background)
    }
  }
  const inForm = (): boolean => {
    const { screen, overlay } = store.getSnapshot()
    return screen.type !== 'main' || overlay !== undefined
  }
  const stdin = new FilteredStdin(options.stdin, onReport, undefined, inForm)
  // The terminal is gone.
  stdin.on('end', onEnd)
  // Before anything is drawn: a terminal that is not raw yet turns an early Enter into a Ctrl-J.
  stdin.setRawMode(true)
  return stdin
}

function appProps(
  context: Context,
  { keys, notifier }: Pick<Hearers, 'keys' | 'notifier'>,
  terminal: Terminal,
  options: UiOptions,
): AppProps {
  const { store, frames, look, flow } = context
  return {
    store,
    frames,
    look,
    version: options.version,
    complaint: complaintOf(options, look),
    onKey: (key) => {
      notifier.pressed()
      keys.press(key)
    },
    onPaste: (text) => {
      notifier.pressed()
      keys.paste(text)
    },
    onSubmitAddress: () => submitAddress(context),
    onSubmitPassword: () => run(context, () => flow.logIn(false)),
    onTerminal: (suspend) => {
      terminal.suspend = suspend
    },
  }
}

function begin(flow: Flow, { start }: UiOptions): Promise<void> {
  return start === 'menu' ? flow.showStart() : flow.connect(start)
}

function submitAddress(context: Context): void {
  const { screen } = context.store.getSnapshot()
  if (screen.type !== 'address' || screen.text.trim() === '') return
  run(context, () => context.flow.connectTo(screen.text.trim()))
}
