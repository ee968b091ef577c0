import type { User } from '../../protocol/messages.ts'
import { nameFault, nameKey, nameOf } from '../../protocol/names.ts'
import { fuzzyFilter } from '../input/fuzzy.ts'
import type { Look } from '../look.ts'
import type { ClientState, GoToWindow } from '../state/model.ts'
import { groupRows, type ListRow, peopleRows } from '../state/selectors.ts'
import { type ActionName, allCommands, namedActions } from './action-names.ts'

type Found = NonNullable<GoToWindow['found']>

/** A row of 'go to'. */
export type GoToItem = Readonly<{
  label: string
  /** What it is, in a word, or what a command does. */
  kind: string
  /** By what else it is found. */
  also?: readonly string[]
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
 * People, groups and commands that fit what was typed, best first, of equal ones what was used last;
 * then a person the server may know, and a new group of that name, to be created or joined. Without a
 * text: what was used last, the one before what is open first of all; then what is unread.
 * @param found what the server knows of that name
 */
export function goToItems(
  state: ClientState,
  query: string,
  look: Look,
  found?: Found,
): readonly GoToItem[] {
  const typed = query.trim()
  const key = nameKey(typed)
  const here = fuzzyFilter(typed, candidates(state, look), (item) => labelsOf(item, key))
  const there = strangers(state, typed, look, found)
  const offers = [...newPerson(state, typed, look), ...newGroup(state, typed, look)]
  const names = new Set(there.map(({ label }) => nameKey(label)))
  // Who is there need not be looked for, and a name that is taken cannot be had.
  const open = offers.filter(({ to }) => {
    if (to.type === 'ask') return !names.has(nameKey(to.name))
    return !('name' in to && names.has(nameKey(`#${to.name}`)))
  })
  return [...here, ...there, ...open]
}

/** Whom and which public groups the server knows of that name, besides those that are listed here. */
function strangers(
  state: ClientState,
  typed: string,
  { words }: Look,
  found: Found | undefined,
): readonly GoToItem[] {
  const key = nameKey(nameOf(typed))
  if (found === undefined || key === '') return []
  const fits = ({ name }: Readonly<{ name: string }>) => nameKey(name).startsWith(key)
  const known = new Set([state.me?.id, ...acquaintances(state).map(({ id }) => id)])
  for (const { target } of [...peopleRows(state), ...groupRows(state)]) known.add(target)
  const users = typed.startsWith('#') ? [] : found.users.filter(fits)
  const groups = found.groups.filter(fits).filter(({ id, joined }) => !joined && !known.has(id))
  return [
    ...users
      .filter(({ id }) => !known.has(id))
      .map((user): GoToItem => {
        return { label: user.name, kind: words.goTo.person, to: { type: 'begin', user } }
      }),
    ...groups.map((group): GoToItem => {
      const kind = words.goTo.joins(group.members)
      return { label: `#${group.name}`, kind, to: { type: 'join', name: group.name } }
    }),
  ]
}

/** Of commands so few letters fit nearly all: then they count from the beginning on. */
const LETTERS_FEW = 2

/** A command is found by each of its names; unless a slash is typed only by what stands in one of them. */
function labelsOf({ label, also }: GoToItem, key: string): string | readonly string[] {
  if (also === undefined || key === '') return label
  if (key.startsWith('/')) return [label, ...also.filter((name) => name.startsWith(key))]
  const begun = `/${key}`
  return also.filter((name) =>
    key.length <= LETTERS_FEW ? name.startsWith(begun) : name.includes(key),
  )
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
  const groups = groupRows(state)
  const notes: GoToItem = { label: goTo.notes, kind: goTo.person, to: { type: 'notes' } }
  const hasNotes = people.some(({ target }) => target === state.me?.id)
  // What was said can still be read.
  const person = (it: ListRow) => row('', state.gone.has(it.target) ? goTo.gone : goTo.person)(it)
  return [
    ...recentFirst(state, [...people.map(person), ...groups.map(row('#', goTo.group))]),
    ...acquaintances(state).map(
      (user): GoToItem => ({
        label: user.name,
        kind: goTo.person,
        to: { type: 'begin', user },
      }),
    ),
    ...(hasNotes ? [] : [notes]),
    ...namedActions().map(
      ([label, action]): GoToItem => ({
        label,
        kind: look.words.actions[action],
        also: allCommands(action),
        to: { type: 'command', action },
      }),
    ),
  ]
}

/** What is open is where one is already: it comes last. */
function recentFirst(
  { recent, open }: ClientState,
  items: readonly (GoToItem & { readonly to: { readonly target: string } })[],
): readonly GoToItem[] {
  const places = new Map(recent.map((target, at) => [target, at]))
  const rank = ({ to }: (typeof items)[number]): number => {
    if (to.target === open) return Number.POSITIVE_INFINITY
    return places.get(to.target) ?? recent.length
  }
  return items.toSorted((one, other) => {
    const [a, b] = [rank(one), rank(other)]
    return a === b ? 0 : a - b
  })
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
  const key = nameKey(name)
  if (here.some((one) => nameKey(one.name) === key)) return []
  return [{ label: words.goTo.write(name), kind: words.goTo.person, to: { type: 'ask', name } }]
}

function newGroup(state: ClientState, typed: string, { words }: Look): readonly GoToItem[] {
  const name = nameOf(typed)
  if (nameFault(name) !== undefined) return []
  const key = nameKey(name)
  if (groupRows(state).some((row) => nameKey(row.name) === key)) return []
  return [
    { label: words.goTo.create(name), kind: words.goTo.group, to: { type: 'create', name } },
    { label: words.goTo.join(name), kind: words.goTo.group, to: { type: 'join', name } },
  ]
}
