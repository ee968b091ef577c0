import { dark } from '../../src/ui/appearance/palettes.ts'
import { en } from '../../src/ui/catalogue/en.ts'
import { withLiveKeys } from '../../src/ui/catalogue/live-keys.ts'
import { createWallClock } from '../../src/ui/clock.ts'
import { defaults } from '../../src/ui/configuration/options.ts'
import { DEFAULT_BINDINGS } from '../../src/ui/input/bindings.ts'
import { createKeymap } from '../../src/ui/input/keymap.ts'
import type { Look } from '../../src/ui/look.ts'
import { createTheme } from '../../src/ui/theme.ts'

/** How a screen looks where nobody has configured anything, but for what a test says. */
export function lookOf(changes: Partial<Look> = {}): Look {
  const keymap = changes.keymap ?? createKeymap(DEFAULT_BINDINGS)
  return {
    theme: createTheme(dark, '16'),
    words: withLiveKeys(en, keymap),
    clock: createWallClock('UTC'),
    keymap,
    configured: defaults.look,
    themeName: 'dark',
    home: '',
    signs: (text) => text,
    ...changes,
  }
}
