import { ChatError, type ErrorCode, messageOf } from '../../protocol/errors.ts'
import type { Look } from '../look.ts'

/** What went wrong, in words, and what would help where somebody can do something about it. */
export function inWords(error: unknown, { words }: Look): string {
  const text = messageOf(error)
  if (!(error instanceof ChatError)) return text
  const advice = (words.windows.advice as Partial<Record<ErrorCode, string>>)[error.code]
  return advice === undefined ? text : `${text}. ${advice}`
}
