import type { Member } from '../../protocol/messages.ts'
import { type Candidate, wordCandidate } from '../input/completion.ts'
import type { Emoji } from '../input/emoji.ts'
import { draftOf } from '../state/drafts.ts'
import type { ClientState } from '../state/model.ts'
import { choicesAt, namedActions } from './action-names.ts'

/**
 * What Tab can complete to: what a command wants here, '@alice', '#lobby', '/create', ':thumbsup'; who
 * spoke here last first.
 */
export function completions(state: ClientState): readonly Candidate[] {
  const names = new Set<string>()
  for (const name of speakers(state)) names.add(`@${name}`)
  for (const { user } of [...state.contacts.values(), ...membersHere(state)]) {
    if (user && !state.gone.has(user.id)) names.add(`@${user.name}`)
  }
  for (const { kind, name, target } of state.conversations.values()) {
    if (state.gone.has(target)) continue
    names.add(kind === 'group' ? `#${name}` : `@${name}`)
  }
  names.delete(`@${state.me?.name}`)
  const { clusters, cursor } = draftOf(state)
  const choices = choicesAt(clusters.slice(0, cursor).join(''))
  const words = [...choices, ...names, ...namedActions().map(([command]) => command)]
  return [...words.map(wordCandidate), ...emojiCandidates(state.emoji)]
}

const SPOKEN_MAX = 100

function speakers(state: ClientState): readonly string[] {
  const entries = state.conversations.get(state.open ?? '')?.entries ?? []
  return entries
    .slice(-SPOKEN_MAX)
    .flatMap(({ kind, from, name }) => (kind === 'text' && !state.gone.has(from) ? [name] : []))
    .reverse()
}

function membersHere(state: ClientState): readonly Member[] {
  return state.members.get(state.open ?? '') ?? []
}

/** There are two lists of emoji in a run. A memo of a pure function, so nobody can tell that it is there. */
const made = new WeakMap<readonly Emoji[], readonly Candidate[]>()

function emojiCandidates(all: readonly Emoji[]): readonly Candidate[] {
  const known = made.get(all)
  if (known !== undefined) return known
  const candidates = all.flatMap(({ text, names }) =>
    names.map((name) => ({ text, key: `:${name}`, label: `${text} ${name}` })),
  )
  made.set(all, candidates)
  return candidates
}
