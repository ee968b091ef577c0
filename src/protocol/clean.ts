/**
 * Text from others, made safe for terminals, logs and pipes. Taken away are escape sequences as
 * wholes, control characters beside tab and line feed, the characters that turn the direction of
 * what surrounds them (embeddings, overrides, isolates), and lone surrogates. Of CR LF the LF is left.
 */

/** C0 without tab and line feed, DEL, C1. */
const CONTROL = String.raw`[\0-\x08\x0b-\x1f\x7f-\x9f]`
const BIDI = String.raw`[\u202a-\u202e\u2066-\u2069]`
/** ECMA-48 control sequence: parameters, intermediates, a final byte. */
const CSI = String.raw`(?:\x1b\[|\x9b)[0-?]*[ -\/]*[@-~]`
/** OSC, DCS, SOS, PM, APC with their text, when it ends; a text has no control characters. */
const STRING = String.raw`(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\0-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c)`
/** Other escape sequences: intermediates and a final byte. */
const ESCAPE = String.raw`\x1b[ -\/]*[0-~]`

const SUSPECT = new RegExp(`${CONTROL}|${BIDI}`)
// A sequence is tried before the control characters that it is made of. In u mode \p{Cs} matches
// surrogates without a partner only.
const UNSAFE = new RegExp(String.raw`${CSI}|${STRING}|${ESCAPE}|${CONTROL}|${BIDI}|\p{Cs}`, 'gu')

/** Nothing else can be cleaned to nothing, and hardly a text that people write begins so. */
const BEGINS_ODDLY = new RegExp(String.raw`^(?:\s|${CONTROL}|${BIDI}|\p{Cs})`, 'u')

export function cleanText(text: string): string {
  if (!SUSPECT.test(text) && text.isWellFormed()) return text
  return text.replace(UNSAFE, '')
}

/** Whether who reads the text would see nothing of it: it has only blanks, and what is taken away. */
export function isEmptyOnceCleaned(text: string): boolean {
  return text === '' || (BEGINS_ODDLY.test(text) && cleanText(text).trim() === '')
}
