import type { Look } from '../look.ts'
import type { Screen } from '../state/model.ts'

/** What can be chosen on a screen, in the order of its rows. */
export type Choice = Readonly<{ id: ChoiceId; label: string; help: string }>

export type ChoiceId =
  | 'host'
  | 'connect'
  | `recent${number}`
  | 'otherPort'
  | 'connectLocal'
  | 'retry'
  | 'edit'
  | 'trust'
  | 'once'
  | 'back'
  | 'keep'
  | 'stop'
  | 'stay'

/** None where a screen has no rows to choose from. */
export function choicesOf(screen: Screen, look: Look): readonly Choice[] {
  const make = choices[screen.type] as
    | ((screen: Screen, look: Look) => readonly Choice[])
    | undefined
  return make?.(screen, look) ?? []
}

type Choices = {
  [T in Screen['type']]?: (screen: Extract<Screen, { type: T }>, look: Look) => readonly Choice[]
}

const RECENT_SHOWN = 8

const choices: Choices = {
  start: ({ recent }, { words: { start } }) => [
    { id: 'host', label: start.host, help: start.hostHelp },
    { id: 'connect', label: start.connect, help: start.connectHelp },
    ...recent.slice(0, RECENT_SHOWN).map(
      ({ address, user, name }, index): Choice => ({
        id: `recent${index}`,
        label: name ?? start.recent(address, user),
        help: name === undefined ? '' : start.recent(address, user),
      }),
    ),
  ],
  hostFailed: ({ reason, address }, { words: { start } }) => [
    ...(reason === 'portTaken'
      ? [{ id: 'otherPort', label: start.otherPort, help: '' } as const]
      : []),
    ...(reason === 'locked' && address !== undefined
      ? [{ id: 'connectLocal', label: start.connectLocal, help: '' } as const]
      : []),
    { id: 'back', label: start.back, help: '' },
  ],
  failed: (_, { words: { failed } }) => [
    { id: 'retry', label: failed.retry, help: '' },
    { id: 'edit', label: failed.edit, help: '' },
    { id: 'back', label: failed.back, help: '' },
  ],
  trust: (_, { words: { trust } }) => [
    { id: 'trust', label: trust.trust, help: trust.trustHelp },
    { id: 'once', label: trust.once, help: trust.onceHelp },
    { id: 'back', label: trust.cancel, help: '' },
  ],
  changedKey: (_, { words: { changedKey } }) => [{ id: 'back', label: changedKey.back, help: '' }],
  leaving: (_, { words: { quit } }) => [
    { id: 'keep', label: quit.keep, help: quit.keepHelp },
    { id: 'stop', label: quit.stop, help: quit.stopHelp },
    { id: 'stay', label: quit.stay, help: '' },
  ],
}
