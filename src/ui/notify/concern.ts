import type { Entry, NotifyLevel } from '../../protocol/messages.ts'
import type { Configuration } from '../configuration/options.ts'
import { isNamed } from '../state/mentions.ts'
import type { ClientState, Conversation } from '../state/model.ts'
import { preferencesOf } from '../state/preferences.ts'

/** What an entry is to a person who looks elsewhere. */
export type Concern = 'nothing' | 'message' | 'mention'

type Levels = Pick<Configuration['notify'], 'direct' | 'groups'>
type Level = Levels['direct']

/** What the entry is, by what the person wants of that conversation, else by the configuration. */
export function concernOf(
  state: ClientState,
  conversation: Conversation,
  entry: Entry,
  levels: Levels,
): Concern {
  const { me, status, contacts } = state
  if (entry.kind !== 'text' || entry.from === me?.id || status === 'busy') return 'nothing'
  if (contacts.get(entry.from)?.blocked === true) return 'nothing'
  const level = levelOf(conversation, levels)
  if (level === 'none') return 'nothing'
  if (isNamed(entry, me?.id)) return 'mention'
  return level === 'all' ? 'message' : 'nothing'
}

/** Why one is told less of a conversation for now than that level says; undefined: one is not. */
export function hushedBy(
  { status }: Pick<ClientState, 'status'>,
  conversation: Conversation,
  notify: NotifyLevel,
  levels: Levels,
): 'busy' | 'muted' | undefined {
  const level = chosenLevel(conversation, notify, levels)
  if (level !== 'none' && status === 'busy') return 'busy'
  return level === 'all' && preferencesOf(conversation).muted ? 'muted' : undefined
}

/** A muted conversation calls only where one is named. */
function levelOf(conversation: Conversation, levels: Levels): Level {
  const { muted, notify } = preferencesOf(conversation)
  const level = chosenLevel(conversation, notify, levels)
  return muted && level === 'all' ? 'mentions' : level
}

function chosenLevel(
  { kind }: Conversation,
  notify: NotifyLevel,
  { direct, groups }: Levels,
): Level {
  const usual = kind === 'direct' ? direct : groups
  return notify === 'default' || notify === 'unknown' ? usual : notify
}

/** Where the person is: before that conversation, before another one, or elsewhere. */
export type Whereabouts = 'here' | 'near' | 'elsewhere'

/** How long after a key a person is taken to be there, where the terminal says nothing. */
const ATTENDING_MS = 60_000

/**
 * `focus`: what the terminal has said of it; undefined: nothing yet, and some never do. `idleMs`:
 * since the last key.
 */
export function whereabouts(
  state: ClientState,
  target: string,
  focus: boolean | undefined,
  idleMs: number,
): Whereabouts {
  const { focused, open, overlay, screen, conversations } = state
  // While the person's editor has the terminal, it does not have the focus whatever it says.
  const attends = focused && (focus ?? idleMs < ATTENDING_MS)
  if (!attends) return 'elsewhere'
  const inView = screen.type === 'main' && open === target && overlay === undefined
  return inView && conversations.get(target)?.anchor === undefined ? 'here' : 'near'
}
