import { randomBytes } from 'node:crypto'
import type { Writable } from 'node:stream'
import { systemTimers, type Timers } from '../../net/timers.ts'
import { messageOf } from '../../protocol/errors.ts'
import { NONCE_BYTES } from '../../protocol/limits.ts'
import { wordsFor } from '../appearance/words.ts'
import type { Catalogue } from '../catalogue/en.ts'
import { type LineWords, lineWords } from '../catalogue/en-line.ts'
import { isCommand } from '../commands/slash.ts'
import { type Configuration, defaults } from '../configuration/options.ts'
import type { Context } from '../context.ts'
import type { Connector } from '../flow/connector.ts'
import { goToDestination } from '../flow/destination.ts'
import { firstOpen } from '../flow/first-open.ts'
import { Flow } from '../flow/flow.ts'
import { inWords } from '../flow/refusal.ts'
import { Frames } from '../frame.ts'
import { Hooks } from '../hooks/hooks.ts'
import { RowCache } from '../log/rows.ts'
import type { Look } from '../look.ts'
import { createLook } from '../look-of.ts'
import { HostError, type Start } from '../options.ts'
import { initialState, type Notice, type Screen } from '../state/model.ts'
import { reduce } from '../state/reduce.ts'
import { Store, systemClock } from '../state/store.ts'
import { sayOpen, sayUnread } from './announce.ts'
import { obey } from './commands.ts'
import { LineConnector } from './connector.ts'
import { type LineContext, LineEndError } from './context.ts'
import { enter } from './entrance.ts'
import { LINE_BYTES_MAX, LineFault, LineInput, type LineSource } from './input.ts'
import { LineOutput } from './output.ts'
import { ReadMarks } from './read-marks.ts'
import { Speaker } from './speaker.ts'
import { Way } from './way.ts'
import { lineWordsFor } from './words.ts'

/** What the command line hands line mode. Everything from outside comes in here. */
export type LineOptions = Readonly<{
  start: Start
  stateFolder: string
  version: string
  stdin: LineSource
  stdout: Writable
  stderr: Writable
  env: Readonly<Record<string, string | undefined>>
  configuration?: Configuration
  /** What is wrong in the person's file, each in a line. */
  configurationFaults?: readonly string[]
  /** Tells of Ctrl-C, and of what ends the program at once. The answer takes it back. */
  onStop: (listener: (what: 'interrupt' | 'end') => void) => () => void
}>

/** What tests put in place of the world. */
export type LineParts = Readonly<{
  connector?: Connector
  /** Milliseconds since 1970. */
  now?: () => number
  timers?: Timers
  zone?: string
}>

/** Messages from a pipe that wait for the server at the same time. */
const WAITING_MAX = 256
/** At the end of a person's input, for what is under way; then it waits for the next time. */
const PERSON_MS = 3_000
/** For an entry of one's own to come back behind its acknowledgement. */
const ECHO_MS = 2_000
/** For the server to tell of a group that was created or joined, or of what was just said. */
const SOON_MS = 5_000
/** As long as a slow disk may take for the outbox. */
const CLOSE_MS = 3_000

/**
 * Chats line by line, until the input ends, the person does, or nothing more can come: a line in is a
 * line said or a command, and what happens is a line each. No cursor is moved, no colour set. Answers
 * the exit code: 1 where lines from a pipe could not all be obeyed.
 * @throws LineEndError why it could not begin or go on
 */
export async function runLine(options: LineOptions, parts: LineParts = {}): Promise<number> {
  const { configuration = defaults, env } = options
  const [words, line] = await Promise.all([
    wordsFor(configuration, env),
    lineWordsFor(configuration, env),
  ])
  return new LineMode(options, parts, { words, line }).run()
}

class LineMode {
  readonly #options: LineOptions
  readonly #input: LineInput
  readonly #output: LineOutput
  readonly #context: LineContext
  readonly #marks: ReadMarks
  readonly #way = new Way()
  readonly #speaker: Speaker
  readonly #hooks: Hooks
  readonly #timers: Timers
  readonly #stopping = new AbortController()
  /** Why it cannot go on. */
  #over: string | undefined
  /** The person, or a command of theirs, ends it. */
  #hasLeft = false
  #isInterrupted = false
  #isObeying = false
  /** Input is awaited to end, or has been asked for the last time. */
  #wake: () => void = () => undefined

