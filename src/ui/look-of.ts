import { type Catalogue, en } from './catalogue/en.ts'
import { createWallClock } from './clock.ts'
import type { Configuration } from './configuration/options.ts'
import { keymapOf } from './input/rebinding.ts'
import { showsLinks } from './log/hyperlink.ts'
import { LiveLook } from './look.ts'

/**
 * The look that the configuration and the terminal ask for. `words`: see `appearance/words`; English.
 * `zone`: of times; the system's.
 */
export function createLook(
  { look, keys }: Configuration,
  env: Readonly<Record<string, string | undefined>>,
  { words = en, zone }: Readonly<{ words?: Catalogue; zone?: string | undefined }> = {},
): LiveLook {
  return new LiveLook({
    words,
    clock: createWallClock(zone, words.locale),
    keymap: keymapOf(keys),
    configured: { ...look, links: look.links && showsLinks(env) },
    env,
  })
}
