import { nearWord } from '../../protocol/near-word.ts'
import type { ThemeName } from '../appearance/palettes.ts'
import { options } from '../configuration/options.ts'
import { type Context, notify } from '../context.ts'

const themes: readonly ThemeName[] = options.look.theme.values

/** `/theme NAME` at once, for this run; without a name the next one. */
export function setTheme(context: Context, argument: string): void {
  const { words, themeName } = context.look
  const wanted = argument.toLowerCase()
  const next = themes[(themes.indexOf(themeName) + 1) % themes.length]
  const name = wanted === '' ? next : themes.find((one) => one === wanted)
  if (name === undefined) {
    const known = themes.join(', ')
    throw new Error(words.configuration.noTheme(argument, known, nearWord(wanted, themes)))
  }
  context.setTheme(name)
  notify(context, 'info', words.configuration.theme(name))
}
