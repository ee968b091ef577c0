import { asciiWords, inAsciiSigns, needsAscii } from './appearance/ascii.ts'
import { type Background, toldBackground } from './appearance/background.ts'
import { colourDepth } from './appearance/colour-depth.ts'
import { paletteOf, type ThemeName } from './appearance/palettes.ts'
import type { Catalogue } from './catalogue/en.ts'
import { withLiveKeys } from './catalogue/live-keys.ts'
import type { WallClock } from './clock.ts'
import type { Configuration } from './configuration/options.ts'
import type { Keymap } from './input/keymap.ts'
import { createTheme, type Theme } from './theme.ts'

/** How everything is shown: colours, words, times, and which keys there are. One for a whole run. */
export type Look = Readonly<{
  /** May become another one during a run: nobody keeps it. */
  theme: Theme
  themeName: ThemeName
  words: Catalogue
  clock: WallClock
  keymap: Keymap
  /** What the person has configured of it: Markdown, links, folding. */
  configured: Configuration['look']
  /** The person's home folder; '' where it is not known. */
  home: string
  /** What is drawn, in signs that the terminal has; the last step on the way to it. */
  signs: (text: string) => string
}>

type LookParts = Pick<Look, 'words' | 'clock' | 'keymap'> &
  Readonly<{
    configured: Configuration['look']
    env: Readonly<Record<string, string | undefined>>
  }>

/** The look of a run, whose theme can be changed. */
export class LiveLook implements Look {
  readonly words: Catalogue
  readonly clock: WallClock
  readonly keymap: Keymap
  readonly configured: Configuration['look']
  readonly home: string
  readonly signs: (text: string) => string
  readonly #env: LookParts['env']
  #name: ThemeName
  #background: Background
  #theme: Theme

  constructor({ words, clock, keymap, configured, env }: LookParts) {
    const ascii = needsAscii(configured.ascii, env)
    const keyed = withLiveKeys(words, keymap)
    this.words = ascii ? asciiWords(keyed) : keyed
    this.clock = clock
    this.keymap = keymap
    this.configured = configured
    this.home = env['HOME'] ?? ''
    this.signs = ascii ? inAsciiSigns : (text) => text
    this.#env = env
    this.#name = configured.theme
    this.#background = toldBackground(env)
    this.#theme = this.#themeNow()
  }

  get theme(): Theme {
    return this.#theme
  }

  get themeName(): ThemeName {
    return this.#name
  }

  /** Whether the theme depends on the terminal's background. */
  get isByBackground(): boolean {
    const inColour = colourDepth(this.configured.colours, this.#env) !== 'none'
    return inColour && (this.#name === 'auto' || this.#name === 'colour-blind')
  }

  /** Another theme from now on. */
  setTheme(name: ThemeName): void {
    this.#name = name
    this.#theme = this.#themeNow()
  }

  /** What the terminal says it is; answers whether that changes anything. */
  setBackground(background: Background): boolean {
    if (background === this.#background) return false
    this.#background = background
    this.#theme = this.#themeNow()
    return true
  }

  #themeNow(): Theme {
    const depth = colourDepth(this.configured.colours, this.#env)
    return createTheme(paletteOf(this.#name, this.#background), depth)
  }
}
