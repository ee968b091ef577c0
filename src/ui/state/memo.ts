import type { ClientState } from './model.ts'

/**
 * A pure function of those parts of the state, made again only when one of them is another one: with
 * ten thousand conversations the difference is felt with every key. `make` gets what it made before.
 */
export function remembered<R>(
  parts: (state: ClientState) => readonly unknown[],
  make: (state: ClientState, before: R | undefined) => R,
): (state: ClientState) => R {
  let known: Readonly<{ parts: readonly unknown[]; made: R }> | undefined
  return (state) => {
    const now = parts(state)
    if (known?.parts.every((part, index) => part === now[index]) === true) return known.made
    known = { parts: now, made: make(state, known?.made) }
    return known.made
  }
}
