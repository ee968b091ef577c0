export type Language = 'en' | 'zh'

/**
 * The language of the interface: the person's wish, else what the locale says; English otherwise.
 * Who reads traditional characters (zh_TW, zh_HK) gets simplified ones, the nearest that there are. A
 * terminal that cannot show either by itself, the Linux console or one of an older charset, is spoken
 * to in English.
 */
export function languageOf(
  wish: 'auto' | Language,
  env: Readonly<Record<string, string | undefined>>,
): Language {
  if (wish !== 'auto') return wish
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((it) => (it ?? '') !== '')
  return isChinese(locale ?? '') && showsChinese(env) ? 'zh' : 'en'
}

/** 'zh_CN.UTF-8', 'zh-Hans', 'zh'. */
function isChinese(locale: string): boolean {
  return /^zh(?:[-_.@]|$)/i.test(locale)
}

function showsChinese(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((it) => (it ?? '') !== '')
  const charset = /\.([^@]+)/.exec(locale ?? '')?.[1]
  return env['TERM'] !== 'linux' && (charset === undefined || /^utf-?8$/i.test(charset))
}
