import { type Catalogue, en } from '../catalogue/en.ts'
import type { Configuration } from '../configuration/options.ts'
import { type Language, languageOf } from './language.ts'

/** English is always there; another language is loaded where it is spoken. */
const catalogues: Readonly<Record<Language, () => Catalogue | Promise<Catalogue>>> = {
  en: () => en,
  zh: async () => (await import('../catalogue/zh.ts')).zh,
}

/** The words in the language that the configuration and the environment ask for. */
export async function wordsFor(
  { look }: Pick<Configuration, 'look'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Catalogue> {
  return catalogues[languageOf(look.language, env)]()
}
