import leven, { closestMatch } from 'leven'

/** The word that a person probably meant; undefined: none is near enough. */
export function nearWord(word: string, known: readonly string[]): string | undefined {
  const nearest = closestMatch(word, known)
  if (nearest === undefined || leven(word, nearest) > 1 + word.length / 4) return undefined
  return nearest
}

/** " (did you mean 'dark'?)", or '' where nothing is near enough. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearWord(word, known)
  return near === undefined ? '' : ` (did you mean '${near}'?)`
}
