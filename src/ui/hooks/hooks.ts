import type { ClientEvent } from '../../net/events.ts'
import { chatEntry, entryJson } from '../../net/library/chat-entry.ts'
import type { Entry } from '../../protocol/messages.ts'
import type { Configuration } from '../configuration/options.ts'
import { type Context, notify } from '../context.ts'
import { failureWords, ProgramRunner } from '../notify/command.ts'
import { concernOf } from '../notify/concern.ts'
import { isNews, type Known, NOTHING_KNOWN, withKnown } from '../notify/news.ts'
import type { ClientState, Conversation } from '../state/model.ts'

type HookName = keyof Configuration['hooks']

/** More messages than that are not kept for a program that is slow. */
const WAITING_MAX = 1_000

/** What a person wants of a conversation decides; what the configuration says of all of them does not. */
const ALL = { direct: 'all', groups: 'all' } as const

/**
 * Runs the person's programs for what others say while one is there; each gets the entry as JSON on its
 * standard input, as `tchat tail --json` prints it. What is caught up after a log-in or a loss of the
 * connection is no news, and runs nothing.
 */
export class Hooks {
  readonly #context: Pick<Context, 'store'>
  readonly #programs: ReadonlyMap<HookName, ProgramRunner>
  #known: Known = NOTHING_KNOWN

  constructor(context: Pick<Context, 'store' | 'look' | 'clock' | 'configuration'>) {
    this.#context = context
    this.#programs = programsOf(context)
  }

  /** After the state has taken it. */
  take(event: ClientEvent): void {
    if (this.#programs.size === 0) return
    if (event.type === 'entry' && isNews(this.#known, event)) this.#take(event)
    this.#known = withKnown(this.#known, event)
  }

  /** What runs is ended: nobody is there any more to see to it. */
  stop(): void {
    for (const program of this.#programs.values()) program.stop()
  }

  #take({ conversation: id, entry }: Extract<ClientEvent, { type: 'entry' }>): void {
    const state = this.#context.store.getSnapshot()
    const conversation = state.conversations.get(state.targets.get(id) ?? '')
    if (conversation === undefined) return
    const label = conversation.kind === 'group' ? `#${conversation.name}` : conversation.name
    const json = `${entryJson(chatEntry(label, id, entry, state.me?.id ?? ''))}\n`
    for (const hook of hooksFor(state, conversation, entry)) this.#programs.get(hook)?.run(json)
  }
}

/** Which hooks the entry is for. */
function hooksFor(
  state: ClientState,
  conversation: Conversation,
  entry: Entry,
): readonly HookName[] {
  const { me, contacts } = state
  if (entry.kind !== 'text' || entry.from === me?.id) return []
  if (contacts.get(entry.from)?.blocked === true) return []
  const concern = concernOf(state, conversation, entry, ALL)
  const isDirect = conversation.kind === 'direct' && concern !== 'nothing'
  return [
    'message',
    ...(concern === 'mention' ? (['mention'] as const) : []),
    ...(isDirect ? (['direct'] as const) : []),
  ]
}

function programsOf(
  context: Pick<Context, 'store' | 'look' | 'clock' | 'configuration'>,
): ReadonlyMap<HookName, ProgramRunner> {
  const programs = new Map<HookName, ProgramRunner>()
  const { hooks } = context.configuration
  for (const [hook, [program, ...args]] of Object.entries(hooks) as [HookName, string[]][]) {
    if (program === undefined) continue
    const runner = new ProgramRunner({
      words: [program, ...args],
      clock: context.clock,
      waitingMax: WAITING_MAX,
      needsAll: true,
      onFailure: (failure) => {
        const { words } = context.look
        const reason = failureWords(failure, words)
        notify(context, 'error', words.attention.hookFailed(hook, program, reason))
      },
    })
    programs.set(hook, runner)
  }
  return programs
}
