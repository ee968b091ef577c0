import type { ClientEvent } from '../../net/events.ts'
import { chatEntry } from '../../net/library/chat-entry.ts'
import type { Entry } from '../../protocol/messages.ts'
import { deedOf } from '../commands/slash.ts'
import type { Configuration } from '../configuration/options.ts'
import type { Context } from '../context.ts'
import { conversationTitle } from '../panes/title.ts'
import type { ClientState, Conversation } from '../state/model.ts'
import { unread } from '../state/preferences.ts'
import { type CommandFailure, failureWords, ProgramRunner } from './command.ts'
import { concernOf, whereabouts } from './concern.ts'
import { Cooldown, type Summary, TOLD_AT_ONCE } from './cooldown.ts'
import { isNews, type Known, NOTHING_KNOWN, withKnown } from './news.ts'
import { BELL, type Dialect, dialectOf, notificationSequence } from './sequence.ts'

/** What is told, and to whom it matters: the program of the person's gets it as JSON. */
type Told = Readonly<{
  title: string
  text: string
  conversation: Conversation
  entry: Entry
  isMention: boolean
  /** How many messages it is about; `entry` is the newest. */
  count: number
}>

/** What is kept of something that is not told yet: nothing of the log around it. */
type Newest = Pick<Told, 'text' | 'entry' | 'isMention'>

/** The terminal as far as it takes part in telling. */
export type NotifierTerminal = Readonly<{
  write: (text: string) => void
  /** An editor, say, has it for the time being. */
  isAway: () => boolean
}>

/**
 * Tells a person who looks elsewhere what has come: by the bell, by a notification of the terminal's,
 * by a program of their own. Who has the conversation before them is told nothing, who has another one
 * hears the bell alone, for the screen says the rest.
 */
export class Notifier {
  readonly #context: Pick<Context, 'store' | 'look' | 'clock'>
  readonly #options: Configuration['notify']
  readonly #env: Readonly<Record<string, string | undefined>>
  readonly #terminal: NotifierTerminal
  readonly #dialect: Dialect
  readonly #command: ProgramRunner | undefined
  #known: Known = NOTHING_KNOWN
  readonly #cooldown: Cooldown<Newest>
  /** Undefined: the terminal has not said anything of it. */
  #focus: boolean | undefined
  #keyAt: number
  #cancel: (() => void) | undefined

  constructor(
    context: Pick<Context, 'store' | 'look' | 'clock' | 'configuration'>,
    env: Readonly<Record<string, string | undefined>>,
    terminal: NotifierTerminal,
  ) {
    this.#context = context
    this.#options = context.configuration.notify
    this.#env = env
    this.#terminal = terminal
    this.#cooldown = new Cooldown(this.#options.cooldownSeconds * 1_000)
    this.#dialect = dialectOf(this.#options.terminal, env)
    this.#keyAt = context.clock.now()
    const [program, ...args] = this.#options.command
    const { clock } = context
    const onFailure = (failure: CommandFailure) => this.#sayFailure(program ?? '', failure)
    const words = program === undefined ? undefined : ([program, ...args] as const)
    this.#command = words && new ProgramRunner({ words: [...words], clock, onFailure })
  }

