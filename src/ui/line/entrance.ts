import { fingerprintWords } from '../../net/fingerprint.ts'
import { editorText, emptyEditor } from '../input/editor.ts'
import type { Start } from '../options.ts'
import type { ClientState, LogInScreen, Screen } from '../state/model.ts'
import { isNo, isYes, type LineContext, LineEndError } from './context.ts'

type Of<T extends Screen['type']> = Extract<Screen, { type: T }>

/** What line mode needs to get in, besides the context. */
export type EntranceOptions = Readonly<{
  env: Readonly<Record<string, string | undefined>>
  /** Aborted when the person ends the program. */
  stopped: AbortSignal
}>

/**
 * From the address to the chat: the steps are the screens of the flow, each said or asked in lines.
 * Resolves when the server has told all conversations, or the person has ended it.
 * @throws LineEndError
 */
export async function enter(
  context: LineContext,
  start: Start,
  options: EntranceOptions,
): Promise<void> {
  const entrance = new Entrance(context, start, options)
  await Promise.race([context.flow.connect(start).then(never), entrance.run()])
}

/** What the flow shows is looked at, not when it has finished. */
function never(): Promise<never> {
  return new Promise(() => undefined)
}

class Entrance {
  readonly #context: LineContext
  readonly #start: Start
  readonly #options: EntranceOptions
  /** The screen that was dealt with last. */
  #seen: Screen
  #hasTried = false
  #hasSaidRetry = false
  #hasSaidWhere = false

  constructor(context: LineContext, start: Start, options: EntranceOptions) {
    this.#context = context
    this.#start = start
    this.#options = options
    this.#seen = context.store.getSnapshot().screen
  }

