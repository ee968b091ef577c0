import { ChatError, type ErrorCode } from '../../protocol/errors.ts'
import type { Look } from '../look.ts'

/** What went wrong, in words, and what would help where somebody can do something about it. */
export function inWords(error: unknown, { words: { faults, windows } }: Look): string {
  const text = faults.sentence(faults.of(error))
  if (!(error instanceof ChatError)) return text
  const advice = (windows.advice as Partial<Record<ErrorCode, string>>)[error.code]
  return advice === undefined ? text : faults.advised(text, advice)
}
