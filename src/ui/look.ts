import type { Catalogue } from './catalogue/en.ts'
import type { WallClock } from './clock.ts'
import type { Configuration } from './configuration/options.ts'
import type { Keymap } from './input/keymap.ts'
import type { Theme } from './theme.ts'

/** How everything is shown: colours, words, times, and which keys there are. One for a whole run. */
export type Look = Readonly<{
  theme: Theme
  words: Catalogue
  clock: WallClock
  keymap: Keymap
  /** What the person has configured of it: Markdown, links, folding. */
  configured: Configuration['look']
}>