  async run(): Promise<void> {
    for (;;) {
      const { screen, synced } = await this.#change()
      if (this.#options.stopped.aborted || (screen.type === 'main' && synced)) return
      if (screen === this.#seen) continue
      this.#seen = screen
      await this.#meet(screen)
    }
  }

  /** A screen that is new, or the chat, complete. */
  #change(): Promise<ClientState> {
    const { store } = this.#context
    const { stopped } = this.#options
    return new Promise((resolve) => {
      const look = () => {
        const state = store.getSnapshot()
        const isThere = state.screen.type === 'main' && state.synced
        if (!stopped.aborted && !isThere && state.screen === this.#seen) return
        unsubscribe()
        stopped.removeEventListener('abort', look)
        resolve(state)
      }
      const unsubscribe = store.subscribe(look)
      stopped.addEventListener('abort', look)
      look()
    })
  }

  async #meet(screen: Screen): Promise<void> {
    const { line } = this.#context
    if (screen.type === 'connecting') return this.#sayConnecting(screen)
    if (screen.type === 'trust') return this.#trust(screen)
    if (screen.type === 'changedKey') {
      const { address, pinned, fingerprint } = screen
      throw new LineEndError(line.trust.changed(address, pinned, fingerprint))
    }
    if (screen.type === 'address') throw new LineEndError(screen.fault)
    if (screen.type === 'failed') return this.#fail(screen)
    if (screen.type === 'logIn') return this.#logIn(screen)
  }

  /** Once: it is the first thing that is said, and later tries say what has come of them. */
  #sayConnecting({ address }: Of<'connecting'>): void {
    if (this.#hasSaidWhere) return
    this.#hasSaidWhere = true
    this.#context.say(this.#context.line.start.connecting(address))
  }

  /** With a session there is somebody to come back for: a person may wait for the server. */
  #fail({ text, next }: Of<'failed'>): void {
    const { isPerson, complain, line } = this.#context
    if (!isPerson || next === undefined) throw new LineEndError(text)
    if (this.#hasSaidRetry) return
    this.#hasSaidRetry = true
    complain(text)
    complain(line.link.retrying)
  }

  async #trust({ address, fingerprint }: Of<'trust'>): Promise<void> {
    const { isPerson, say, ask, line, flow } = this.#context
    if (!isPerson) throw new LineEndError(line.trust.pipe(address, fingerprint))
    say(line.trust.title(address))
    say(this.#context.look.words.trust.why)
    say(line.trust.words(fingerprintWords(fingerprint).join(' ')))
    say(line.trust.full(fingerprint))
    const answer = await ask(line.trust.question)
    const isOnce = line.once.includes((answer ?? '').trim().toLowerCase())
    if (this.#options.stopped.aborted) return
    if (!isOnce && !isYes(this.#context, answer)) throw new LineEndError(line.trust.no)
    await flow.trust(!isOnce)
  }

  async #logIn(screen: LogInScreen): Promise<void> {
    if (screen.busy) return
    const { isPerson, complain, store } = this.#context
    if (!isPerson) return this.#logInByVariable(screen)
    if (screen.fault !== '') complain(screen.fault)
    const form =
      screen.invite === undefined ? await this.#askForm(screen) : await this.#askCode(screen)
    if (this.#options.stopped.aborted || form === undefined) return
    store.dispatch({ type: 'screen', screen: { ...screen, ...form.filled } })
    this.#seen = store.getSnapshot().screen
    await this.#context.flow.logIn(form.isNew)
  }

  async #logInByVariable(screen: LogInScreen): Promise<void> {
    const { line, store, flow } = this.#context
    const { address } = store.getSnapshot()
    const password = this.#options.env['TCHAT_PASSWORD'] ?? ''
    const { user = '' } = this.#start
    if (this.#hasTried) throw new LineEndError(screen.fault)
    if (password === '' || user === '') throw new LineEndError(line.logIn.pipe(address, user))
    this.#hasTried = true
    store.dispatch({ type: 'screen', screen: { ...screen, ...filled(user, password) } })
    this.#seen = store.getSnapshot().screen
    await flow.logIn(false)
  }

  async #askForm(screen: LogInScreen): Promise<Form | undefined> {
    const { line, say, ask, look } = this.#context
    say(line.logIn.title(this.#context.store.getSnapshot().address))
    if (screen.plaintext) say(look.words.logIn.plaintext)
    const isNew = await this.#askIsNew()
    const usual = editorText(screen.name)
    const question = usual === '' ? line.logIn.name : line.logIn.nameOr(usual)
    const typed = await this.#asked(() => ask(question))
    const name = typed.trim() === '' ? usual : typed.trim()
    const password = await this.#askPassword(isNew)
    return { isNew, filled: filled(name, password) }
  }

  /** Until it is answered: who types a name here has not asked for a new account. */
  async #askIsNew(): Promise<boolean> {
    const { line, ask } = this.#context
    for (;;) {
      const answer = await this.#asked(() => ask(line.logIn.account))
      if (isNo(this.#context, answer)) return true
      if (isYes(this.#context, answer)) return false
    }
  }

  async #askPassword(isNew: boolean): Promise<string> {
    const { line, askSecret, complain } = this.#context
    for (;;) {
      const asked = isNew ? line.logIn.newPassword : line.logIn.password
      const password = await this.#asked(() => askSecret(asked))
      if (!isNew) return password
      if ((await this.#asked(() => askSecret(line.logIn.again))) === password) return password
      complain(line.logIn.notTheSame)
    }
  }

  async #askCode({ name, password }: LogInScreen): Promise<Form> {
    const { line, ask } = this.#context
    const code = await this.#asked(() => ask(line.logIn.invite))
    const invite = emptyEditor({ oneLine: true, text: code.trim() })
    return { isNew: true, filled: { name, password, invite } }
  }

  /** An input that ends gives up. */
  async #asked(ask: () => Promise<string | undefined>): Promise<string> {
    const answer = await ask()
    if (answer === undefined || this.#options.stopped.aborted) {
      throw new LineEndError(this.#context.line.logIn.gaveUp)
    }
    return answer
  }
}

type Form = Readonly<{ isNew: boolean; filled: Partial<LogInScreen> }>

function filled(name: string, password: string): Pick<LogInScreen, 'name' | 'password'> {
  return { name: emptyEditor({ oneLine: true, text: name }), password }
}
