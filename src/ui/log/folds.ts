import type { Entry } from '../../protocol/messages.ts'
import type { FoldedPeople } from '../catalogue/en-log.ts'

/** Whether of many such entries in a row one line is enough. */
export function isNoise({ kind }: Entry): boolean {
  return kind === 'joined' || kind === 'quit' || kind === 'added'
}

type Moves = Readonly<{ name: string; came: boolean; here: boolean; added: boolean }>

/** What became of everybody in these entries, each person once. */
export function foldedPeople(entries: readonly Entry[]): FoldedPeople {
  const people = new Map<string, Moves>()
  for (const entry of entries) {
    const added = entry.kind === 'added'
    const id = (added ? entry.subject?.id : undefined) ?? entry.from
    const name = (added ? entry.subject?.name : undefined) ?? entry.name
    const here = entry.kind !== 'quit'
    people.set(id, { name, came: people.get(id)?.came ?? here, here, added })
  }
  const all = [...people.values()]
  const named = (suits: (moves: Moves) => boolean) => all.filter(suits).map(({ name }) => name)
  return {
    joined: named(({ came, here, added }) => came && here && !added),
    added: named(({ came, here, added }) => came && here && added),
    left: named(({ came, here }) => !came && !here),
    passed: named(({ came, here }) => came && !here),
    returned: named(({ came, here }) => !came && here),
  }
}
