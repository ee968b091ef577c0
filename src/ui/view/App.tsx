import { useApp, useCursor, useInput, usePaste } from 'ink'
import { type ReactNode, useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Frames } from '../frame.ts'
import { type KeyPress, keysOf } from '../input/key.ts'
import type { Look } from '../look.ts'
import type { StateEvent } from '../state/events.ts'
import type { ClientState, Screen } from '../state/model.ts'
import type { Store } from '../state/store.ts'
import { Entrance, type EntranceCalls, logInCursor } from './Entrance.tsx'
import { Main } from './Main.tsx'

export type AppProps = Readonly<{
  store: Store<ClientState, StateEvent>
  frames: Frames
  look: Look
  version: string
  /** What is wrong in the configuration; '' when nothing is. */
  complaint: string
  onKey: (key: KeyPress) => void
  onPaste: (text: string) => void
  onSubmitAddress: () => void
  onSubmitPassword: () => void
  /** Hands out Ink's way to give the terminal to something else for a while. */
  onTerminal: (suspend: (during: () => Promise<void>) => Promise<void>) => void
}>

/** `onSized`: the screen is drawn for another size of the window now. */
type Drawn = Readonly<{ onSized: () => void }>

/** The whole screen: which one, and who takes the keys. */
export function App(props: AppProps & Drawn): ReactNode {
  const { store, frames, look, onSized } = props
  const state = useSyncExternalStore(store.subscribe, store.getSnapshot)
  const { suspendTerminal } = useApp()
  const { setCursorPosition } = useCursor()
  const calls = useMemo(() => entranceCalls(props), [props])
  useEffect(() => props.onTerminal(suspendTerminal), [props, suspendTerminal])
  const { columns, rows } = state.size
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the size that matters.
  useEffect(() => onSized(), [onSized, columns, rows])
  useInput((input, key) => {
    for (const press of keysOf(input, key)) props.onKey(press)
  })
  // A prompt takes what is pasted as if it was typed.
  usePaste(props.onPaste, { isActive: !isPrompt(state.screen) })

  if (state.screen.type === 'main') {
    const frame = frames.of(state)
    setCursorPosition(frame.cursor)
    return <Main frame={frame} />
  }
  const { screen, size } = state
  setCursorPosition(screen.type === 'logIn' ? logInCursor(screen, size, look) : undefined)
  return (
    <Entrance
      screen={screen}
      address={state.address}
      version={props.version}
      complaint={props.complaint}
      now={state.now}
      size={size}
      look={look}
      calls={calls}
    />
  )
}

function isPrompt(screen: Screen): boolean {
  return screen.type === 'address' || (screen.type === 'logIn' && screen.field === 'password')
}

function entranceCalls({ store, onSubmitAddress, onSubmitPassword }: AppProps): EntranceCalls {
  const screen = () => store.getSnapshot().screen
  return {
    address: (text) => {
      const now = screen()
      if (now.type !== 'address') return
      store.dispatch({ type: 'screen', screen: { ...now, text, fault: '' } })
    },
    password: (password) => {
      const now = screen()
      if (now.type !== 'logIn') return
      store.dispatch({ type: 'screen', screen: { ...now, password, fault: '' } })
    },
    submitAddress: onSubmitAddress,
    submitPassword: onSubmitPassword,
  }
}
