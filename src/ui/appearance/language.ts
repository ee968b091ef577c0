export type Language = 'en' | 'zh'

/** The language of the interface: the person's wish, else what the locale says; English otherwise. */
export function languageOf(
  wish: 'auto' | Language,
  env: Readonly<Record<string, string | undefined>>,
): Language {
  if (wish !== 'auto') return wish
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((it) => (it ?? '') !== '')
  return /^zh/i.test(locale ?? '') ? 'zh' : 'en'
}