  /** After the state has taken it. */
  take(event: ClientEvent): void {
    if (event.type === 'entry' && isNews(this.#known, event)) this.#take(event)
    this.#known = withKnown(this.#known, event)
  }

  /** The terminal says that it has the focus, or has it no more. */
  focus(focused: boolean): void {
    this.#focus = focused
  }

  /** The person did something: a key, a paste, the mouse. */
  pressed(): void {
    this.#keyAt = this.#context.clock.now()
  }

  stop(): void {
    this.#cancel?.()
    this.#command?.stop()
  }

  #take({ conversation: id, entry }: Extract<ClientEvent, { type: 'entry' }>): void {
    const state = this.#state
    const conversation = state.conversations.get(state.targets.get(id) ?? '')
    if (conversation === undefined) return
    const concern = concernOf(state, conversation, entry, this.#options)
    if (concern === 'nothing' || this.#whereabouts(conversation.target) === 'here') return
    const isMention = concern === 'mention'
    const told = toldOf(state, conversation, entry, isMention, this.#context)
    const now = this.#context.clock.now()
    const newest = { text: told.text, entry, isMention }
    if (this.#cooldown.tells(conversation.target, isMention, now, newest)) this.#tell(told)
    // No other pause ends later than one that begins now.
    if (this.#cancel === undefined) this.#wait()
  }

  #tell(told: Told): void {
    const elsewhere = this.#whereabouts(told.conversation.target) === 'elsewhere'
    const { title, text } = told
    // What else has the terminal does not expect more than a bell.
    const shows = elsewhere && !this.#terminal.isAway()
    const shown = shows ? notificationSequence(this.#dialect, title, text, this.#env) : ''
    const bytes = `${shown}${this.#options.bell ? BELL : ''}`
    if (bytes !== '') this.#terminal.write(bytes)
    if (elsewhere) this.#command?.run(`${JSON.stringify(jsonOf(told, this.#state.me?.id ?? ''))}\n`)
  }

  /** At the end of pauses: how much has come in them, if it is still to be read. */
  #sayGathered(summaries: readonly Summary<Newest>[]): void {
    if (this.#state.status === 'busy') return
    const all = summaries.flatMap((summary) => this.#gathered(summary) ?? [])
    const told = all.length > TOLD_AT_ONCE ? [this.#together(all)] : all
    for (const one of told) this.#tell(one)
  }

  #gathered({ target, count, newest }: Summary<Newest>): Told | undefined {
    const state = this.#state
    const conversation = state.conversations.get(target)
    if (conversation === undefined) return undefined
    const left = Math.min(count, unread(conversation))
    if (left === 0 || this.#whereabouts(target) !== 'elsewhere') return undefined
    const { look } = this.#context
    const about = conversationTitle(state, conversation, look)
    const { kind } = conversation
    const title = look.words.attention.summary[kind](left, about)
    const { text, entry } = newest
    const said = kind === 'group' ? saidBy(entry) : text
    return { ...newest, conversation, title, text: said, count: left }
  }

  /** Of many conversations: how many, and the newest of all. */
  #together(all: readonly Told[]): Told {
    const newest = all.reduce((one, other) => (other.entry.time >= one.entry.time ? other : one))
    const count = all.reduce((sum, told) => sum + told.count, 0)
    const title = this.#context.look.words.attention.summary.many(count, all.length)
    return { ...newest, title, text: saidBy(newest.entry), count }
  }

  #wait(): void {
    this.#cancel?.()
    this.#cancel = undefined
    const end = this.#cooldown.nextEnd
    if (end === undefined) return
    const { clock } = this.#context
    this.#cancel = clock.after(Math.max(0, end - clock.now()), () => this.#pauseEnds())
  }

  #pauseEnds(): void {
    this.#cancel = undefined
    this.#sayGathered(this.#cooldown.end(this.#context.clock.now()))
    this.#wait()
  }

  #whereabouts(target: string) {
    const idleMs = this.#context.clock.now() - this.#keyAt
    // While an editor has the terminal, the terminal's own word is of no use.
    const focus = this.#state.focused ? this.#focus : false
    return whereabouts(this.#state, target, focus, idleMs)
  }

  #sayFailure(program: string, failure: CommandFailure): void {
    const { words } = this.#context.look
    const text = words.attention.commandFailed(program, failureWords(failure, words))
    this.#context.store.dispatch({ type: 'notice', notice: { kind: 'error', text } })
  }

  get #state(): ClientState {
    return this.#context.store.getSnapshot()
  }
}

function toldOf(
  state: ClientState,
  conversation: Conversation,
  entry: Entry,
  isMention: boolean,
  { look }: Pick<Context, 'look'>,
): Told {
  const { attention } = look.words
  const about = conversationTitle(state, conversation, look)
  const inGroup = isMention ? attention.mentioned : attention.inGroup
  const title = conversation.kind === 'direct' ? entry.name : inGroup(entry.name, about)
  const text = deedOf(entry.text, entry.name) ?? entry.text
  return { title, text, conversation, entry, isMention, count: 1 }
}

/** 'alice: tea?' */
function saidBy({ name, text }: Entry): string {
  return deedOf(text, name) ?? `${name}: ${text}`
}

/** What other programs can rely on: the newest message as `tchat tail --json` has it, and what is told. */
function jsonOf(
  { title, text: words, conversation: about, entry, isMention, count }: Told,
  me: string,
) {
  const { kind: place, name, head } = about
  const label = place === 'group' ? `#${name}` : name
  const whole = chatEntry(label, head?.conversation ?? '', entry, me)
  const { conversation, seq, time, from, kind, text } = whole
  const message = { conversation, seq, time, from, kind, text }
  return { ...message, title, words, mention: isMention, count }
}
