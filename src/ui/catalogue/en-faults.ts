import { messageOf } from '../../protocol/errors.ts'

/** What went wrong, as the interface says it. */
export const faultWords = {
  /** In half a line, without a full stop. The server, and what dials it, speak English. */
  of: (error: unknown): string => messageOf(error),
  /** The same, where only the words were kept. */
  text: (text: string): string => text.replace(FILE, '$2 (cannot use $1)'),
  /** The server, and what dials it, say things in half a line; the interface speaks in sentences. */
  sentence: (text: string): string => {
    const begun = BEGINS.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text
    return /[.!?…]$/.test(begun) || begun === '' ? begun : `${begun}.`
  },
  /** A sentence, and what would help. */
  advised: (sentence: string, advice: string): string => `${sentence} ${advice}`,
}

/** What is wrong comes first. */
const FILE = /^cannot use (.+?): (.+)$/s

/** What can begin a sentence and is no name: names stay as their owners write them. */
const BEGINS =
  /^(?:an?|the|th(?:is|at|ere)|you(?:r)?|nobody|one|only|no|not|in|at|too|to|log|name|nothing|it|something|somebody|somewhere|several|people|who|what|messages?|registration)\b/
