import type { ThemeName } from './appearance/palettes.ts'
import type { Opened } from './browser.ts'
import type { Configuration } from './configuration/options.ts'
import type { EditedText } from './external-editor.ts'
import type { Connector } from './flow/connector.ts'
import type { Flow } from './flow/flow.ts'
import type { Frames } from './frame.ts'
import type { Keymap } from './input/keymap.ts'
import type { RowCache } from './log/rows.ts'
import type { Look } from './look.ts'
import type { StateEvent } from './state/events.ts'
import type { ClientState, Notice, Overlay } from './state/model.ts'
import type { Store, StoreClock } from './state/store.ts'

/** What actions, keys and effects work with. */
export type Context = Readonly<{
  store: Store<ClientState, StateEvent>
  flow: Flow
  connector: Connector
  configuration: Configuration
  look: Look
  keymap: Keymap
  cache: RowCache
  frames: Frames
  clock: StoreClock
  randomNonce: () => Uint8Array
  /** Ends the interface with this exit code. */
  exit: (code: number) => void
  /** Stops the program until `fg`; the terminal is the shell's in between. */
  suspend: () => void
  /** Has a text edited in the person's own editor. Never rejects. */
  editText: (text: string) => Promise<EditedText>
  /** Puts a text into the terminal's clipboard, where the terminal lets it. */
  copy: (text: string) => void
  /** Opens an address in a browser, where there is one on this side. Never rejects. */
  openUrl: (url: string) => Promise<Opened>
  /** Another theme from now on, for this run. */
  setTheme: (name: ThemeName) => void
  /** Draws everything again. */
  redraw: () => void
}>

/** Opens a window over the chat, or closes the one that is open. */
export function show({ store }: Context, overlay: Overlay | undefined): void {
  store.dispatch({ type: 'overlay', overlay })
}

/** A line at the foot of the screen, until the next key. */
export function notify(context: Pick<Context, 'store'>, kind: Notice['kind'], text: string): void {
  context.store.dispatch({ type: 'notice', notice: { kind, text } })
}
