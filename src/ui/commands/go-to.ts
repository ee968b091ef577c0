import type { User } from '../../protocol/messages.ts'
import { nameFault, nameKey, nameOf } from '../../protocol/names.ts'
import { fuzzyFilter } from '../input/fuzzy.ts'
import type { Look } from '../look.ts'
import type { ClientState } from '../state/model.ts'
import { groupRows, type ListRow, peopleRows } from '../state/selectors.ts'
import { type ActionName, namedActions } from './action-names.ts'

/** A row of 'go to'. */
export type GoToItem = Readonly<{
  label: string
  /** What it is, in a word. */
  kind: string
  to:
    | Readonly<{ type: 'open'; target: string }>
    /** Somebody whom one shares a group with, but no conversation yet. */
    | Readonly<{ type: 'begin'; user: User }>
    /** Somebody whom perhaps the server knows. */
    | Readonly<{ type: 'ask'; name: string }>
    | Readonly<{ type: 'command'; action: ActionName }>
    | Readonly<{ type: 'create'; name: string }>
    | Readonly<{ type: 'join'; name: string }>
    | Readonly<{ type: 'notes' }>
}>

/**
 * People, groups and commands that fit what was typed, best first; then a new group of that name,
 * to be created or joined.
 */
export function goToItems(state: ClientState, query: string, look: Look): readonly GoToItem[] {
  const typed = query.trim()
  const found = fuzzyFilter(typed, candidates(state, look), ({ label }) => label)
  return [...found, ...newPerson(state, typed, look), ...newGroup(state, typed, look)]
}

function candidates(state: ClientState, look: Look): readonly GoToItem[] {
  const { goTo } = look.words
  const row = (prefix: string, kind: string) => (it: ListRow) =>
    ({
      label: it.target === state.me?.id ? goTo.notes : `${prefix}${it.name}`,
      kind: it.unread > 0 ? `${it.unread} · ${kind}` : kind,
      to: { type: 'open', target: it.target },
    }) as const
  const people = peopleRows(state)
  const notes: GoToItem = { label: goTo.notes, kind: goTo.person, to: { type: 'notes' } }
  const hasNotes = people.some(({ target }) => target === state.me?.id)
  return [
    // What was said can still be read.
    ...people.map((it) => row('', state.gone.has(it.target) ? goTo.gone : goTo.person)(it)),
    ...acquaintances(state).map(
      (user): GoToItem => ({
        label: user.name,
        kind: goTo.person,
        to: { type: 'begin', user },
      }),
    ),
    ...groupRows(state).map(row('#', goTo.group)),
    ...(hasNotes ? [] : [notes]),
    ...namedActions().map(
      ([label, action]): GoToItem => ({
        label,
        kind: goTo.command,
        to: { type: 'command', action },
      }),
    ),
  ]
}

/** Members of one's groups, as far as they were asked for, who are in no list yet. */
function acquaintances(state: ClientState): readonly User[] {
  const listed = new Set(peopleRows(state).map(({ target }) => target))
  const users = new Map<string, User>()
  for (const { user } of [...state.members.values()].flat()) {
    if (user !== undefined && user.id !== state.me?.id && !listed.has(user.id)) {
      users.set(user.id, user)
    }
  }
  return [...users.values()]
}

function newPerson(state: ClientState, typed: string, { words }: Look): readonly GoToItem[] {
  const name = nameOf(typed)
  if (typed.startsWith('#') || nameFault(name) !== undefined) return []
  const here = [...peopleRows(state), ...acquaintances(state)]
  if (here.some((one) => nameKey(one.name) === nameKey(name))) return []
  return [{ label: words.goTo.write(name), kind: words.goTo.person, to: { type: 'ask', name } }]
}

function newGroup(state: ClientState, typed: string, { words }: Look): readonly GoToItem[] {
  const name = nameOf(typed)
  if (nameFault(name) !== undefined) return []
  const known = groupRows(state).some((row) => nameKey(row.name) === nameKey(name))
  if (known) return []
  return [
    { label: words.goTo.create(name), kind: words.goTo.group, to: { type: 'create', name } },
    { label: words.goTo.join(name), kind: words.goTo.group, to: { type: 'join', name } },
  ]
}