  constructor(options: LineOptions, parts: LineParts, { words, line }: AllWords) {
    const { timers = systemTimers, now = Date.now } = parts
    this.#options = options
    this.#timers = timers
    const { configuration = defaults, env } = options
    const look = lineLook(createLook(configuration, env, { words, zone: parts.zone }), line)
    this.#input = new LineInput(options.stdin)
    this.#output = new LineOutput({ ...options, signs: look.signs })
    this.#context = this.#createContext({ look, line }, configuration, parts)
    this.#marks = new ReadMarks(this.#context, this.#isPerson)
    this.#speaker = new Speaker(this.#context, this.#marks, now())
    this.#hooks = new Hooks(this.#context)
  }

  async run(): Promise<number> {
    const { flow, complain } = this.#context
    const { onStop, configurationFaults = [], start, stdout, env } = this.#options
    const ignoreStop = onStop((what) => this.#stopBy(what))
    // Nobody reads what is said any more.
    stdout.on('error', () => this.#stop())
    const ignoreEvents = flow.listen((event) => {
      this.#speaker.take(event)
      this.#hooks.take(event)
      this.#wake()
    })
    const unfollow = this.#follow()
    // In a pipe nothing goes by before anyone's eyes.
    this.#context.store.dispatch({ type: 'focused', focused: this.#isPerson })
    try {
      for (const fault of configurationFaults) complain(fault)
      await enter(this.#context, start, { env, stopped: this.#stopping.signal })
      if (!this.#isStopped) await this.#chat()
      return this.#exitCode()
    } finally {
      unfollow()
      ignoreEvents()
      ignoreStop()
      this.#hooks.stop()
      this.#input.stop()
      await this.#close()
    }
  }

  /** @throws LineEndError */
  #exitCode(): number {
    if (this.#over !== undefined && !this.#hasLeft) {
      throw new LineEndError(this.#over)
    }
    const { waiting } = this.#speaker.unsent
    if (waiting > 0) this.#context.complain(this.#context.line.end.waiting(waiting))
    return !this.#isPerson && this.#output.complaints > 0 ? 1 : 0
  }

  // --- From the first line to the last ------------------------------------------------------------

  async #chat(): Promise<void> {
    const { store, flow, say, line } = this.#context
    const { address, me } = store.getSnapshot()
    say(line.start.connected(me?.name ?? '', address))
    sayUnread(this.#context)
    await this.#openFirst()
    this.#speaker.begin()
    flow.chat?.request({ type: 'getSettings' }).catch(() => undefined)
    while (!this.#isStopped) {
      const typed = await this.#nextLine()
      if (typed === undefined) break
      await this.#obey(typed)
      await this.#room()
    }
    if (!this.#isStopped) await this.#finish()
  }

  /** Where a share line leads, or what was open last. */
  async #openFirst(): Promise<void> {
    const { flow, store } = this.#context
    const { destination } = flow
    if (destination !== undefined) {
      await this.#tried(() => goToDestination(this.#context, destination))
    }
    const state = store.getSnapshot()
    const target = state.open ?? firstOpen(state, flow.lastOpen)
    if (target !== undefined) store.dispatch({ type: 'opened', target, unasked: true })
    await this.#sayWhereOneIs(true)
  }

  /** A command is about what was said before it, and the next line is for what it has opened. */
  async #obey(typed: string): Promise<void> {
    if (!this.#way.isFor(typed)) return
    const { unsent } = this.#speaker
    const { complaints } = this.#output
    this.#isObeying = true
    if (isCommand(typed.trim())) await this.#while(() => unsent.unsaid > 0)
    if (!this.#isStopped) await this.#tried(() => obey(this.#context, typed))
    const { store } = this.#context
    await this.#while(() => store.getSnapshot().awaited !== undefined)
    this.#isObeying = false
    const isElsewhere = store.getSnapshot().awaited !== undefined
    if (!this.#isPerson) this.#lookBack(typed, isElsewhere || this.#output.complaints > complaints)
    await this.#sayWhereOneIs()
  }

  #lookBack(typed: string, hasFailed: boolean): void {
    const { complain, line } = this.#context
    if (this.#way.took(typed, hasFailed)) complain(line.input.lost(typed.trim()))
  }

  /** Until the server has told what it soon will: not without a connection, and not for ever. */
  async #while(isSo: () => boolean): Promise<void> {
    const { store } = this.#context
    let isLate = false
    const cancel = this.#timers.after(SOON_MS, () => {
      isLate = true
      this.#wake()
    })
    const isOnline = () => store.getSnapshot().link.state === 'online'
    while (isSo() && isOnline() && !isLate && !this.#isStopped) await this.#change()
    cancel()
  }

  /** Undefined: there are no more. A line that cannot be used is passed over. */
  async #nextLine(): Promise<string | undefined> {
    for (;;) {
      try {
        const line = await this.#input.next()
        this.#isInterrupted = false
        return line
      } catch (error) {
        this.#complainOf(error)
      }
    }
  }

  /** A pipe goes on when the server has taken most of what it has said. */
  async #room(): Promise<void> {
    if (this.#isPerson) return
    while (this.#speaker.unsent.waiting >= WAITING_MAX && !this.#isStopped) await this.#change()
  }

  /** After the last line: a pipe waits until all of it is sent, a person not for long. */
  async #finish(): Promise<void> {
    const { unsent } = this.#speaker
    const cancel = this.#isPerson
      ? this.#timers.after(PERSON_MS, () => this.#stop())
      : () => undefined
    while (unsent.waiting > 0 && !this.#isStopped) await this.#change()
    cancel()
    const cancelEcho = this.#timers.after(ECHO_MS, () => this.#stop())
    while (unsent.unsaid > 0 && !this.#isStopped) await this.#change()
    cancelEcho()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  // --- Saying and asking --------------------------------------------------------------------------

  #said: string | undefined

  /** Where one is now, if that is somewhere else than before. */
  async #sayWhereOneIs(isFirst = false): Promise<void> {
    const { open } = this.#context.store.getSnapshot()
    if (this.#isStopped || (!isFirst && open === this.#said)) return
    this.#said = open
    this.#remember(open)
    await this.#tried(() => sayOpen(this.#context, this.#marks))
  }

  #remember(open: string | undefined): void {
    const { flow, connector, store } = this.#context
    const { me } = store.getSnapshot()
    if (open === undefined || me === undefined || flow.place === undefined) return
    connector.rememberOpen(flow.place, me.name, open).catch(() => undefined)
  }

  /** What goes wrong is said. */
  async #tried(work: () => void | Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#complainOf(error)
    }
  }

  #complainOf(error: unknown): void {
    const { complain, line, look } = this.#context
    if (!(error instanceof LineFault)) return complain(inWords(error, look))
    const { input } = line
    complain(
      error.why === 'notUtf8'
        ? input.notUtf8(error.line)
        : input.tooLong(error.line, LINE_BYTES_MAX),
    )
  }

  async #ask(question: string, isSecret: boolean): Promise<string | undefined> {
    const say = () => this.#output.say(question)
    try {
      if (isSecret) return await this.#input.secret(say, () => this.#leave())
      say()
      return await this.#input.next()
    } catch (error) {
      this.#complainOf(error)
      return ''
    }
  }

  // --- What follows from the state ----------------------------------------------------------------

  /** Notices are said; a screen that is none of the chat ends it. */
  #follow(): () => void {
    const { store } = this.#context
    let told: Notice | undefined
    let wasIn = false
    let open: string | undefined
    return store.subscribe(() => {
      const { notice, screen, open: now } = store.getSnapshot()
      if (notice !== told && notice !== undefined) {
        if (notice.kind === 'error') this.#output.complain(notice.text)
        else this.#output.say(notice.text)
      }
      told = notice
      if (screen.type === 'main') wasIn = true
      else if (wasIn && this.#over === undefined) this.#end(reasonOf(screen, this.#context))
      // One was put out of what was open, or it is no more.
      if (now !== open && this.#said !== undefined && !this.#isObeying) void this.#sayWhereOneIs()
      open = now
    })
  }

  #end(reason: string): void {
    this.#over = reason
    this.#stop()
  }

  #stopBy(what: 'interrupt' | 'end'): void {
    const isFirst = what === 'interrupt' && this.#isPerson && !this.#isInterrupted
    if (!isFirst) return this.#leave()
    this.#isInterrupted = true
    this.#output.say(this.#context.line.end.again)
  }

