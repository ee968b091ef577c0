import type { ClientState } from '../state/model.ts'

const LOBBY = 'lobby'

/** What is opened without a key: what was open last, or the lobby, or anything. */
export function firstOpen(state: ClientState, last: string | undefined): string | undefined {
  if (last !== undefined && state.conversations.has(last)) return last
  const groups = [...state.conversations.values()].filter(({ kind }) => kind === 'group')
  const lobby = groups.find(({ name }) => name === LOBBY)
  return (lobby ?? groups[0] ?? [...state.conversations.values()][0])?.target
}
