/**
 * Ids on the port are texts: `~u…` for users, `~c…` for conversations, base 36 of the number that
 * is the key in the database. Nobody outside this folder may look into them.
 */

const RADIX = 36

/** The id of the user with that number. */
export function userText(id: number): string {
  return `~u${id.toString(RADIX)}`
}

/** The id of the conversation with that number. */
export function conversationText(id: number): string {
  return `~c${id.toString(RADIX)}`
}

/** The number in the id of a user, or undefined when the text is none. */
export function userNumber(text: string): number | undefined {
  return decoded(text, userText)
}

/** The number in the id of a conversation, or undefined when the text is none. */
export function conversationNumber(text: string): number | undefined {
  return decoded(text, conversationText)
}

function decoded(text: string, write: (id: number) => string): number | undefined {
  const number = Number.parseInt(text.slice(2), RADIX)
  return Number.isSafeInteger(number) && write(number) === text ? number : undefined
}
