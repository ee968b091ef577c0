import { render } from 'ink'
import { App, type AppProps } from './App.tsx'
import { holdResize } from './held-resize.ts'
import { placingStdout } from './places.ts'

export type Mounted = Readonly<{
  unmount: () => void
  /** Rejects with what a view threw. */
  ended: Promise<unknown>
}>

/** Puts the interface on the terminal's other screen. */
export function mount(
  props: AppProps,
  streams: Readonly<{ stdin: NodeJS.ReadStream; stdout: NodeJS.WriteStream }>,
): Mounted {
  const { stdout, tell } = holdResize(placingStdout(streams.stdout, props.look.signs))
  const ink = render(<App {...props} onSized={tell} />, {
    stdin: streams.stdin,
    stdout,
    alternateScreen: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
    interactive: true,
    // Incoming events are folded in the store; keys must never wait.
    maxFps: 250,
  })
  return {
    unmount: () => ink.unmount(),
    ended: ink.waitUntilExit(),
  }
}