  #leave(): void {
    this.#hasLeft = true
    this.#stop()
  }

  #stop(): void {
    this.#stopping.abort()
    this.#input.stop()
    this.#wake()
  }

  async #close(): Promise<void> {
    const { flow, complain, look } = this.#context
    const { closing } = look.words
    const late = Promise.withResolvers<never>()
    const cancel = this.#timers.after(CLOSE_MS, () => late.reject(new Error(closing.late)))
    try {
      await Promise.race([flow.close(), late.promise])
    } catch (error) {
      complain(closing.failed(messageOf(error)))
    } finally {
      cancel()
    }
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted
  }

  get #isPerson(): boolean {
    return this.#options.stdin.isTTY === true
  }

  #createContext(
    { look, line }: Readonly<{ look: Look; line: LineWords }>,
    configuration: Configuration,
    parts: LineParts,
  ): LineContext {
    const { stateFolder, version, start, env } = this.#options
    const { connector = new LineConnector(stateFolder, version, start), now = Date.now } = parts
    const timers = this.#timers
    const clock = { now: systemClock.now, after: timers.after.bind(timers) }
    const store = new Store(reduce, initialState({ columns: 80, rows: 24 }), systemClock)
    const cache = new RowCache()
    const random = Math.random
    const { servers } = configuration
    const given = { store, connector, host: noHost, env, servers, look, timers, now, random, clock }
    const context: Context = {
      store,
      configuration,
      connector,
      flow: new Flow({ ...given, accountName: () => '' }),
      look,
      keymap: look.keymap,
      cache,
      frames: new Frames(cache, look),
      clock,
      randomNonce: () => randomBytes(NONCE_BYTES),
      ...noTerminal,
      exit: () => this.#leave(),
    }
    return {
      ...context,
      line,
      isPerson: this.#isPerson,
      say: (text) => this.#output.say(text),
      complain: (text) => this.#output.complain(text),
      ask: (question) => this.#ask(question, false),
      askSecret: (question) => this.#ask(question, true),
      leave: () => this.#leave(),
    }
  }
}

