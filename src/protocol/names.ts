import { NAME_CHARS_MAX } from './limits.ts'

/**
 * Rule 12: 1 to 32 Unicode letters, digits, '.', '_' and '-', beginning with a letter or digit.
 */
const NAME = /^[\p{L}\p{Nd}][\p{L}\p{Nd}._-]*$/u

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII, whatever it is.
const ASCII = /^[\x00-\x7f]*$/

/** The form in which a name is kept and shown: NFKC, without a leading `#`. */
export function nameOf(text: string): string {
  const name = text.normalize('NFKC').trim()
  return name.startsWith('#') ? name.slice(1) : name
}

/** The form in which names are compared: two names with one key are the same name. */
export function nameKey(name: string): string {
  // The same, and soon done: lists of thousands of names are searched with every key.
  if (ASCII.test(name)) return name.toLowerCase()
  // Down, up, down: the nearest to Unicode case folding that the language offers. Some letters have
  // no single capital (ß), others are one of which nothing is the small one (ẞ, ſ). And σ is ς at
  // the end of a word only, but the beginning of a name must be the beginning of its key.
  const folded = name.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase()
  return folded.replaceAll('ς', 'σ').normalize('NFKC')
}

/** What is wrong with a name, in words, or undefined when nothing is. */
export function nameFault(name: string): string | undefined {
  if (name === '') return 'a name cannot be empty'
  if ([...name].length > NAME_CHARS_MAX) return `a name has at most ${NAME_CHARS_MAX} characters`
  if (!NAME.test(name)) {
    return "a name has letters, digits, '.', '_' and '-', and begins with a letter or digit"
  }
  return undefined
}

/** Ids are opaque and begin with `~`, which no name can. */
export function isId(target: string): boolean {
  return target.startsWith('~')
}
