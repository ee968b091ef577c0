import { leaveServer, run } from '../commands/actions.ts'
import type { Context } from '../context.ts'
import { type ChoiceId, choicesOf } from '../flow/screens.ts'
import { isAtHosted } from '../flow/share.ts'
import type { KeyPress } from '../input/key.ts'
import { actionFor } from '../input/keymap.ts'
import type { LogInScreen, Screen } from '../state/model.ts'
import { typedField } from './field.ts'

/** A key on a screen before the chat. The prompts take their own keys; here is the rest. */
export function entranceKey(context: Context, screen: Screen, key: KeyPress): void {
  if (key.name === 'ctrl+c') return leaveProgram(context, screen)
  if (key.name === 'esc') return back(context, screen)
  if (screen.type === 'logIn') return logInKey(context, screen, key)
  if ('chosen' in screen) choiceKey(context, screen, key)
}

type ChoiceScreen = Extract<Screen, { chosen: number }>

function choiceKey(context: Context, screen: ChoiceScreen, key: KeyPress): void {
  const choices = choicesOf(screen, context.look)
  const step = steps[key.name]
  if (step !== undefined) {
    const chosen = (screen.chosen + step + choices.length) % choices.length
    return context.store.dispatch({ type: 'screen', screen: { ...screen, chosen } })
  }
  if (screen.type === 'start' && key.name === 'q') return leaveProgram(context, screen)
  const choice = choices[screen.chosen]
  if (key.name === 'enter' && choice !== undefined) choose(context, screen, choice.id)
}

const steps: Readonly<Record<string, number>> = {
  up: -1,
  k: -1,
  'shift+tab': -1,
  down: 1,
  j: 1,
  tab: 1,
}

function choose(context: Context, screen: ChoiceScreen, id: ChoiceId): void {
  const { flow } = context
  if (id.startsWith('recent') && screen.type === 'start') {
    const server = screen.recent[Number(id.slice('recent'.length))]
    return server && run(context, () => flow.connect(server))
  }
  chosen[id]?.(context, screen)
}

const chosen: Readonly<Record<string, (context: Context, screen: ChoiceScreen) => void>> = {
  host: (context) => run(context, () => context.flow.ownServer.enter(undefined)),
  otherPort: (context) => run(context, () => context.flow.ownServer.enter(0)),
  connect: ({ flow }) => flow.showAddress(),
  connectLocal: (context, screen) => {
    if (screen.type !== 'hostFailed' || screen.address === undefined) return
    const { address } = screen
    run(context, () => context.flow.connect({ address }))
  },
  retry: (context) => run(context, () => context.flow.retry()),
  edit: ({ flow }) => flow.showAddress(flow.place?.address ?? ''),
  trust: (context) => run(context, () => context.flow.trust(true)),
  once: (context) => run(context, () => context.flow.trust(false)),
  back: (context, screen) => back(context, screen),
  keep: (context) => run(context, () => leaveServer(context, 'keep')),
  stop: (context) => run(context, () => leaveServer(context, 'stop')),
  stay: (context, screen) => back(context, screen),
}

function back(context: Context, screen: Screen): void {
  const { flow } = context
  if (screen.type === 'start') return
  if (screen.type === 'leaving') {
    return context.store.dispatch({ type: 'screen', screen: screen.from })
  }
  flow.cancel()
  run(context, () => flow.leave())
}

function logInKey(context: Context, screen: LogInScreen, key: KeyPress): void {
  if (screen.busy) return
  const step = fieldSteps[key.name]
  if (step !== undefined) return moveField(context, screen, step)
  // The password's prompt takes its own keys, Enter too.
  if (screen.field === 'password') return
  if (screen.field === 'name' || screen.field === 'invite') {
    return textKey(context, screen, screen.field, key)
  }
  if (key.name === 'enter') return run(context, () => context.flow.logIn(screen.field === 'create'))
  const side = sideSteps[key.name]
  if (side !== undefined) moveField(context, screen, side)
}

function textKey(
  context: Context,
  screen: LogInScreen,
  field: 'name' | 'invite',
  key: KeyPress,
): void {
  const editor = screen[field]
  if (editor === undefined) return
  // Who has an invite makes an account with it.
  if (key.name === 'enter' && field === 'invite')
    return run(context, () => context.flow.logIn(true))
  if (key.name === 'enter') return moveField(context, screen, 1)
  const situation = { empty: false, atEnd: false }
  const meaning = actionFor(context.keymap, 'overlay', key.name, situation)
  const typed = typedField(editor, key, meaning?.action)
  if (typed === undefined) return
  context.store.dispatch({ type: 'screen', screen: { ...screen, [field]: typed, fault: '' } })
}

const FIELDS: readonly LogInScreen['field'][] = ['name', 'password', 'invite', 'logIn', 'create']
const fieldSteps: Readonly<Record<string, number>> = { tab: 1, down: 1, 'shift+tab': -1, up: -1 }
const sideSteps: Readonly<Record<string, number>> = { right: 1, left: -1 }

function moveField({ store }: Context, screen: LogInScreen, by: number): void {
  const fields = FIELDS.filter((field) => field !== 'invite' || screen.invite !== undefined)
  const at = fields.indexOf(screen.field) + by
  const field = fields[(at + fields.length) % fields.length] ?? 'name'
  store.dispatch({ type: 'screen', screen: { ...screen, field } })
}

/** While one hosts, what becomes of the server is asked first: others may be connected. */
function leaveProgram(context: Context, from: Screen): void {
  if (from.type === 'leaving') return
  if (context.flow.hosting.server === undefined) return context.exit(0)
  const { store } = context
  const elsewhere = !isAtHosted(store.getSnapshot())
  store.dispatch({
    type: 'screen',
    screen: { type: 'leaving', chosen: 0, connected: undefined, elsewhere, from },
  })
  run(context, async () => {
    const connected = await context.flow.ownServer.othersConnected()
    const { screen } = store.getSnapshot()
    if (screen.type === 'leaving')
      store.dispatch({ type: 'screen', screen: { ...screen, connected } })
  })
}
