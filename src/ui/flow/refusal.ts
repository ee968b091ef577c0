import { ChatError, type ErrorCode, messageOf } from '../../protocol/errors.ts'
import type { Look } from '../look.ts'

/** What went wrong, in words, and what would help where somebody can do something about it. */
export function inWords(error: unknown, { words }: Look): string {
  const text = sentence(messageOf(error))
  if (!(error instanceof ChatError)) return text
  const advice = (words.windows.advice as Partial<Record<ErrorCode, string>>)[error.code]
  return advice === undefined ? text : `${text} ${advice}`
}

/** The server, and what dials it, say things in half a line; the interface speaks in sentences. */
export function sentence(text: string): string {
  const begun = BEGINS.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text
  return /[.!?…]$/.test(begun) || begun === '' ? begun : `${begun}.`
}

/** What can begin a sentence and is no name: names stay as their owners write them. */
const BEGINS =
  /^(?:an?|the|th(?:is|at|ere)|you(?:r)?|nobody|one|only|no|not|in|at|too|to|log|name|nothing|it|something|somebody|somewhere|several|people|who|what|messages?|registration)\b/
