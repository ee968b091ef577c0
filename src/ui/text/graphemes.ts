import { isPlain } from './plain.ts'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The grapheme clusters of `text`, what a person calls its characters. Joined they are `text`. */
export function graphemes(text: string): readonly string[] {
  if (isPlain(text)) return text.split('')
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** The first grapheme cluster of `text`; '' of none. */
export function firstGrapheme(text: string): string {
  if (isPlain(text.slice(0, 2))) return text.slice(0, 1)
  return segmenter.segment(text).containing(0)?.segment ?? ''
}
