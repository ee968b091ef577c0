import { languageOf } from '../appearance/language.ts'
import { type LineWords, lineWords } from '../catalogue/en-line.ts'
import type { Configuration } from '../configuration/options.ts'

/** What is said in line mode alone, in the language that the configuration and the environment ask for. */
export async function lineWordsFor(
  { look }: Pick<Configuration, 'look'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<LineWords> {
  if (languageOf(look.language, env) === 'en') return lineWords
  return (await import('../catalogue/zh-line.ts')).zhLineWords
}
