import type { Person } from './person.ts'
import type { Simulation } from './simulation.ts'

type Act = (world: Simulation, person: Person) => unknown

/** What people do and what befalls them, and how often. A new ability is one more row. */
const actions: readonly (readonly [weight: number, act: Act])[] = [
  [50, (world, person) => person.say(world.target(person))],
  [5, answer],
  [4, edit],
  [2, remove],
  [4, react],
  [6, (world) => world.someLink()?.reset()],
  [3, (world) => world.someLink()?.drop()],
  [5, restartDesk],
  [3, (_, person) => person.toggle(person.desk)],
  [2, (_, person) => person.toggle(person.phone)],
  [1, (world) => world.restart(world.random.pick(['gracefully', 'cut', 'killed']))],
  [7, (world, person) => person.ask({ type: 'quitGroup', group: world.group() })],
  [7, (world, person) => person.ask({ type: 'joinGroup', group: world.group() })],
  [2, (world, person) => person.ask({ type: 'addMembers', ...about(world), users: others(world) })],
  [2, (world, person) => person.ask({ type: 'removeMember', ...about(world), ...whom(world) })],
  [
    1,
    (world, person) =>
      person.ask({ type: 'removeMember', ...about(world), ...whom(world), ban: true }),
  ],
  [1, (world, person) => person.ask({ type: 'unban', ...about(world), ...whom(world) })],
  [1, (world, person) => person.ask({ type: 'setTopic', ...about(world), topic: person.name })],
  [3, rename],
  [2, (world, person) => person.begin(world.make(person, world.groupName()))],
  [1, setRole],
  [1, block],
  [2, (world, person) => person.ask({ type: 'unblock', ...whom(world) })],
  [5, markRead],
  [5, prefer],
  [2, (world, person) => person.ask({ type: 'addContact', ...whom(world) })],
  [2, (world, person) => person.ask({ type: 'removeContact', ...whom(world) })],
  [2, (_, person) => person.desk.client.reconnect()],
]

const total = actions.reduce((sum, [weight]) => sum + weight, 0)

/** Something happens; who is away comes back with it. */
export async function happen(world: Simulation, person: Person): Promise<void> {
  const act = pick(world.random.below(total))
  if (!person.desk.on) await person.comeBack(person.desk)
  await act(world, person)
}

function pick(at: number): Act {
  let left = at
  for (const [weight, act] of actions) {
    if (left < weight) return act
    left -= weight
  }
  throw new Error('beyond the last action')
}

async function restartDesk(_: Simulation, person: Person): Promise<void> {
  await person.toggle(person.desk)
  await person.comeBack(person.desk)
}

function markRead({ random }: Simulation, person: Person): void {
  const told = [...(person.desk.run?.entries.keys() ?? [])]
  if (told.length === 0) return
  const conversation = random.pick(told)
  // Sometimes less than before, which changes nothing.
  const read = 1 + random.below(person.desk.run?.lastOf(conversation) ?? 1)
  person.ask({ type: 'mark', conversation, read })
}

function prefer({ random }: Simulation, person: Person): void {
  const told = [...(person.desk.run?.entries.keys() ?? [])]
  if (told.length === 0) return
  const [pinned, muted] = [random.pick(['on', 'off'] as const), random.pick(['on', 'off'] as const)]
  person.ask({ type: 'changePreferences', conversation: random.pick(told), pinned, muted })
}

/** Something that somebody said and this one was told of. */
function someText({ random }: Simulation, { desk }: Person, by?: string): Told | undefined {
  const told = [...(desk.run?.entries ?? [])].flatMap(([conversation, entries]) =>
    entries.flatMap(({ kind, from, seq, text }) =>
      kind === 'text' && (by === undefined || by === from) ? [{ conversation, seq, text }] : [],
    ),
  )
  return told.length === 0 ? undefined : random.pick(told)
}

type Told = Readonly<{ conversation: string; seq: number; text: string }>

/** The words that it was said with stay at its beginning: by them it is known. */
function edit(world: Simulation, person: Person): void {
  const told = someText(world, person, person.id)
  if (told === undefined || told.text === '') return
  person.ask({ type: 'edit', ...told, text: `${told.text} ${world.random.below(3)}` })
}

/** Also of others, which only who manages a group may. */
function remove(world: Simulation, person: Person): void {
  const told = someText(world, person, world.random.chance(0.7) ? person.id : undefined)
  if (told !== undefined) person.ask({ type: 'deleteEntry', ...told })
}

function react(world: Simulation, person: Person): void {
  const told = someText(world, person)
  const [text, remove] = [world.random.pick(['👍', '🎉']), world.random.chance(0.3)]
  if (told !== undefined) person.ask({ type: 'react', ...told, text, remove })
}

/** A text of a group that they were told of; perhaps it is not there any more, or they are not. */
function answer(world: Simulation, person: Person): void {
  const told = someText(world, person)
  const id = told?.conversation ?? ''
  if (world.groupIds.has(id)) person.say({ kind: 'group', id }, told?.seq)
}

function block(world: Simulation, person: Person): void {
  world.blocks = true
  person.ask({ type: 'block', ...whom(world) })
}

function setRole(world: Simulation, person: Person): void {
  const role = world.random.pick(['member', 'admin', 'owner'] as const)
  person.ask({ type: 'setRole', ...about(world), ...whom(world), role })
}

/** The name may be another group's, or was: who says something there means the group. */
function rename(world: Simulation, person: Person): void {
  person.ask({ type: 'renameGroup', ...about(world), name: world.groupName() })
}

function about(world: Simulation): { group: string } {
  return { group: world.group() }
}

function whom({ random, people }: Simulation): { user: string } {
  return { user: random.pick(people).id }
}

function others({ random, people }: Simulation): string[] {
  return people.flatMap(({ id }) => (random.chance(0.5) ? [id] : []))
}
