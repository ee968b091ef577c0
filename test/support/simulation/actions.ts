import type { Person } from './person.ts'
import type { Simulation } from './simulation.ts'

type Act = (world: Simulation, person: Person) => unknown

/** What people do and what befalls them, and how often. A new ability is one more row. */
const actions: readonly (readonly [weight: number, act: Act])[] = [
  [60, (world, person) => person.say(world.target(person))],
  [6, (world) => world.someLink()?.reset()],
  [3, (world) => world.someLink()?.drop()],
  [5, restartDesk],
  [3, (_, person) => person.toggle(person.desk)],
  [2, (_, person) => person.toggle(person.phone)],
  [1, (world) => world.restart(world.random.pick(['gracefully', 'cut', 'killed']))],
  [7, (world, person) => ask(person, { type: 'quitGroup', group: world.group() })],
  [7, (world, person) => ask(person, { type: 'joinGroup', group: world.group() })],
  [5, markRead],
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
  ask(person, { type: 'mark', conversation, read })
}

type Draft = Parameters<Person['desk']['client']['request']>[0]

/** The link may be down, or break before the answer comes. */
function ask({ desk }: Person, draft: Draft): void {
  desk.client.request(draft).catch(() => undefined)
}
