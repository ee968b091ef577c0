import { type Language, languageOf } from './appearance/language.ts'
import { type Catalogue, en } from './catalogue/en.ts'
import { createWallClock } from './clock.ts'
import type { Configuration } from './configuration/options.ts'
import { keymapOf } from './input/rebinding.ts'
import { showsLinks } from './log/hyperlink.ts'
import { LiveLook } from './look.ts'

/** The words of each language that there are; English stands in for the others. */
const catalogues: Readonly<Partial<Record<Language, Catalogue>>> = { en }

/** The look that the configuration and the terminal ask for. `zone`: of times; the system's. */
export function createLook(
  { look, keys }: Configuration,
  env: Readonly<Record<string, string | undefined>>,
  zone?: string,
): LiveLook {
  return new LiveLook({
    words: catalogues[languageOf(look.language, env)] ?? en,
    clock: createWallClock(zone),
    keymap: keymapOf(keys),
    configured: { ...look, links: look.links && showsLinks(env) },
    env,
  })
}
