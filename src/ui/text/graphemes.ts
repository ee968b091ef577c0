import { isPlain } from './plain.ts'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The grapheme clusters of `text`, what a person calls its characters. Joined they are `text`. */
export function graphemes(text: string): readonly string[] {
  if (isPlain(text)) return text.split('')
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}