type AllWords = Readonly<{ words: Catalogue; line: LineWords }>

/** There is no screen whose keys could be named. */
function lineLook(look: Look, { start: { nothingOpen } }: LineWords): Look {
  const { theme, themeName, clock, keymap, configured, home, signs } = look
  const words = { ...look.words, notices: { ...look.words.notices, nothingOpen } }
  return { theme, themeName, words, clock, keymap, configured, home, signs }
}

/** Commands that would use these are about the full screen, and are not run. */
const noTerminal = {
  suspend: () => undefined,
  editText: () => Promise.reject(new Error(lineWords.overlay)),
  copy: () => undefined,
  openUrl: () => Promise.resolve({ state: 'none' } as const),
  setTheme: () => undefined,
  redraw: () => undefined,
} as const satisfies Partial<Context>

function noHost(): Promise<never> {
  return Promise.reject(new HostError('other', lineWords.overlay))
}

/** Why the chat is not on the screen any more. */
function reasonOf(screen: Screen, { line }: Pick<LineContext, 'line'>): string {
  if (screen.type === 'logIn') return line.logIn.over(screen.fault)
  if (screen.type === 'failed') return screen.text
  if (screen.type !== 'changedKey') return line.logIn.gaveUp
  return line.trust.changed(screen.address, screen.pinned, screen.fingerprint)
}
